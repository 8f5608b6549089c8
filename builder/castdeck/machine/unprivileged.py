"""Programs that handle what a stranger's deck does run without root's rights, also when castdeck has them."""

import os
import shutil

from castdeck.errors import MachineError

_FIRST, _COUNT = 61184, 4336  # what systemd gives to services with DynamicUser=, and nobody else uses


def user_number() -> int | None:
    """The user number that such programs of this process get; None where castdeck itself is not root."""
    return _FIRST + os.getpid() % _COUNT if os.geteuid() == 0 else None


def unprivileged() -> list[str]:
    """What stands before a command so that it runs without rights, and ends with castdeck. Raises MachineError."""
    setpriv = shutil.which("setpriv")
    number = user_number()
    if number is None:
        return [setpriv, "--pdeathsig", "KILL", "--no-new-privs", "--"] if setpriv else []
    if setpriv is None:
        raise MachineError("machines are not run as root", hint="install util-linux's setpriv, or be another user")
    user = ["--reuid", str(number), "--regid", str(number), "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]
    return [setpriv, *user, "--no-new-privs", "--pdeathsig", "KILL", "--"]
