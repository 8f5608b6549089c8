"""Finds out from the kernel which program on a terminal is waiting for input."""

import re
import termios
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files

from castdeck.errors import MachineError
from castdeck.machine.protocol import Machine

_STAT = re.compile(r"^/proc/(\d+)/stat:\1 \((.*)\) (\w) (.*)")
_CALL = re.compile(r"^/proc/(\d+)/syscall:(-?\d+) (0x[0-9a-f]+)")
_PLACE = re.compile(r"^/proc/(\d+)/wchan:(\w+)")
_READS = {"x86_64": {0}, "aarch64": {63}}
_POLLS = {"x86_64": {7, 23, 232, 270, 271, 281}, "aarch64": {22, 72, 73}}
_READ_PLACES = {"n_tty_read", "wait_woken"}
_POLL_PLACES = {"do_poll", "do_sys_poll", "poll_schedule_timeout", "do_select", "ep_poll", "do_epoll_wait"}
_TERMINAL = re.compile(r".*/(?:pts/\d+|tty\w*|console|hvc\d+|\d+)$")
_RELAYS_ELSEWHERE = {"ssh", "docker", "podman", "kubectl", "nerdctl", "machinectl"}  # to what they did not start
_RELAYS = _RELAYS_ELSEWHERE | {"script", "runuser", "su", "sudo"}
_ASKS = {"ssh", "su", "sudo"}  # those of them that ask for a password themselves
_TIMEOUT = 30.0


@dataclass(frozen=True)
class Program:
    """A process: its group, and whether it waits in a read (of a descriptor) or a poll."""

    pid: int
    name: str
    group: int
    reads: bool = False
    polls: bool = False
    descriptor: int | None = None


@dataclass(frozen=True)
class _Process:
    """The content of /proc/PID/stat."""

    pid: int
    name: str
    sleeps: bool
    parent: int
    group: int
    session: int
    terminal: int
    front: int
    started: int


@dataclass(frozen=True)
class Look:
    """A snapshot of the programs on a terminal.

    `front` are the programs of its foreground group, in the order of their start. `line_mode` is false while a line
    editor, a pager or another program reads single keys. `boot` is the id of the machine's boot. `inner` is the program
    on another terminal to which the program in front (docker, ssh) passes keys on. `shell_name` is the shell's name,
    which a new process also has until it has loaded its program.
    """

    boot: str
    shell: int
    front: tuple[Program, ...]
    line_mode: bool
    busy_below: bool = False
    inner: Program | None = None
    shell_name: str = ""

    @property
    def is_running(self) -> bool:
        """Whether a program runs in front that is neither the shell nor a copy of it."""
        return any(one.pid != self.shell and one.name != self.shell_name for one in self.front)

    @property
    def is_at_shell(self) -> bool:
        """Whether the shell itself waits for a line."""
        return any(one.pid == self.shell for one in self.front) and not self.line_mode

    def without_reading(self, pids: Collection[int]) -> "Look":
        """The same, for programs known to read something other than the terminal."""

        def corrected(one: Program) -> Program:
            return replace(one, reads=False) if one.pid in pids else one

        return replace(self, front=tuple(map(corrected, self.front)), inner=self.inner and corrected(self.inner))

    @property
    def waiting(self) -> Program | None:
        """The program that waits for keys, if any; not one that only forwards them."""
        for one in reversed(self.front):
            if self.busy_below:
                return None
            if one.name in _RELAYS:
                return one if one.name in _ASKS and one.reads and self.line_mode else None
            if one.reads or (one.polls and not self.line_mode):
                return one
        return None


