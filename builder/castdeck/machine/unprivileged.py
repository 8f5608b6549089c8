"""Runs programs that handle untrusted data without root's privileges, even if castdeck is root."""

import os
import shutil
from pathlib import Path

from castdeck.errors import MachineError

_FIRST, _COUNT = 61184, 4336  # the range of systemd's DynamicUser=, unused otherwise
_STATES = _FIRST + _COUNT  # the group that may read saved disks


def user_number() -> int | None:
    """The user id for such programs; None if castdeck is not root."""
    return _FIRST + os.getpid() % _COUNT if os.geteuid() == 0 else None


def unprivileged(device: Path | None = None, *, reads_states: bool = False) -> list[str]:
    """The command prefix that makes a program unprivileged, and has it end with castdeck.

    The program gets the group of `device`, and may read saved disks if `reads_states`. Raises MachineError if castdeck
    is root and can't switch to another user.
    """
    setpriv = shutil.which("setpriv")
    number = user_number()
    if number is None:
        return [setpriv, "--pdeathsig", "KILL", "--no-new-privs", "--"] if setpriv else []
    if setpriv is None:
        raise MachineError(
            "can't run machines as root", hint="install util-linux's setpriv, or run castdeck as another user"
        )
    numbers = [str(_STATES)] * reads_states + ([str(device.stat().st_gid)] if device and device.exists() else [])
    groups = ["--groups", ",".join(numbers)] if numbers else ["--clear-groups"]
    user = ["--reuid", str(number), "--regid", str(number), *groups, "--inh-caps=-all", "--bounding-set=-all"]
    return [setpriv, *user, "--no-new-privs", "--pdeathsig", "KILL", "--"]


def limited(largest_file: int, memory: int, processes: int) -> list[str]:
    """The command prefix that limits a program and its children; sizes are in bytes.

    Empty if the system has no prlimit.
    """
    limits = [f"--fsize={largest_file}", f"--as={memory}", f"--nproc={processes}", "--core=0", "--nofile=4096"]
    return ["prlimit", *limits, "--"] if shutil.which("prlimit") else []


def hand_over(*paths: Path) -> None:
    """Give the files to the user that such programs run as."""
    number = user_number()
    if number is not None:
        for path in paths:
            os.chown(path, number, number)


def take_back(path: Path) -> None:
    """Make a disk castdeck's own again: no other program can change it, and only machines can read it."""
    if user_number() is None:
        path.chmod(0o600)
    else:
        os.chown(path, os.geteuid(), _STATES)
        path.chmod(0o640)
