"""Runs a guest command through a program of this computer, such as ssh."""

import subprocess
from collections.abc import Mapping, Sequence

from castdeck.errors import MachineError


def run_command(
    command: Sequence[str], where: str, stdin: str, timeout: float, environment: Mapping[str, str] | None = None
) -> str:
    """Run a command and return its output. Raises MachineError if it fails or takes more than `timeout` seconds."""
    try:
        done = subprocess.run(
            command,
            input=stdin.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise MachineError(f"{where}, a command took longer than {timeout:.0f} s") from None
    except OSError as error:
        raise MachineError(f"{where}, no command can be run: {error}") from error
    if done.returncode:
        said = (done.stdout + done.stderr).decode(errors="replace").strip()
        raise MachineError(f"{where}, a command failed:\n{said[-1500:]}")
    return done.stdout.decode(errors="replace")
