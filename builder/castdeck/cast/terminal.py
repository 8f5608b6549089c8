"""A terminal drawn in memory, for what a program shows to become text: pyte, kept from what it does not know.

pyte draws parts of control sequences that it does not know, or fails, and has no second screen. The sequences have the
form that ECMA-48 (5.4 and 5.6) gives them: https://ecma-international.org/publications-and-standards/standards/ecma-48/
The second screen is xterm's: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
"""

import re
from collections.abc import Iterable

import pyte

OTHER_SCREEN = re.compile(r"\x1b\[\?(?:1049|1047|47)([hl])")
_STRING = re.compile(r"\x1b[PX^_].*?(?:\x1b\\|\x07|\x18|\x1a)", re.DOTALL)
_ENDS = ("\x1b\\", "\x07", "\x18", "\x1a")
_CONTROL = re.compile(r"\x1b\[(?P<private>[<-?]*)(?P<numbers>[0-9:;]*)(?P<between>[ -/]*)(?P<final>[@-~]?)")
_OPEN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[PX^_].*)?\Z", re.DOTALL)
_NUMBERS = {**dict.fromkeys("@ABCDEFGLMPXadeg'`", 0), **dict.fromkeys("Hfr", 1)}  # semicolons that may stand between


DRAWN = 64_000
"""Characters of a text that are drawn; of a longer one the beginning and the end."""


def abridged(text: str, most: int = DRAWN) -> tuple[str, str, str]:
    """The text's beginning, what is left out of it to make it short enough to be drawn, and its end.

    It is cut at line ends where there are any.
    """
    if len(text) <= most:
        return text, "", ""
    half = most // 2
    start = text.rfind("\n", 0, half) + 1 or half
    end = text.find("\n", len(text) - half) + 1 or len(text) - half
    return text[:start], text[start:end], text[end:]


class VirtualTerminal:
    """A terminal of `cols` columns and `rows` rows."""

    def __init__(self, cols: int, rows: int) -> None:
        self._cols, self._rows = cols, rows
        self._screen = self._first = pyte.Screen(cols, rows)
        self._stream = pyte.Stream(self._screen)
        self._held = ""
        self.was_taken_whole = False

    def feed(self, shown: str) -> None:
        """Draw what a program shows. A control sequence may be cut anywhere: the next call has the rest of it."""
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
        """What stands on the screen: each row, filled up with blanks to the terminal's columns."""
        drawn = self._screen.buffer
        blank = " " * self._cols
        return tuple(self._row(y, self._cols).ljust(self._cols) if drawn.get(y) else blank for y in range(self._rows))

    @property
    def cursor(self) -> int:
        """Where the cursor stands in the joined `lines`."""
        x, y = self._screen.cursor.x, self._screen.cursor.y
        return y * self._cols + len(self._row(y, x))

    @property
    def is_on_other_screen(self) -> bool:
        """Whether a program shows its own screen now, in place of the shell's."""
        return self._screen is not self._first

    def cells(self) -> tuple[tuple[pyte.screens.Char, ...], ...]:
        """Each row's characters with their colours, up to the last one that was drawn."""
        rows = (self._screen.buffer[y] for y in range(self._rows))
        return tuple(tuple(row[x] for x in range(max(row, default=-1) + 1)) for row in rows)

    def take_reach(self) -> tuple[int, int]:
        """The columns and rows up to what was drawn since the last call, or to the cursor."""
        screen = self._screen
        cols, rows = screen.cursor.x + 1, screen.cursor.y + 1
        for y in screen.dirty:
            drawn = [x for x, char in screen.buffer[y].items() if char.data != " "]
            if drawn:
                rows, cols = max(rows, y + 1), max(cols, max(drawn) + 1)
        screen.dirty.clear()
        return min(cols, self._cols), min(rows, self._rows)

    def _row(self, y: int, cols: int) -> str:
        row = self._screen.buffer[y]
        return "".join(row[x].data for x in range(cols))

    def _change_screen(self, is_other: bool) -> None:
        self.was_taken_whole = True
        self._screen = pyte.Screen(self._cols, self._rows) if is_other else self._first
        self._stream = pyte.Stream(self._screen)


def _without_strings(shown: str) -> str:
    """The text without the strings of ECMA-48 that end in it. No search runs past the last of their ends."""
    end = max(shown.rfind(end) + len(end) for end in _ENDS)
    return _STRING.sub("", shown[:end]) + shown[end:]


def trimmed(lines: Iterable[str]) -> list[str]:
    """The lines without the blanks at their ends and the empty lines after the last."""
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _shortened(opened: str) -> str:
    """What has to be kept of a sequence that is not complete: of a string only that it is one, and how it may end."""
    return opened if opened[1:2] not in "PX^_" else opened[:2] + "\x1b" * (len(opened) > 2 and opened[-1] == "\x1b")


def _known(control: re.Match[str]) -> str:
    """The control sequence if pyte knows it, else nothing."""
    return control[0] if _is_known(**control.groupdict()) else ""


def _is_known(private: str, numbers: str, between: str, final: str) -> bool:
    if not final or between or ":" in numbers or private not in ("", "?"):
        return False
    if private:
        return final in "hl"
    if final in "JK":
        return numbers in ("", "0", "1", "2") or (final, numbers) == ("J", "3")
    return final in "hlm" or numbers.count(";") <= _NUMBERS.get(final, -1)
