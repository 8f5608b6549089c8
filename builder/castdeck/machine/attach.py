"""`python -m castdeck.machine.attach SOCKET`: connects this terminal to a machine's. This is the recorded program.

The machine's owner listens on SOCKET, and passes the open descriptor of the machine's terminal: its bytes go through no
other process. The program also shows what the owner writes to the socket, and disconnects at an END. Then it waits for
Ctrl-D or the end of its input, because asciinema-automation ends every script with that key. If the machine or the
owner is gone, it ends at once.
"""

import os
import select
import socket
import sys
import termios
import tty

_CHUNK = 65536
END = b"\0"
_CTRL_D = b"\x04"


def attach(address: str) -> None:
    """Connect standard input and output to the terminal passed by the owner at the Unix socket `address`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as owner:
        owner.connect(address)
        _, descriptors, _, _ = socket.recv_fds(owner, 1, 1)
        before = termios.tcgetattr(0)
        tty.setraw(0)
        try:
            owner.sendall(b"r")
            if not _pump(owner.fileno(), descriptors[0]):
                return
            owner.sendall(b"d")
            while _CTRL_D not in (data := os.read(0, _CHUNK)) and data:
                pass
        finally:
            termios.tcsetattr(0, termios.TCSANOW, before)


def _pump(owner: int, machine: int) -> bool:
    """Copy bytes both ways until the owner disconnects (True), or one of the three is gone (False)."""
    while True:
        ready, _, _ = select.select([0, machine, owner], [], [])
        if machine in ready:
            data = _read(machine)
            if not data:
                return False
            _write(1, data)
        elif owner in ready:
            said = _read(owner)
            _write(1, said.removesuffix(END))
            if not said or said.endswith(END):
                return bool(said)
        if 0 in ready:
            data = os.read(0, _CHUNK)
            if not data:
                return False
            _write(machine, data)


def _read(descriptor: int) -> bytes:
    """Read from a descriptor; empty once the other side is gone (a terminal then fails with EIO)."""
    try:
        return os.read(descriptor, _CHUNK)
    except OSError:
        return b""


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


if __name__ == "__main__":
    attach(sys.argv[1])
