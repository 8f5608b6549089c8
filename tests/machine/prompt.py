"""Types into a machine's terminal as the recorder does."""

import os
import re
import select
import time

from castdeck.machine.protocol import Machine


def typed(machine: Machine, line: str, timeout: float = 30) -> tuple[str, int]:
    """Type a line; what the terminal shows until the next prompt, and the exit status that the shell's mark tells."""
    os.write(machine.terminal, line.encode() + b"\r")
    shown, deadline = b"", time.monotonic() + timeout
    while not re.search(rb"133;C.*133;D;\d+\x07.*133;B\x07", shown, re.DOTALL):
        assert select.select([machine.terminal], [], [], max(0, deadline - time.monotonic()))[0], shown
        shown += os.read(machine.terminal, 65536)
    output, _, rest = shown.partition(b"\x1b]133;C\x07")[2].partition(b"\x1b]133;D;")
    return output.decode().replace("\r\n", "\n"), int(rest.partition(b"\x07")[0])
