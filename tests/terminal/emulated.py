"""A terminal with a shell in it, as a person has: what is typed, what is on the screen, what is left behind."""

import os
import re
import signal
import time
from contextlib import suppress
from pathlib import Path

import pexpect
import pyte

from castdeck.cancellation import ENDING

PROMPT = "ready$ "
_POLL = 0.05


class Terminal:
    """A pty of so many columns and rows with bash in it, and the screen that a terminal emulator would show."""

    def __init__(self, cols: int, rows: int, folder: Path, environment: dict[str, str]) -> None:
        self.screen = pyte.HistoryScreen(cols, rows, history=2000, ratio=0.5)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        self._commands = 0
        variables = {**os.environ, "TERM": "xterm-256color", "PS1": PROMPT, **environment}
        for name in ("NO_COLOR", "COLUMNS", "LINES"):
            if name not in environment:
                variables.pop(name, None)
        self.shell: pexpect.spawn[bytes] = pexpect.spawn(
            "bash",
            ["--norc", "--noprofile", "-i"],
            cwd=str(folder),
            env=variables,
            dimensions=(rows, cols),
            timeout=60,
            preexec_fn=_heed_signals,
        )
        self.wait_for(lambda: self.line() == PROMPT.rstrip(), "the shell's prompt")
        self.type("bind 'set enable-bracketed-paste off'; clear\r")
        self.wait_for(lambda: self.lines() == [PROMPT.rstrip()], "a clear screen")

    def type(self, keys: str) -> None:
        """Press keys."""
        self.shell.send(keys)

    def read(self, seconds: float = _POLL) -> None:
        """Take what the terminal was sent, for about so many seconds."""
        try:
            data = self.shell.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return
        self.written += data
        self._stream.feed(data)

    def wait_for(self, condition, what: str, timeout: float = 60) -> float:  # type: ignore[no-untyped-def]
        """Read until `condition()` holds; gives the seconds that it took."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > timeout:
                raise AssertionError(f"{what}: not within {timeout:.0f} s. The screen:\n" + "\n".join(self.lines()))
            self.read()
        return time.monotonic() - began

    def wait_for_text(self, pattern: str, timeout: float = 60) -> float:
        """Read until the screen shows what matches `pattern`."""
        return self.wait_for(lambda: re.search(pattern, "\n".join(self.all_lines())), pattern, timeout)

    def wait_for_prompt(self, timeout: float = 60) -> float:
        """Read until the shell's prompt is the last line."""
        return self.wait_for(lambda: self.line() == PROMPT.rstrip(), "the prompt", timeout)

    def run(self, command: str, timeout: float = 60) -> list[str]:
        """Type a command, wait for the prompt, and give the lines that it printed, scrolled out of sight or not."""
        self._commands += 1
        word = f" # {self._commands}"
        self.type(f"{command}{word}\r")
        self.wait_for(lambda: self._printed(word) is not None, command, timeout)
        return self._printed(word) or []

    def _printed(self, word: str) -> list[str] | None:
        lines = self.all_lines()
        starts = [number for number, line in enumerate(lines) if line.startswith(PROMPT) and line.endswith(word)]
        after = lines[starts[-1] + 1 :] if starts else []
        return after[:-1] if after and after[-1] == PROMPT.rstrip() else None

    def lines(self) -> list[str]:
        """The screen's lines, without blanks at their ends and empty lines at the bottom."""
        return _shown([line.rstrip() for line in self.screen.display])

    def all_lines(self) -> list[str]:
        """The lines that were scrolled out, then the screen's."""
        above = [
            "".join(row[column].data for column in range(self.screen.columns)).rstrip()
            for row in self.screen.history.top
        ]
        return _shown(above + [line.rstrip() for line in self.screen.display])

    def line(self) -> str:
        """The line that the cursor is on."""
        return str(self.screen.display[self.screen.cursor.y]).rstrip()

    @property
    def is_cursor_shown(self) -> bool:
        """Whether the cursor can be seen."""
        return not self.screen.cursor.hidden

    def resize(self, cols: int, rows: int) -> None:
        """Change the terminal's size. pyte, unlike most emulators, cuts long lines and does not wrap them anew."""
        self.shell.setwinsize(rows, cols)
        self.screen.resize(rows, cols)

    def foreground(self) -> int:
        """The process group in the foreground."""
        return os.tcgetpgrp(self.shell.child_fd)

    def send_signal(self, number: int) -> None:
        """Send a signal to the program in the foreground, and no other of its group."""
        assert self.foreground() != self.shell.pid
        os.kill(self.foreground(), number)

    def close(self) -> None:
        """End the shell and all that runs in the terminal."""
        for pid in {self.foreground(), self.shell.pid or 0} - {0}:
            with suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
        self.shell.close(force=True)


def _heed_signals() -> None:
    """As in a terminal, also where the tests run in the background, which ignores some."""
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)


def _shown(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines.pop()
    return lines
