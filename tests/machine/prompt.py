"""Types into a machine's terminal as the recorder does."""

import os
import re
import select
import time
from weakref import WeakSet

from castdeck.machine.protocol import Machine
from castdeck.marks import ACCEPTED, NEW_SHELL, READY, Marks, binary, pasted

MARKS = Marks()
_PROMPT = rb".*" + re.escape(MARKS.prompt_end.encode())
_ENDED = re.compile(rb"(?s)(.*)(?:" + binary(MARKS.ended).pattern + _PROMPT + rb")")
_NEW = re.compile(rb"(?s)(.*)" + binary(NEW_SHELL).pattern + rb".*" + re.escape(READY.encode()))
_marked: WeakSet[Machine] = WeakSet()


def mark(machine: Machine) -> None:
    """Have the shell mark its prompts."""
    _marked.add(machine)
    _until(machine, MARKS.opening, _ENDED, 30)


def typed(machine: Machine, line: str, timeout: float = 30) -> tuple[str, int]:
    """Enter a line; what the terminal shows until the next prompt, and the exit status that the shell's mark tells."""
    if machine not in _marked:
        mark(machine)
    return _until(machine, line, _ENDED, timeout)


def left(machine: Machine, line: str) -> int:
    """Enter a line that ends the shell; the status that stands before the next, which marks then."""
    assert machine in _marked
    _, status = _until(machine, line, _NEW, 30)
    mark(machine)
    return status


def _until(machine: Machine, line: str, end: re.Pattern[bytes], timeout: float) -> tuple[str, int]:
    os.write(machine.terminal, pasted(line).encode())
    shown, deadline = b"", time.monotonic() + timeout
    while not (found := end.match(shown.partition(ACCEPTED.encode())[2])):
        assert select.select([machine.terminal], [], [], max(0, deadline - time.monotonic()))[0], shown
        more = os.read(machine.terminal, 65536)
        assert more, "the machine has ended"
        shown += more
    output = found[1].decode().rpartition(READY)
    return (output[0] or output[2]).replace("\r\n", "\n"), int(found[2])
