"""What a process finds when it starts, and leaves when it ends: its standard streams and its temporary files."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from castdeck.cli.rows import SHOW_CURSOR
from castdeck.leftovers import own_folder, remove_left

if sys.platform != "win32":
    import termios

_FOLDER = "castdeck-run-"


def open_standard_streams() -> None:
    """Have all three, also where the caller closed one (`>&-`): nothing else may get its number.

    What can't be said in their encoding is escaped.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, closefd=False, encoding="utf-8"))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):  # a full disk, with text of the caller's: `result` says so
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def discard_stdout() -> None:
    """What is left to be written to stdout goes nowhere, also when Python ends: nobody can read it any more."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Modes:
    """How the terminal was when the process began."""

    def __init__(self) -> None:
        self._before: dict[int, list[Any]] = {}
        if sys.platform == "win32":
            return
        for number in (0, 2):
            with suppress(termios.error):
                self._before[number] = termios.tcgetattr(number)

    def restore(self) -> None:
        """Put the terminal back, with its cursor, from any thread."""
        if sys.platform == "win32":
            return
        for number, modes in self._before.items():
            with suppress(OSError, termios.error):
                if os.tcgetpgrp(number) == os.getpgrp():
                    termios.tcsetattr(number, termios.TCSANOW, modes)
                    if number == 2:
                        os.write(number, SHOW_CURSOR.encode())


@contextmanager
def own_temporary_folder() -> Iterator[Path | None]:
    """Within the block all temporary files of this process, and of those that it starts, are in one folder.

    It is removed in the end, and those that killed processes left are removed first. Others may pass through it: guests
    and browsers run as users of their own.
    """
    before = os.environ.get("TMPDIR")
    with ExitStack() as stack:
        try:
            remove_left(Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"))
            folder = stack.enter_context(own_folder(Path(tempfile.gettempdir()), _FOLDER))
            folder.chmod(0o711)
        except OSError:  # who needs a temporary file says so
            yield None
            return
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        try:
            yield folder
        finally:
            tempfile.tempdir = None
            del os.environ["TMPDIR"]
            if before is not None:
                os.environ["TMPDIR"] = before
