"""Builds a machine once and keeps it, layer by layer: its disk, the booted machine, then its customizations.

<cache>/machines/base2-<key>/disk.raw, disk.qcow2, vmlinuz, initrd    of packages
<cache>/machines/base2-<key>/image, grown.qcow2, disk.qcow2           of an image
<cache>/machines/base2-<key>/golden-<key>/disk.qcow2, memory.zst      booted, or with one layer more

A disk refers to the one it is based on by a relative path, so the cache folder can be moved.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from castdeck.cancellation import Cancellation
from castdeck.errors import MachineError
from castdeck.locks import locked
from castdeck.machine.protocol import Step
from castdeck.machine.qemu.accelerators import (
    PROBE_TIMEOUT,
    emulator_version,
    forget_accelerator,
    known_accelerator,
    only_emulation,
    working_accelerator,
)
from castdeck.machine.qemu.adopt import adopt, answers, put_image_disk
from castdeck.machine.qemu.architecture import architecture, is_foreign
from castdeck.machine.qemu.command import Boot, kernel_command
from castdeck.machine.qemu.definition import Layer, MachineDefinition
from castdeck.machine.qemu.disk import build_disk
from castdeck.machine.qemu.folders import replacing
from castdeck.machine.qemu.guest_network import network_script
from castdeck.machine.qemu.host import processor
from castdeck.machine.qemu.internet import require_internet
from castdeck.machine.qemu.keys import base_key, golden_key, layer_key
from castdeck.machine.qemu.launch import Checkpoint
from castdeck.machine.qemu.machine import QemuMachine
from castdeck.machine.qemu.storage import in_use, note_name
from castdeck.machine.qemu.template import Template
from castdeck.machine.run_folders import run_folder
from castdeck.machine.terminal import wait_for_prompt

_LAYOUT = 2  # version of the folder layout below, independent of a machine's content
_SETUP_TIMEOUT = 1800.0
_PULL_TIMEOUT = 600.0
_IDLE_TIMEOUT = 300.0


@dataclass(frozen=True)
class Golden:
    """A golden snapshot, which machines are started from."""

    definition: MachineDefinition
    boot: Boot
    checkpoint: Checkpoint


def ready_machine(definition: MachineDefinition, cache: Path, step: Step, accelerator: str = "") -> Golden:
    """The machine's golden snapshot; missing parts are built, by one process at a time.

    `accelerator` selects one ("kvm", "tcg"), also for later; the default is the first that works. Raises MachineError.
    """
    if definition.has_internet:
        require_internet()
    machines = cache / "machines"
    machines.mkdir(parents=True, exist_ok=True)
    base = machines / f"base{_LAYOUT}-{base_key(definition)}"
    with locked(machines / f"{base.name}.lock"):
        if not base.exists():
            step(f"building the machine {definition.name}: this is done once, and takes some minutes")
            with replacing(base) as part:
                if definition.image:
                    accelerator = _adopted(definition, part, step, accelerator)
                else:
                    build_disk(definition, part, step)
        boots = partial(_boots, base, definition)
        boot = Boot(base, _accelerator(definition, machines, boots, step, accelerator))
        key = golden_key(base.name, definition, _host(definition, boot.accelerator))
        checkpoint = _kept(base / f"golden-{key}", partial(_freeze_booted, boot, definition, step))
        for number, layer in enumerate(definition.layers, 1):
            make = partial(_freeze_layer, boot, definition, layer, checkpoint, step)
            checkpoint = _kept(base / f"golden-{layer_key(key, definition, number)}", make)
        note_name(base, definition.name)
        return Golden(definition, boot, checkpoint)


def _host(definition: MachineDefinition, accelerator: str) -> str:
    """A description of everything on this computer that a saved state depends on."""
    guest = architecture(definition)
    return f"{emulator_version(guest)} {accelerator} {processor()} {kernel_command(guest, accelerator)}"


def _accelerator(
    definition: MachineDefinition, machines: Path, boots: Callable[[str], bool], step: Step, wanted: str
) -> str:
    if is_foreign(definition):
        return only_emulation(wanted)
    return working_accelerator(machines, boots, step, wanted)


def _adopted(definition: MachineDefinition, part: Path, step: Step, accelerator: str) -> str:
    """Make the disk from an image. Returns the accelerator that is still to be selected, "" if it already is."""
    machines, cache = part.parent, _cache(part)
    known = known_accelerator(machines)
    unconnected = replace(definition, network="none")  # the disk is the same with and without a network
    put_image_disk(definition, part, machines, step)
    try:
        boots = partial(answers, unconnected, part, cache)
        adopt(unconnected, part, _accelerator(definition, machines, boots, step, accelerator), cache, step)
    except BaseException:
        if not known:
            forget_accelerator(machines)  # perhaps the image does not boot, rather than the accelerator
        raise
    return ""


@contextmanager
def started(
    golden: Golden,
    cache: Path,
    start: Checkpoint | Template,
    cancellation: Cancellation | None = None,
    *,
    is_clone: bool = False,
) -> Iterator[QemuMachine]:
    """Start a machine from a checkpoint or a template, in a temporary run folder."""
    base = golden.boot.folder
    with (
        in_use(base),
        run_folder(cache) as folder,
        QemuMachine(
            golden.boot, golden.definition, folder, start, cancellation=cancellation, is_clone=is_clone
        ) as machine,
    ):
        os.utime(base / "lock")
        yield machine


def removed_if_damaged(golden: Golden) -> bool:
    """Remove a damaged snapshot and its checkpoints. Returns whether it was damaged."""
    base, frozen = golden.boot.folder, golden.checkpoint
    with locked(base.parent / f"{base.name}.lock"):
        disk = ["qemu-img", "check", "-q", "-U", "-f", "qcow2", str(frozen.disk)]
        if all(_passes(check) for check in (["zstd", "-tq", str(frozen.memory)], disk)):
            return False
        shutil.rmtree(frozen.disk.parent)
        return True


def _passes(check: list[str]) -> bool:
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


def _kept(folder: Path, make: Callable[[Path], None]) -> Checkpoint:
    if not folder.exists():
        with replacing(folder) as part:
            make(part)
    return Checkpoint(folder / "disk.qcow2", folder / "memory.zst")


def _boots(base: Path, definition: MachineDefinition, accelerator: str) -> bool:
    with run_folder(_cache(base)) as folder:
        try:
            with QemuMachine(Boot(base, accelerator), definition, folder, boot_timeout=PROBE_TIMEOUT):
                return True
        except MachineError:
            return False


def _cache(base: Path) -> Path:
    return base.parent.parent


def _freeze_booted(boot: Boot, definition: MachineDefinition, step: Step, folder: Path) -> None:
    step("booting the machine")
    with run_folder(_cache(boot.folder)) as run, QemuMachine(boot, definition, run) as machine:
        machine.agent.run("systemctl", "is-system-running", "--wait", timeout=_IDLE_TIMEOUT, check=False)
        machine.run(_NAME_IT.format(name=definition.hostname), as_root=True)
        if definition.has_internet:
            step("connecting the machine to the internet")
            machine.run(network_script(), as_root=True)
        if definition.images:
            step(f"getting the container images {', '.join(definition.images)}")
            machine.agent.run(
                "sh", "-c", _GET_IMAGES, "sh", *definition.images, timeout=_PULL_TIMEOUT * len(definition.images)
            )
        _freeze(machine, folder, step)


_GET_IMAGES = 'docker image inspect "$@" >/dev/null 2>&1 || for image; do docker pull --quiet "$image" || exit; done'
_NAME_IT = """
hostname {name}
echo {name} >/etc/hostname
sed -i 's/ debian$/ {name}/' /etc/hosts
"""


def _freeze_layer(
    boot: Boot, definition: MachineDefinition, layer: Layer, below: Checkpoint, step: Step, folder: Path
) -> None:
    with run_folder(_cache(boot.folder)) as run, QemuMachine(boot, definition, run, below) as machine:
        for file in layer.files:
            step(f"writing {file.path}")
            machine.put(file)
        if layer.setup:
            step("running the machine's setup script")
            machine.agent.run("bash", "-e", "-s", stdin=layer.setup.encode(), timeout=_SETUP_TIMEOUT)
        _freeze(machine, folder, step)


def _freeze(machine: QemuMachine, folder: Path, step: Step) -> None:
    """Save a snapshot with a fresh shell at its prompt, which sees everything set up before."""
    step("saving the machine's snapshot")
    machine.agent.run("systemctl", "restart", "castdeck-terminal.service")
    wait_for_prompt(machine.terminal, _IDLE_TIMEOUT)
    machine.freeze(folder)
