"""The author's own terminal in a machine, until Ctrl-] or until its shell ends."""

import os
import re
import select
import signal
import sys
import termios
import tty
from types import FrameType

from castdeck.machine.protocol import Machine

LEAVE = b"\x1d"
_CHUNK = 65536
_KEPT = 4096
_SHELL_ENDED = re.compile(rb"\x1b\]133;L;\d+\x07")


def shell(machine: Machine) -> None:
    """Join standard input and output to the machine's terminal."""
    size_changed = [True]

    def changed(number: int, frame: FrameType | None) -> None:
        size_changed[0] = True

    before = termios.tcgetattr(0)
    handler = signal.signal(signal.SIGWINCH, changed)
    try:
        tty.setraw(0)
        os.write(machine.terminal, b"\x0c")
        seen = b""
        while not _SHELL_ENDED.search(seen):
            if size_changed[0]:
                size_changed[0] = False
                machine.resize(*os.get_terminal_size(0))
            ready, _, _ = select.select([0, machine.terminal], [], [], 0.5)
            if 0 in ready and _leaves(os.read(0, _CHUNK), machine.terminal):
                return
            if machine.terminal in ready:
                shown = _read(machine.terminal)
                if not shown:
                    return
                sys.stdout.buffer.write(shown)
                sys.stdout.buffer.flush()
                seen = seen[-_KEPT:] + shown
    finally:
        signal.signal(signal.SIGWINCH, handler)
        termios.tcsetattr(0, termios.TCSADRAIN, before)


def _leaves(typed: bytes, terminal: int) -> bool:
    """Pass on what was typed, up to the key that leaves; whether that was there, or nothing more can come."""
    keys, found, _ = typed.partition(LEAVE)
    while keys:
        keys = keys[os.write(terminal, keys) :]
    return bool(found) or not typed


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, _CHUNK)
    except OSError:
        return b""