def look(machine: Machine, shell: int) -> Look:
    """Inspect the terminal of the shell with that process id. Raises MachineError."""
    arguments = f"set -- {shell} '{' '.join(sorted(_RELAYS_ELSEWHERE))}'\n"
    script = arguments + files("castdeck.machine").joinpath("look.sh").read_text(encoding="utf-8")
    told = _run(machine, script)
    found = read_look(told, shell)
    read = [one for one in (*found.front, *filter(None, [found.inner])) if one.reads and one.descriptor is not None]
    if read:
        links = _run(machine, "\n".join(f"readlink /proc/{one.pid}/fd/{one.descriptor} || echo" for one in read))
        pipes = {one.pid for one, link in zip(read, links.splitlines(), strict=False) if not _TERMINAL.match(link)}
        found = found.without_reading(pipes)
    return replace(found, line_mode=_line_mode(machine.terminal)) if "\ngone\n" in told else found


def _run(machine: Machine, script: str) -> str:
    """Run a script as root, or as the user if there is no root."""
    try:
        return machine.run(script, as_root=True, timeout=_TIMEOUT)
    except MachineError:
        return machine.run(script, timeout=_TIMEOUT)


def _line_mode(terminal: int) -> bool:
    """The mode of a terminal of this computer, which a sandbox can't open."""
    try:
        return bool(termios.tcgetattr(terminal)[3] & termios.ICANON)
    except termios.error:
        return True


def read_look(told: str, shell: int) -> Look:
    """Parse the output of look.sh, which comes from the machine. Raises MachineError."""
    try:
        return _read(told, shell)
    except ValueError as error:  # not numbers, or with thousands of digits
        raise MachineError(f"the machine's list of its programs is invalid: {error}") from error


def _read(told: str, shell: int) -> Look:
    boot, processor, mode, *lines = [*told.splitlines(), "", "", ""]
    processes = {one.pid: one for line in lines if (one := _process(line))}
    if shell not in processes:
        raise MachineError("the terminal's shell is gone")
    called = {int(found[1]): found for line in lines if (found := _CALL.match(line))}
    calls = {pid: int(found[2]) for pid, found in called.items()}
    places = {int(found[1]): found[2] for line in lines if (found := _PLACE.match(line))}

    def program(one: _Process) -> Program:
        reads = _is_in(one, calls, _READS.get(processor), places, _READ_PLACES)
        polls = _is_in(one, calls, _POLLS.get(processor), places, _POLL_PLACES)
        descriptor = int(called[one.pid][3], 16) if reads and one.pid in called else None
        return Program(one.pid, one.name, one.group, reads, polls, descriptor)

    own = processes[shell]
    in_front = [one for _, one in sorted(processes.items()) if one.group == own.front]
    below = {one.parent for one in processes.values() if one.group != own.front}
    busy = any(one.pid in below and one.pid != shell for one in in_front)
    since = min((one.started for one in in_front), default=0)
    inner = [
        program(one)
        for one in sorted(processes.values(), key=lambda one: one.started)
        if one.terminal and one.session != own.session and one.front == one.group
        if one.started >= since and one.pid != shell
    ]
    waiting = [one for one in inner if one.reads or one.polls]
    relayed = waiting[-1] if waiting and in_front and in_front[-1].name in _RELAYS else None
    return Look(boot, shell, tuple(map(program, in_front)), "-icanon" not in mode.split(), busy, relayed, own.name)


def _process(line: str) -> _Process | None:
    found = _STAT.match(line)
    rest = found[4].split() if found else []
    if found is None or len(rest) < 19:
        return None
    parent, group, session, terminal, front = (int(number) for number in rest[:5])
    return _Process(int(found[1]), found[2], found[3] in "SI", parent, group, session, terminal, front, int(rest[18]))


def _is_in(
    process: _Process,
    calls: Mapping[int, int],
    wanted_calls: set[int] | None,
    places: Mapping[int, str],
    wanted_places: set[str],
) -> bool:
    """Whether a sleeping process is in one of those system calls, or at one of those kernel functions."""
    if not process.sleeps:
        return False
    if wanted_calls and process.pid in calls:
        return calls[process.pid] in wanted_calls
    return places.get(process.pid) in wanted_places
