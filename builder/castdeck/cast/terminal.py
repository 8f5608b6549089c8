"""A terminal in memory, which turns output into text: pyte, protected from sequences it can't handle.

pyte prints parts of unknown control sequences, or fails, and has no alternate screen. The syntax of control sequences
is that of ECMA-48 (5.4 and 5.6): https://ecma-international.org/publications-and-standards/standards/ecma-48/
The alternate screen is xterm's: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
"""

import re
from collections import deque
from collections.abc import Iterable

import pyte

from castdeck.cast.bounded_screen import BoundedScreen, ScrollingScreen

OTHER_SCREEN = re.compile(r"\x1b\[\?(?:1049|1047|47)([hl])")
_STRING = re.compile(r"\x1b[PX^_].*?(?:\x1b\\|\x07|\x18|\x1a)", re.DOTALL)
COLOURS = re.compile(r"\x1b\[[0-9;:]*m")
_ENDS = ("\x1b\\", "\x07", "\x18", "\x1a")
_CONTROL = re.compile(r"\x1b\[(?P<private>[<-?]*)(?P<numbers>[0-9:;]*)(?P<between>[ -/]*)(?P<final>[@-~]?)")
_PLACED = re.compile(r"\x1b(?:M|\[\d*(?:;\d*)?[Hfd])")  # the cursor, at a place of the screen
_OPEN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[PX^_].*)?\Z", re.DOTALL)
_NUMBERS = {**dict.fromkeys("@ABCDEFGLMPXadeg'`", 0), **dict.fromkeys("Hfr", 1)}  # semicolons that are allowed
_WHOLE_SCREEN = frozenset(("3", "5"))  # modes: another width, all colours inverse

DRAWN = 64_000
"""Characters that are drawn; of a longer text, only the beginning and the end."""

DRAWN_TOGETHER = 4 * DRAWN
"""Characters that are drawn of all commands of a cast."""


def abridged(text: str, most: int = DRAWN) -> tuple[str, str, str]:
    """Split a text that is too long to be drawn into its beginning, a middle part to leave out, and its end.

    Cuts at line ends if there are any.
    """
    if len(text) <= most:
        return text, "", ""
    half = most // 2
    start = text.rfind("\n", 0, half) + 1 or half
    end = text.find("\n", len(text) - half) + 1 or len(text) - half
    return text[:start], text[start:end], text[end:]


def places_text(shown: str) -> bool:
    """Whether a program puts text at places of the screen, so that the screen's height matters."""
    return bool(_PLACED.search(shown))


class VirtualTerminal:
    """A terminal of `cols` columns and `rows` rows, which keeps so many of the rows that have left it at the top."""

    def __init__(self, cols: int, rows: int, kept: int = 0) -> None:
        self._cols, self._rows = cols, rows
        self._gone: deque[str] = deque(maxlen=kept)
        self._screen = self._first = ScrollingScreen(self._gone, cols, rows) if kept else BoundedScreen(cols, rows)
        self._stream = pyte.Stream(self._screen)
        self._held = ""
        self.was_taken_whole = False

    def feed(self, shown: str) -> None:
        """Draw output. Control sequences may be split between calls."""
        self._screen.earn(len(shown))
        shown = _without_strings(self._held + shown.replace("\x9b", "\x1b["))
        opened = _OPEN.search(shown)
        self._held = _shortened(opened[0]) if opened else ""
        shown = _CONTROL.sub(_known, shown[: opened.start()] if opened else shown)
        drawn = 0
        for change in OTHER_SCREEN.finditer(shown):
            self._stream.feed(shown[drawn : change.start()])
            self._change_screen(change[1] == "h")
            drawn = change.end()
        self._stream.feed(shown[drawn:])

    @property
    def lines(self) -> tuple[str, ...]:
        """The rows on the screen, padded with blanks to the terminal's width."""
        drawn = self._screen.buffer
        blank = " " * self._cols
        return tuple(
            self._row(y, self._cols).ljust(self._cols) if y in drawn and drawn[y] else blank for y in range(self._rows)
        )

    @property
    def gone(self) -> tuple[str, ...]:
        """The rows that have left the screen at the top, as far as they are kept."""
        return tuple(self._gone)

    @property
    def cursor(self) -> int:
        """The cursor's position in the joined `lines`."""
        x, y = self._screen.cursor.x, self._screen.cursor.y
        return y * self._cols + len(self._row(y, x))

    @property
    def is_on_other_screen(self) -> bool:
        """Whether the alternate screen is shown."""
        return self._screen is not self._first

    def cells(self) -> tuple[tuple[pyte.screens.Char, ...], ...]:
        """The characters of each row with their colours, up to the last one drawn."""
        rows = (self._screen.buffer[y] for y in range(self._rows))
        return tuple(tuple(row[x] for x in range(max(row, default=-1) + 1)) for row in rows)

    def take_reach(self, *, at_last: bool = False) -> tuple[int, int]:
        """The columns and rows reached by output or the cursor since the last call.

        Where few characters change many places, again and again, these are looked at later, or `at_last`.
        """
        screen = self._screen
        cols, rows = screen.cursor.x + 1, screen.cursor.y + 1
        if at_last or screen.spends(len(screen.dirty) * self._cols):
            for y in screen.dirty:
                drawn = [x for x, char in screen.buffer[y].items() if char.data != " "]
                if drawn:
                    rows, cols = max(rows, y + 1), max(cols, max(drawn) + 1)
            screen.dirty.clear()
        return min(cols, self._cols), min(rows, self._rows)

    def can_be_copied(self) -> bool:
        """Whether enough was shown, since the screen was last copied, for it to be copied again."""
        return self._screen.spends(self._cols * self._rows)

    def _row(self, y: int, cols: int) -> str:
        row = self._screen.buffer[y]
        return "".join(row[x].data for x in range(cols))

    def _change_screen(self, is_other: bool) -> None:
        self.was_taken_whole = True
        work = self._screen.work
        self._screen = BoundedScreen(self._cols, self._rows) if is_other else self._first
        self._screen.work = work
        self._stream = pyte.Stream(self._screen)


def _without_strings(shown: str) -> str:
    """Remove ECMA-48 control strings that are complete. Linear: nothing is searched past the last terminator."""
    end = max(shown.rfind(end) + len(end) for end in _ENDS)
    return _STRING.sub("", shown[:end]) + shown[end:]


def trimmed(lines: Iterable[str]) -> list[str]:
    """The lines without trailing blanks and trailing empty lines."""
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _shortened(opened: str) -> str:
    """The part of an incomplete sequence that has to be kept: of a string, only its introducer and a partial
    terminator."""
    return opened if opened[1:2] not in "PX^_" else opened[:2] + "\x1b" * (len(opened) > 2 and opened[-1] == "\x1b")


def _known(control: re.Match[str]) -> str:
    """The control sequence if pyte supports it, else nothing."""
    return control[0] if _is_known(**control.groupdict()) else ""


def _is_known(private: str, numbers: str, between: str, final: str) -> bool:
    if not final or between or ":" in numbers or private not in ("", "?"):
        return False
    if private:
        return final in "hl" and _WHOLE_SCREEN.isdisjoint(numbers.split(";"))
    if final in "JK":
        return numbers in ("", "0", "1", "2") or (final, numbers) == ("J", "3")
    return final in "hlm" or numbers.count(";") <= _NUMBERS.get(final, -1)
