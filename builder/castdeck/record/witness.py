"""What is seen of a terminal while a block runs: what it shows, what was entered, when it began and ended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from castdeck.cast.marks import Entered
from castdeck.cast.terminal import VirtualTerminal, trimmed
from castdeck.marks import ACCEPTED, READY

_FLOOD = 64 << 20  # bytes of output of one command
_TAIL = 1 << 16  # bytes of it that are kept, to show its end


class Flood(Exception):
    """A command prints more than a recorder can take."""

    def __init__(self) -> None:
        super().__init__(f"printed more than {_FLOOD >> 20} MiB")


@dataclass
class Witness:
    """What was seen while a block ran.

    `started` and `ended` are the times of the first key and of the last mark; `entered` is all that was entered.
    `begins` hears of each line that is typed, `output` of all that the terminal shows.
    """

    begins: Callable[[Any], None]
    output: Callable[[bytes], None]
    started: float = 0.0
    ended: float = 0.0
    entered: list[Entered] = field(default_factory=list)
    printed: int = 0
    tail: bytearray = field(default_factory=bytearray)

    def write(self, data: bytes) -> None:
        """Take what the terminal shows, as pexpect's log file. Raises Flood when a command shows too much."""
        self.printed += len(data)
        self.tail += data
        del self.tail[:-_TAIL]
        if self.printed > _FLOOD:
            raise Flood
        self.output(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def screen(self, cols: int = 100) -> list[str]:
        """The lines that the last command has left on the terminal."""
        text = self.tail.decode(errors="replace").rpartition(ACCEPTED)[2]
        text = text[: text.rfind(READY)] if "\x1b]133;D;" in text[text.rfind(READY) :] and READY in text else text
        terminal = VirtualTerminal(cols, min(1000, text.count("\n") + 40))
        terminal.feed(text)
        return [line for line in trimmed(terminal.lines) if line]
