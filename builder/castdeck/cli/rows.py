"""Rows at the bottom of a terminal that change while something runs; all else is printed above them.

Between two drawings the cursor waits at the start of the first row. So a ^C that the terminal echoes wraps nothing, and
when the window gets narrower, and the terminal wraps the rows anew, all of them are still below the cursor.
"""

from collections.abc import Callable, Sequence
from io import StringIO
from typing import TextIO

from rich.console import Console
from rich.text import Text

from castdeck.cli.tty import Size, is_terminal, is_unicode, terminal_size

_HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
_CLEAR_BELOW = "\x1b[J"
_CLEAR_TO_END = "\x1b[K"
_HANGING = 2  # columns further to the right than its beginning: the rest of a line
_NARROWEST = 20  # columns of text worth being wrapped


class Rows:
    """The rows on the terminal that `file` leads to, in the colours of `console`; for one thread."""

    def __init__(self, file: TextIO, console: Console, size: Callable[[], Size] | None = None) -> None:
        self._file, self._size = file, size or (lambda: terminal_size(file))
        self._buffer = StringIO()
        self._pen = Console(
            file=self._buffer,
            force_terminal=True,
            color_system=console.color_system,  # type: ignore[arg-type]
            no_color=console.no_color,
            highlight=False,
            soft_wrap=True,
            width=1000,
        )
        self._drawn: Size | None = None

    @property
    def width(self) -> int:
        """The columns that a row may take: the last one stays empty, so that no terminal wraps it."""
        return self._size()[0] - 1

    def draw(self, rows: Sequence[Text]) -> None:
        """Show these rows instead of those that are there. What does not fit is cut."""
        cols, lines = size = self._size()
        rows = rows[: max(1, lines - 1)]
        out = "\r" if self._drawn == size else "\r" + _CLEAR_BELOW
        if self._drawn is None:
            out = _HIDE_CURSOR + out
        out += (_CLEAR_TO_END + "\r\n").join(self._cut(row, cols - 1) for row in rows)
        out += _CLEAR_BELOW + (f"\x1b[{len(rows) - 1}A" if len(rows) > 1 else "") + "\r"
        self._drawn = size
        self._write(out)

    def print(self, text: Text) -> None:
        """Print lines that stay, above the rows, which are to be drawn again."""
        lines = wrapped(text, self._size()[0], self._pen) if is_terminal(self._file) else text
        self._write(("\r" + _CLEAR_BELOW if self._drawn else "") + self._painted(lines) + "\n")

    def clear(self) -> None:
        """Take the rows away and show the cursor."""
        if self._drawn:
            self._drawn = None
            self._write("\r" + _CLEAR_BELOW + SHOW_CURSOR)

    def _cut(self, row: Text, width: int) -> str:
        row = row.copy()
        row.truncate(max(1, width), overflow="ellipsis" if is_unicode(self._file) else "crop")
        return self._painted(row)

    def _painted(self, text: Text) -> str:
        self._pen.print(text, end="")
        painted = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return painted

    def _write(self, text: str) -> None:
        self._file.write(text)
        self._file.flush()


def wrapped(text: Text, cols: int, console: Console) -> Text:
    """The text with lines that fit, broken between words; what is broken off stands below its line's beginning."""
    lines: list[Text] = []
    for line in text.split("\n", allow_blank=True):
        indent = len(line.plain) - len(line.plain.lstrip(" "))
        if line.cell_len <= cols or cols < indent + _NARROWEST:
            lines.append(line)
            continue
        first, *rest = line[indent:].wrap(console, cols - indent - _HANGING)
        lines.append(Text(" " * indent) + first)
        lines += [Text(" " * (indent + _HANGING)) + one for one in rest]
    for line in lines:
        line.rstrip()
    return Text("\n").join(lines)


def spinner(file: TextIO) -> str:
    """The frames of a spinner that can be written there."""
    return "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏" if is_unicode(file) else "-\\|/"
