"""Chooses the accelerator: the first one that a machine actually boots with.

Opening /dev/kvm is not enough: nested virtualization is often present but broken.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from castdeck import atomic
from castdeck.errors import MachineError
from castdeck.machine.protocol import Step
from castdeck.machine.qemu.command import emulator

PROBE_TIMEOUT = 60.0
EMULATION = "tcg,thread=multi"
AUTOMATIC = "auto"
_CANDIDATES = {"Linux": ("kvm",), "Darwin": ("hvf",)}


def emulator_version(kind: str = "") -> str:
    """The first line of QEMU's version output, for an architecture or this computer's own."""
    name = emulator(kind)
    program = shutil.which(name) or name
    return _version(program, Path(program).stat().st_mtime_ns)


@lru_cache
def _version(program: str, changed: int) -> str:  # noqa: ARG001 (asks again if the program has changed)
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0] if done.stdout else "unknown"


def working_accelerator(machines: Path, boots: Callable[[str], bool], step: Step, wanted: str = "") -> str:
    """The accelerator to use: the one found before, or else the first for which `boots` is true, or else emulation.

    It is remembered in `machines`. `wanted` selects one from now on, or tries all again (AUTOMATIC). Raises
    MachineError if no machine boots with the wanted one.
    """
    known = known_accelerator(machines)
    if wanted and wanted != AUTOMATIC:
        chosen = EMULATION if wanted == "tcg" else wanted
        if chosen != known:
            step(f"trying to boot with {wanted}")
            if chosen != EMULATION and not boots(chosen):
                raise MachineError(f"no machine boots with {wanted} on this computer", hint="--accel auto finds one")
            atomic.write(_verdict(machines), chosen)
        return chosen
    if known and not wanted:
        return known
    chosen = EMULATION
    for candidate in _CANDIDATES.get(os.uname().sysname, ()):
        step(f"trying to boot with {candidate}")
        if boots(candidate):
            chosen = candidate
            break
    step(f"machines run with {chosen.split(',')[0]} on this computer")
    atomic.write(_verdict(machines), chosen)
    return chosen


def own_accelerator() -> str:
    """The accelerator that computers of this kind can have; "none" if there is none."""
    return next(iter(_CANDIDATES.get(os.uname().sysname, ())), "none")


def only_emulation(wanted: str) -> str:
    """The accelerator for a foreign architecture. Raises MachineError if another one is wanted."""
    if wanted not in ("", AUTOMATIC, "tcg"):
        raise MachineError(f"{wanted} can't run a guest of another architecture, which is only emulated")
    return EMULATION


def known_accelerator(machines: Path) -> str:
    """The accelerator found before with this QEMU and kernel; "" if none."""
    verdict = _verdict(machines)
    return verdict.read_text().strip() if verdict.exists() else ""


def forget_accelerator(machines: Path) -> None:
    """Forget the accelerator, so that all are tried again."""
    _verdict(machines).unlink(missing_ok=True)


def _verdict(machines: Path) -> Path:
    host = f"{emulator_version()} {os.uname()}"
    return machines / f"accelerator-{hashlib.sha256(host.encode()).hexdigest()[:12]}"
