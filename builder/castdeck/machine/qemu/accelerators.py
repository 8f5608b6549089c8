"""Which accelerator runs machines on this computer: the first under which one really boots.

That /dev/kvm opens proves nothing: nested virtualization is there and broken often enough.
"""

import hashlib
import os
import subprocess
from collections.abc import Callable
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
    """The first line of what QEMU says of its version, for an architecture or this computer's own."""
    done = subprocess.run([emulator(kind), "--version"], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0] if done.stdout else "unknown"


def working_accelerator(machines: Path, boots: Callable[[str], bool], step: Step, wanted: str = "") -> str:
    """The accelerator to use: what was found before, or the first with which `boots` is true, else emulation.

    It is remembered in `machines`. `wanted` insists on one, from now on, or has them tried again (AUTOMATIC). Raises
    MachineError when no machine boots with the one that is wanted.
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


def only_emulation(wanted: str) -> str:
    """The accelerator for a processor that is not this computer's. Raises MachineError when another is wanted."""
    if wanted not in ("", AUTOMATIC, "tcg"):
        raise MachineError(f"{wanted} can't run a guest of another architecture, which is only emulated")
    return EMULATION


def known_accelerator(machines: Path) -> str:
    """What was found before with this QEMU on this kernel; "" when nothing was."""
    verdict = _verdict(machines)
    return verdict.read_text().strip() if verdict.exists() else ""


def forget_accelerator(machines: Path) -> None:
    """Have them tried again: what was found proved nothing."""
    _verdict(machines).unlink(missing_ok=True)


def _verdict(machines: Path) -> Path:
    host = f"{emulator_version()} {os.uname()}"
    return machines / f"accelerator-{hashlib.sha256(host.encode()).hexdigest()[:12]}"
