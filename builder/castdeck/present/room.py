"""What happens in a room: the page on the wall says where it is, the phone sees that and moves it."""

import secrets
from collections.abc import Callable
from time import monotonic

from castdeck.present.hub import Hub, Page, Role
from castdeck.serve.said import slide_number

ACTIONS = ("next", "previous", "toggle", "black")


class Room:
    """One presentation. `hub` has its pages; `id` tells a page that the server was started anew since it was loaded.

    `shows` is told the number, from 0, of each slide that is on the wall.
    """

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        shows: Callable[[int], None] = lambda number: None,
        *,
        has_class: bool = False,
    ) -> None:
        self.id = secrets.token_urlsafe(9)
        self.hub = Hub(self._greet, self._tell_connected)
        self.hub.on(Role.STAGE, "now", self._moved)
        self.hub.on(Role.STAGE, "place", self._went)
        self.hub.on(Role.REMOTE, "do", self._asked)
        self._clock = clock
        self._has_class = has_class
        self._shows = shows
        self._now: object = None
        self._on_wall: object = None
        self._is_terminal_shown = False
        self._began: float | None = None

    def _greet(self, page: Page) -> None:
        page.tell({"room": self.id})
        if page.role is Role.STAGE and self._has_class:
            page.tell({"class": True})
        if page.role is Role.REMOTE and self._now is not None:
            page.tell(self._place())
        if page.role is Role.STUDENT and self._on_wall is not None:
            page.tell({"follow": self._on_wall})
        if page.role is Role.STUDENT:
            page.tell({"wall": self._is_terminal_shown})

    def show(self, is_shown: bool) -> None:
        """Tell the class whether it may look at a terminal of the trainer's."""
        self._is_terminal_shown = is_shown
        self.hub.tell(Role.STUDENT, {"wall": is_shown})

    def _went(self, _: Page, place: object) -> None:
        if not isinstance(place, str):
            return
        self._on_wall = place
        self.hub.tell(Role.STUDENT, {"follow": place})

    def _tell_connected(self) -> None:
        self.hub.tell(Role.REMOTE, {"stages": self.hub.count(Role.STAGE)})

    def _moved(self, _: Page, now: object) -> None:
        if not isinstance(now, dict):
            return
        if self._began is None and self._now is not None:
            self._began = self._clock()
        self._now = now
        number = slide_number(now.get("number"))
        if number:
            self._shows(number - 1)
        self.hub.tell(Role.REMOTE, self._place())

    def _place(self) -> dict[str, object]:
        running = 0.0 if self._began is None else self._clock() - self._began
        return {"now": self._now, "running": round(running, 1)}

    def _asked(self, _: Page, action: object) -> None:
        if action in ACTIONS:
            self.hub.tell(Role.STAGE, {"do": action})
