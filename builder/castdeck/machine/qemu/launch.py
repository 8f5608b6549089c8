"""Starts the process of a virtual machine, with the sockets that connect castdeck to it."""

import socket
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from castdeck.machine.qemu.command import Boot, QemuSockets, command_line
from castdeck.machine.qemu.definition import MachineDefinition
from castdeck.machine.qemu.template import Memory, Template

LOG = "qemu.log"


@dataclass(frozen=True)
class Checkpoint:
    """A saved state: the disk (a qcow2 overlay, which others can be based on) and the memory (zstd)."""

    disk: Path
    memory: Path

    @property
    def size(self) -> int:
        """The size on the host's disk, in bytes."""
        return sum(path.stat().st_blocks * 512 for path in (self.disk, self.memory))


@dataclass(frozen=True)
class Launch:
    """What to start in `run_folder`, on the disk `overlay` there: the saved state `start`, or a boot.

    The memory of a machine that `fills` a template is the template's.
    """

    boot: Boot
    definition: MachineDefinition
    run_folder: Path
    overlay: str
    start: Checkpoint | Template | None = None
    fills: Template | None = None


@dataclass(frozen=True)
class Launched:
    """QEMU's process, castdeck's ends of its sockets, and the process that reads the memory of a checkpoint."""

    process: "subprocess.Popen[bytes]"
    terminal: socket.socket
    agent: socket.socket
    monitor: socket.socket
    unpacker: "subprocess.Popen[bytes] | None"


def launch(wanted: Launch, network: int | None, opened: ExitStack) -> Launched:
    """Start QEMU, with `network` as the other end of its network card.

    `opened` ends and closes everything, even if QEMU can't be started.
    """
    start = wanted.start
    with ExitStack() as theirs:
        ours: list[socket.socket] = []
        guests: list[int] = []
        for _ in range(3):
            one, other = socket.socketpair()
            ours.append(opened.enter_context(one))
            guests.append(theirs.enter_context(other).fileno())
        unpacker = None
        memory = Memory(wanted.fills.memory, shared=True) if wanted.fills else None
        if isinstance(start, Checkpoint):
            unpacker = subprocess.Popen(["zstd", "-dcq", str(start.memory)], stdout=subprocess.PIPE)
            opened.callback(end, unpacker)
        elif start:
            memory = Memory(start.memory)
        saved = unpacker.stdout.fileno() if unpacker and unpacker.stdout else None
        ends = QemuSockets(guests[0], guests[1], guests[2], saved, network, memory)
        log = opened.enter_context((wanted.run_folder / LOG).open("w+"))
        process = subprocess.Popen(
            command_line(wanted.boot, wanted.definition, wanted.run_folder, wanted.overlay, ends),
            pass_fds=ends.all,
            cwd=wanted.run_folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        opened.callback(end, process)
    if unpacker and unpacker.stdout:
        unpacker.stdout.close()  # only QEMU reads it, so zstd ends when QEMU does
    return Launched(process, ours[0], ours[1], ours[2], unpacker)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process, unless it was waited for already: its id may belong to another process by now."""
    if process.poll() is None:
        process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()
