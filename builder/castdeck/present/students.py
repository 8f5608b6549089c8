"""The students of a class: who is there, on which slide, with what machine; for the trainer's page."""

import asyncio
import itertools
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from castdeck.present.hub import Hub, Page, Role
from castdeck.serve.said import slide_number
from castdeck.terminals.terminal import LiveTerminal

_MOST_NAME = 60
LOOK, TYPE = "look", "type"
SHARES = ("", LOOK, TYPE)
_EACH = 0.5  # seconds


@dataclass
class Student:
    """One browser of the class. `title` and `number` are of the slide that it shows; of `done` the checks are done.

    `seat` names it to the trainer's page; `share` is what they let the trainer do with their terminal:
    nothing, LOOK, or TYPE along.
    """

    seat: int
    name: str = ""
    number: int = 0
    title: str = ""
    hand: bool = False
    done: frozenset[str] = frozenset()
    share: str = ""


class Students:
    """Keeps the students as their pages say it, and tells the trainers' pages of each change.

    `most` is how many there may be; `terminals` gives the live terminals that there are.
    """

    def __init__(self, hub: Hub, most: int, terminals: Callable[[], Iterable[LiveTerminal]]) -> None:
        self._hub, self._most, self._terminals = hub, most, terminals
        self._all: dict[str, Student] = {}
        self._seats = itertools.count(1)
        hub.on(Role.STUDENT, "name", self._named)
        hub.on(Role.STUDENT, "at", self._moved)
        hub.on(Role.STUDENT, "hand", self._raised)

    def enter(self, id: str) -> str:
        """The id of a browser that comes, or comes back: a new one where it has none; "" when the class is full.

        One that only fetched the page, and never showed it, keeps no other one out.
        """
        if id in self._all:
            return id
        if len(self._all) >= self._most:
            here = self._hub.visitors(Role.STUDENT)
            unseen = next((one for one, student in self._all.items() if not student.number and one not in here), None)
            if unseen is None:
                return ""
            del self._all[unseen]
        new = secrets.token_urlsafe(18)
        self._all[new] = Student(next(self._seats))
        return new

    def of(self, id: str) -> Student | None:
        """The student of that id."""
        return self._all.get(id)

    def seated(self, seat: str) -> tuple[str, Student | None]:
        """The id and the student of that seat."""
        return next(((id, student) for id, student in self._all.items() if str(student.seat) == seat), ("", None))

    def knows(self, id: str) -> bool:
        """Whether it is a student of this class."""
        return id in self._all

    def checked(self, id: str, slide: str, is_done: bool) -> None:
        """A student has had the checks of a slide run."""
        if student := self._all.get(id):
            student.done = student.done | {slide} if is_done else student.done - {slide}

    async def tell_changes(self) -> None:
        """Tell the trainers' pages how it stands, whenever that has changed or a page has come, until cancelled."""
        told: object = None
        while True:
            now = (self._hub.count(Role.TRAINER), self.message())
            if now != told:
                self._hub.tell(Role.TRAINER, now[1])
                told = now
            await asyncio.sleep(_EACH)

    def message(self) -> dict[str, object]:
        """How it stands with all of them; raised hands first."""
        own = {terminal.owner: terminal for terminal in self._terminals()}
        here = self._hub.visitors(Role.STUDENT)
        rows = [_row(student, id in here, own.get(id)) for id, student in self._all.items()]
        done = Counter(slide for student in self._all.values() for slide in student.done)
        return {
            "students": sorted(rows, key=lambda row: (not row["hand"], str(row["name"]).casefold())),
            "done": dict(sorted(done.items())),
        }

    def _named(self, page: Page, name: object) -> None:
        if isinstance(name, str) and page.visitor in self._all:
            self._all[page.visitor].name = _plain(name)

    def _moved(self, page: Page, at: object) -> None:
        place = at if isinstance(at, Mapping) else {}
        number = slide_number(place.get("number"))
        if number is not None and page.visitor in self._all:
            student, title = self._all[page.visitor], place.get("title")
            student.number, student.title = number, _plain(title) if isinstance(title, str) else ""

    def _raised(self, page: Page, hand: object) -> None:
        if isinstance(hand, bool) and page.visitor in self._all:
            self._all[page.visitor].hand = hand


def _plain(text: str) -> str:
    """The beginning of a text of a student's, without what can't be seen."""
    return "".join(filter(str.isprintable, text[: 10 * _MOST_NAME]))[:_MOST_NAME].strip()


def _row(student: Student, is_here: bool, terminal: LiveTerminal | None) -> dict[str, object]:
    row: dict[str, object] = {
        "seat": student.seat,
        "name": student.name,
        "number": student.number,
        "title": student.title,
        "hand": student.hand,
        "here": is_here,
        "done": sorted(student.done),
        "share": student.share,
    }
    if terminal:
        state, shell = terminal.state, terminal.shell
        row |= {"machine": state, "doing": terminal.doing, "busy": shell.is_busy, "status": shell.status}
    return row
