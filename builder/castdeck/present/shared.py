"""Which terminals others may look at: the trainer's one that is shown to the class, and those that students share."""

from collections.abc import Callable

from castdeck.present.hub import Page, Role
from castdeck.present.room import Room
from castdeck.present.students import LOOK, SHARES, TYPE, Student, Students
from castdeck.terminals.attend import Watched
from castdeck.terminals.hall import Hall
from castdeck.terminals.terminal import LiveTerminal


class Shared:
    """Takes from the pages what they share: the trainer one terminal of his own, a student theirs, until they take it
    back."""

    def __init__(self, room: Room, hall: Hall, students: Students) -> None:
        self._room, self._hall, self._students = room, hall, students
        self._shown: LiveTerminal | None = None
        room.hub.on(Role.STAGE, "show", self._show)
        room.hub.on(Role.STUDENT, "share", self._share)
        room.hub.on(Role.TRAINER, "ask", self._ask)

    def of_trainer(self, _: str) -> Watched | None:
        """What the class may look at."""
        shown = self._shown
        return Watched(shown, lambda: self._shown is shown) if shown else None

    def of_student(self, seat: str) -> Watched | None:
        """What the trainer may look at: the terminal of the student of that seat, if it is shared."""
        id, student = self._students.seated(seat)
        terminal = next((one for one in self._hall.terminals if id and one.owner == id), None)
        if student is None or terminal is None or student.share not in (LOOK, TYPE):
            return None
        return Watched(terminal, _shares(student, LOOK, TYPE), _shares(student, TYPE))

    def _show(self, _: Page, id: object) -> None:
        before, own = self._shown, [one for one in self._hall.terminals if not one.owner]
        self._shown = next((one for one in own if one.id == id), None)
        self._room.show(self._shown is not None)
        if before:
            before.tell()  # its watchers go

    def _share(self, page: Page, share: object) -> None:
        student = self._students.of(page.visitor)
        if student and share in SHARES:
            student.share = share
            for terminal in self._hall.terminals:
                if terminal.owner == page.visitor:
                    terminal.tell()

    def _ask(self, _: Page, seat: object) -> None:
        id, student = self._students.seated(str(seat))
        if student:
            self._room.hub.tell(Role.STUDENT, {"asked": True}, id)


def _shares(student: Student, *kinds: str) -> Callable[[], bool]:
    return lambda: student.share in kinds
