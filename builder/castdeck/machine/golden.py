"""A machine made once and kept: its disk by what it is made of, its golden snapshot by what it is frozen with.

<cache>/machines/<name>-<key>/disk.raw, vmlinuz, initrd
<cache>/machines/<name>-<key>/golden-<key>/disk.qcow2, memory.zst
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

import castdeck.machine.disk as disk_module
from castdeck.errors import MachineError
from castdeck.machine.definition import MachineDefinition
from castdeck.machine.disk import Step, build_disk
from castdeck.machine.qemu import Boot, Checkpoint, QemuMachine, emulator

_FORMAT = "2"
_SETUP_TIMEOUT = 1800.0
_PULL_TIMEOUT = 600.0
_IDLE_TIMEOUT = 120.0
_PROBE_TIMEOUT = 60.0
_ACCELERATORS = {"Linux": ("kvm",), "Darwin": ("hvf",), "Windows": ("whpx",)}
_EMULATION = "tcg,thread=multi"


@dataclass(frozen=True)
class Golden:
    """A machine ready to be started any number of times."""

    definition: MachineDefinition
    boot: Boot
    checkpoint: Checkpoint

    @property
    def identity(self) -> str:
        """What recordings depend on: what the machine is made of, not what it happens to run on."""
        return f"{self.definition.name}-{machine_key(self.definition)}"


def machine_key(definition: MachineDefinition) -> str:
    """A hash of all that goes into a machine's disk."""
    guest = Path(disk_module.__file__).with_name("guest")
    digest = hashlib.sha256(f"{_FORMAT} {definition.key} {' '.join(disk_module.SYSTEM_PACKAGES)}".encode())
    for file in sorted(guest.iterdir()):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def ready_machine(definition: MachineDefinition, cache: Path, step: Step, accelerator: str = "") -> Golden:
    """The machine's golden snapshot, built first where the cache has none. Only one process builds at a time.

    `accelerator` insists on one ("kvm", "tcg"...); else the fastest that really boots is taken. Raises MachineError.
    """
    version = _emulator_version()
    machines = cache / "machines"
    machines.mkdir(parents=True, exist_ok=True)
    home = machines / f"{definition.name}-{machine_key(definition)}"
    with FileLock(machines / f"{home.name}.lock"):
        if not home.exists():
            with _replacing(home) as part:
                build_disk(definition, part, step)
        accelerator = accelerator or _working_accelerator(home, definition, version, step)
        boot = Boot(home, accelerator)
        key = hashlib.sha256(f"{version} {accelerator} {os.uname().machine}".encode()).hexdigest()[:12]
        golden = home / f"golden-{key}"
        if not golden.exists():
            with _replacing(golden) as part:
                _freeze_golden(boot, definition, part, step)
        return Golden(definition, boot, Checkpoint(golden / "disk.qcow2", golden / "memory.zst"))


@contextmanager
def started(golden: Golden, cache: Path, start: Checkpoint | None = None) -> Iterator[QemuMachine]:
    """A machine thawed from the golden snapshot, or from `start`, in a run folder that is removed in the end."""
    with (
        run_folder(cache) as folder,
        QemuMachine(golden.boot, golden.definition, folder, start or golden.checkpoint) as it,
    ):
        yield it


@contextmanager
def run_folder(cache: Path) -> Iterator[Path]:
    """A private folder for one run; folders of runs that were killed are cleared away first."""
    runs = cache / "run"
    runs.mkdir(parents=True, exist_ok=True)
    for left in runs.iterdir():
        if not Path(f"/proc/{left.name.split('-')[0]}").exists() and Path("/proc").exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=runs))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A new folder beside `target` that takes its name only when all went well."""
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        part.rename(target)
    except OSError as error:
        raise MachineError(
            f"the machine could not be written: {error}", hint="make room, or set CASTDECK_CACHE"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _emulator_version() -> str:
    done = subprocess.run([emulator(), "--version"], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0] if done.stdout else "unknown"


def _working_accelerator(home: Path, definition: MachineDefinition, version: str, step: Step) -> str:
    """The first accelerator under which this machine's own kernel boots; the verdict is remembered."""
    verdict = home.parent / f"accelerator-{hashlib.sha256(f'{version} {os.uname()}'.encode()).hexdigest()[:12]}"
    if verdict.exists():
        return verdict.read_text().strip()
    chosen = _EMULATION
    for candidate in _ACCELERATORS.get(os.uname().sysname, ()):
        step(f"trying to boot with {candidate}")
        if _boots(Boot(home, candidate), definition):
            chosen = candidate
            break
    step(f"machines run with {chosen.split(',')[0]} on this computer")
    verdict.write_text(chosen)
    return chosen


def _boots(boot: Boot, definition: MachineDefinition) -> bool:
    with run_folder(boot.folder.parent.parent) as folder:
        try:
            with QemuMachine(boot, definition, folder, boot_timeout=_PROBE_TIMEOUT):
                return True
        except MachineError:
            return False


def _freeze_golden(boot: Boot, definition: MachineDefinition, folder: Path, step: Step) -> None:
    step("booting the machine")
    with run_folder(boot.folder.parent.parent) as run, QemuMachine(boot, definition, run) as machine:
        _wait_for_idle(machine)
        if definition.setup:
            step("running the machine's setup script")
            machine.agent.run("bash", "-e", "-s", given=definition.setup, timeout=_SETUP_TIMEOUT)
        for image in definition.images:
            step(f"pulling the container image {image}")
            machine.agent.run("docker", "pull", "--quiet", image, timeout=_PULL_TIMEOUT)
        step("freezing the machine")
        _wait_for_prompt(machine)
        machine.settle()
        machine.freeze(folder)


def _wait_for_idle(machine: QemuMachine) -> None:
    machine.agent.run("systemctl", "is-system-running", "--wait", timeout=_IDLE_TIMEOUT, check=False)


def _wait_for_prompt(machine: QemuMachine) -> None:
    """Type an empty line and wait for the prompt that follows it, so that the shell's start is not in any recording."""
    machine.terminal.settimeout(_IDLE_TIMEOUT)
    machine.terminal.sendall(b"\r")
    seen, deadline = b"", time.monotonic() + _IDLE_TIMEOUT
    while b"\x1b]133;B\x07" not in seen:
        with suppress(TimeoutError):
            seen += machine.terminal.recv(65536)
        if time.monotonic() > deadline:
            raise MachineError(f"the machine's shell shows no prompt: {seen[-300:]!r}")
    machine.terminal.settimeout(None)


def list_machines(cache: Path) -> list[tuple[Path, int]]:
    """Each machine's folder in the cache, with the bytes that it takes on disk."""
    folders = sorted(path for path in (cache / "machines").glob("*") if (path / "disk.raw").exists())
    return [
        (folder, sum(file.stat().st_blocks * 512 for file in folder.rglob("*") if file.is_file())) for folder in folders
    ]
