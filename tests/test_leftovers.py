"""Temporary folders go, wherever a signal comes."""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

from castdeck import leftovers


class Interrupt:
    """Raises KeyboardInterrupt at the line of leftovers.py that runs as the one of that number, from 0."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, frame: FrameType, event: str, value: object) -> Any:
        if frame.f_code.co_filename != leftovers.__file__:
            return None
        if event == "line":
            self.left -= 1
            if self.left < 0:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self


def test_a_folder_is_removed_wherever_a_signal_comes(tmp_path: Path) -> None:
    number, is_over = 0, False
    while not is_over:
        before = sys.gettrace()
        try:
            sys.settrace(Interrupt(number))
            with leftovers.own_folder(tmp_path, "run-") as folder:
                (folder / "file").write_text("x")
            is_over = True
        except KeyboardInterrupt:
            number += 1
        finally:
            sys.settrace(before)
        leftovers.remove_all()
        assert list(tmp_path.iterdir()) == []
    assert number > 10
