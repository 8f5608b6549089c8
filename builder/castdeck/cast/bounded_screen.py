"""pyte's screen, on which no flood of short sequences takes long."""

from collections import deque
from collections.abc import Callable
from typing import Any
from unicodedata import combining

import pyte
from pyte.screens import Char, StaticDefaultDict

_WORK_AT_FIRST = 500_000  # rows or letters that may be moved, erased or looked at
_WORK_EACH = 100  # the same, for each character shown
_MOST_MARKS = 8  # accents on one letter

Row = StaticDefaultDict[int, Char]


class _Rows(dict[int, Row]):
    """The rows of a screen by their number, made when they are asked for. To move all of them up costs nothing."""

    def __init__(self, make: Callable[[], Row]) -> None:
        super().__init__()
        self._make, self._above = make, 0

    def __getitem__(self, y: int) -> Row:
        try:
            return super().__getitem__(self._above + y)
        except KeyError:
            row = self._make()
            super().__setitem__(self._above + y, row)
            return row

    def __setitem__(self, y: int, row: Row) -> None:
        super().__setitem__(self._above + y, row)

    def __contains__(self, y: object) -> bool:
        return isinstance(y, int) and super().__contains__(self._above + y)

    def pop(self, y: int, *default: Any) -> Any:
        """Remove the row with that number, and return it."""
        return super().pop(self._above + y, *default)

    def move_up(self) -> None:
        """Have each row in the place of the one above it. The first is gone."""
        super().pop(self._above, None)
        self._above += 1


class BoundedScreen(pyte.Screen):
    """A screen that does only so much work.

    Each character shown earns some; once that is spent, sequences that move rows or letters are ignored. So is DECALN,
    three bytes that fill the screen with the letter E. Erased rows are removed, so that each letter is visited once.
    """

    def __init__(self, cols: int, rows: int) -> None:
        self.work = _WORK_AT_FIRST  # that is left
        self._marks = 0
        super().__init__(cols, rows)
        self.buffer: _Rows = _Rows(lambda: StaticDefaultDict(self.default_char))

    def earn(self, characters: int) -> None:
        """Add the work that so many characters shown allow."""
        self.work += _WORK_EACH * characters

    def spends(self, work: int) -> bool:
        """Take off so much work, if it is left. Whether it was."""
        is_left = work <= self.work
        self.work -= work if is_left else 0
        return is_left

    def draw(self, data: str) -> None:
        """Draw text; of marks that are combined with one letter, the first few."""
        if data.isascii():
            self._marks = 0
        else:
            data = "".join(filter(self._is_drawn, data))
        super().draw(data)

    def _is_drawn(self, letter: str) -> bool:
        self._marks = self._marks + 1 if combining(letter) else 0
        return self._marks <= _MOST_MARKS

    def index(self) -> None:
        """Move the cursor down, or the rows up: their letters stay as they are."""
        top, bottom = self.margins or (0, self.lines - 1)
        if self.cursor.y != bottom:
            super().index()
        elif not self.margins or self.spends(bottom - top):
            changed, self.dirty = self.dirty, set()
            if self.margins:
                super().index()
            else:
                self.buffer.move_up()
            is_all = len(changed) >= self.lines
            self.dirty = changed if is_all else {y - (top < y <= bottom) for y in changed if y != top} | {bottom}

    def reverse_index(self) -> None:
        """Move the cursor up, or the rows down."""
        if self.spends(self.lines):
            super().reverse_index()

    def insert_lines(self, count: int | None = None) -> None:
        """Move the rows below the cursor down."""
        if self.spends(self.lines):
            super().insert_lines(count)

    def delete_lines(self, count: int | None = None) -> None:
        """Move the rows below the cursor up."""
        if self.spends(self.lines):
            super().delete_lines(count)

    def insert_characters(self, count: int | None = None) -> None:
        """Move the letters from the cursor on to the right."""
        self._move_letters(self.cursor.x, count or 1)

    def delete_characters(self, count: int | None = None) -> None:
        """Move the letters after the cursor to the left."""
        self._move_letters(self.cursor.x + (count or 1), -(count or 1))

    def _move_letters(self, first: int, steps: int) -> None:
        """Move the letters of the cursor's row from `first` on. Only those that were drawn are visited."""
        row = self.buffer[self.cursor.y]
        if self.spends(len(row) + 1):
            self.dirty.add(self.cursor.y)
            letters = {x: row.pop(x) for x in list(row) if x >= self.cursor.x}
            row |= {x + steps: letter for x, letter in letters.items() if x >= first and x + steps < self.columns}

    def erase_characters(self, count: int | None = None) -> None:
        """Erase letters from the cursor on."""
        if self.spends(self.columns):
            super().erase_characters(count)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Erase a part of the cursor's row, or all of it."""
        if self.spends(self.columns):
            super().erase_in_line(how, private)

    def tab(self) -> None:
        """Move the cursor to the next stop."""
        if self.spends(len(self.tabstops)):
            super().tab()

    def alignment_display(self) -> None:
        """Leave the screen as it is."""

    def erase_in_display(self, how: int = 0, *rest: object, **options: object) -> None:
        """Erase the rows above the cursor (1), below it (0), or all (2, 3), with the part of the cursor's row."""
        if not self.spends(self.lines):
            return
        whole = {0: range(self.cursor.y + 1, self.lines), 1: range(self.cursor.y)}.get(how, range(self.lines))
        for y in whole:
            self.buffer.pop(y, None)
        super().erase_in_display(how, **options)


class ScrollingScreen(BoundedScreen):
    """A screen that keeps the text of what leaves it."""

    def __init__(self, gone: deque[str], cols: int, rows: int) -> None:
        super().__init__(cols, rows)
        self._gone = gone

    def index(self) -> None:
        """Move the cursor down, or all rows up."""
        if self.cursor.y == self.lines - 1 and not self.margins:
            row = self.buffer[0]
            self._gone.append("".join(row[x].data for x in range(max(row, default=-1) + 1)))
        super().index()
