"""Observes a terminal while a block runs: output, entered lines, and times."""

from collections.abc import Callable
from dataclasses import dataclass, field

from castdeck.cast.marks import Entered
from castdeck.cast.terminal import VirtualTerminal, trimmed
from castdeck.deck.model import CommandLine
from castdeck.marks import ACCEPTED, READY

_FLOOD = 64 << 20  # bytes of output per command
_TAIL = 1 << 16  # bytes kept, to show the end of the output


class Flood(Exception):
    """A command prints more than can be recorded."""

    def __init__(self) -> None:
        super().__init__(f"printed more than {_FLOOD >> 20} MiB")


@dataclass
class Witness:
    """Observations of one block.

    `started` and `ended` are the times of the first key and of the last mark; `entered` is everything entered. `begins`
    is called with each typed line, `output` with the terminal's output.
    """

    begins: Callable[[CommandLine], None]
    output: Callable[[bytes], None]
    started: float = 0.0
    ended: float = 0.0
    entered: list[Entered] = field(default_factory=list)
    printed: int = 0
    tail: bytearray = field(default_factory=bytearray)

    def write(self, data: bytes) -> None:
        """Take output, as pexpect's log file. Raises Flood if a command prints too much."""
        self.printed += len(data)
        self.tail += data
        del self.tail[:-_TAIL]
        if self.printed > _FLOOD:
            raise Flood
        self.output(data)

    def flush(self) -> None:
        """Nothing to do: output is not buffered."""

    def screen(self, cols: int = 100) -> list[str]:
        """The lines that the last command left on the terminal."""
        text = self.tail.decode(errors="replace").rpartition(ACCEPTED)[2]
        text = text[: text.rfind(READY)] if "\x1b]133;D;" in text[text.rfind(READY) :] and READY in text else text
        terminal = VirtualTerminal(cols, min(1000, text.count("\n") + 40))
        terminal.feed(text)
        return [line for line in trimmed(terminal.lines) if line]
