"""Who waits for the keyboard: what the kernel knows of the programs on a terminal."""

import re
import termios
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files

from castdeck.errors import MachineError
from castdeck.machine.protocol import Machine

_STAT = re.compile(r"^(\d+) \((.*)\) (\w) (-?\d+) (-?\d+) (-?\d+) (-?\d+) (-?\d+) ")
_CALL = re.compile(r"^/proc/(\d+)/syscall:(-?\d+) (0x[0-9a-f]+)")
_PLACE = re.compile(r"^/proc/(\d+)/wchan:(\w+)")
_READS = {"x86_64": {0}, "aarch64": {63}}
_POLLS = {"x86_64": {7, 23, 232, 270, 271, 281}, "aarch64": {22, 72, 73}}
_READ_PLACES = {"n_tty_read", "wait_woken"}
_POLL_PLACES = {"do_poll", "do_sys_poll", "poll_schedule_timeout", "do_select", "ep_poll", "do_epoll_wait"}
_RELAYS = {"ssh", "docker", "podman", "kubectl", "nerdctl", "script", "machinectl", "runuser", "su", "sudo"}
_TIMEOUT = 15.0


@dataclass(frozen=True)
class Program:
    """A process: the others that it belongs to, and whether it waits in a read, or in a poll."""

    pid: int
    name: str
    parent: int
    group: int
    reads: bool = False
    polls: bool = False


@dataclass(frozen=True)
class Look:
    """One look at a terminal.

    `front` are the programs of its foreground group, those started first coming first. `line_mode` is false while a
    line editor, a pager or another program takes each key by itself. `boot` is the id of the machine's boot.
    """

    boot: str
    shell: int
    front: tuple[Program, ...]
    line_mode: bool
    busy_below: bool = False

    @property
    def is_at_shell(self) -> bool:
        """Whether the shell itself waits for a line."""
        return any(one.pid == self.shell for one in self.front) and not self.line_mode

    @property
    def waiting(self) -> Program | None:
        """The program that waits for keys, if one does; not one that only passes them on."""
        for one in reversed(self.front):
            if one.name in _RELAYS or self.busy_below:
                return None
            if one.reads or (one.polls and not self.line_mode):
                return one
        return None


def look(machine: Machine, shell: int) -> Look:
    """Look at the terminal of the shell with that process id. Raises MachineError."""
    script = f"set -- {shell}\n" + files("castdeck.machine").joinpath("look.sh").read_text(encoding="utf-8")
    try:
        told = machine.run(script, as_root=True, timeout=_TIMEOUT)
    except MachineError:
        told = machine.run(script, timeout=_TIMEOUT)
    found = read_look(told, shell)
    return replace(found, line_mode=_line_mode(machine.terminal)) if "\ngone\n" in told else found


def _line_mode(terminal: int) -> bool:
    """The mode of a terminal of this computer, which a sandbox can't open."""
    try:
        return bool(termios.tcgetattr(terminal)[3] & termios.ICANON)
    except termios.error:
        return True


def read_look(told: str, shell: int) -> Look:
    """What look.sh printed. Raises MachineError for anything else."""
    boot, processor, mode, *lines = [*told.splitlines(), "", "", ""]
    stats = {int(found[1]): found for line in lines if (found := _STAT.match(line))}
    if shell not in stats:
        raise MachineError("the terminal's shell is gone")
    front_group = int(stats[shell][8])
    calls = {int(found[1]): int(found[2]) for line in lines if (found := _CALL.match(line))}
    places = {int(found[1]): found[2] for line in lines if (found := _PLACE.match(line))}
    front = tuple(
        Program(
            pid,
            found[2],
            int(found[4]),
            int(found[5]),
            _is_in(pid, found, calls, _READS.get(processor), places, _READ_PLACES),
            _is_in(pid, found, calls, _POLLS.get(processor), places, _POLL_PLACES),
        )
        for pid, found in sorted(stats.items())
        if int(found[5]) == front_group
    )
    below = {int(found[4]) for found in stats.values() if int(found[5]) != front_group}
    busy = any(one.pid in below and one.pid != shell for one in front)
    return Look(boot, shell, front, mode != "-icanon", busy)


def _is_in(
    pid: int,
    stat: re.Match[str],
    calls: Mapping[int, int],
    wanted_calls: set[int] | None,
    places: Mapping[int, str],
    wanted_places: set[str],
) -> bool:
    """Whether a sleeping process is in one of those system calls, or at one of those places of the kernel."""
    if stat[3] not in "SI":
        return False
    if wanted_calls and pid in calls:
        return calls[pid] in wanted_calls
    return places.get(pid) in wanted_places
