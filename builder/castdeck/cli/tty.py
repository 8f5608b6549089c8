"""What the terminals of this process are: whether somebody sees and answers, how large they are, what they can draw."""

import os
import sys
from typing import TextIO

from rich.console import Console

Size = tuple[int, int]

stderr = Console(stderr=True, highlight=False, soft_wrap=True)
"""Knows TERM, NO_COLOR and the other variables that users set."""


def somebody_answers() -> bool:
    """Whether a question gets an answer: stdin is a terminal."""
    return is_terminal(sys.stdin)


def is_interactive() -> bool:
    """Whether keys can be passed on, and what they do be shown: stdin and stdout are a terminal."""
    return is_terminal(sys.stdin) and is_terminal(sys.stdout)


def has_rows() -> bool:
    """Whether stderr is a terminal on which rows can be drawn again."""
    return stderr.is_terminal and not stderr.is_dumb_terminal and not stderr.legacy_windows


def has_colors() -> bool:
    """Whether stderr is a terminal whose user wants colours."""
    return stderr.is_terminal and not stderr.no_color


def is_terminal(file: TextIO) -> bool:
    """Whether it is a terminal."""
    return file.isatty()


def terminal_size(file: TextIO) -> Size:
    """The columns and lines of a terminal; 80 and 24 where it does not know them."""
    try:
        size = os.get_terminal_size(file.fileno())
    except (OSError, ValueError):
        return 80, 24
    return size.columns or 80, size.lines or 24


def is_in_foreground(file: TextIO) -> bool:
    """Whether the shell that shares the terminal waits for this process: rows would else stand in its way."""
    if sys.platform == "win32":
        return True
    try:
        return os.tcgetpgrp(file.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


def is_unicode(file: TextIO) -> bool:
    """Whether any letter can be written there."""
    return (file.encoding or "").lower().replace("-", "") == "utf8"
