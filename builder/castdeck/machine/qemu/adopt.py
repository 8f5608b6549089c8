"""Makes a machine's disk from an image: boots it once, installs castdeck's files, and powers it off.

A seed disk makes the image's cloud-init start castdeck's agent; without cloud-init, the image's own qemu-ga is used for
that. Either way castdeck's agent answers in the end, on the same port, and does the rest.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.machine.protocol import Step
from castdeck.machine.qemu.agent import AgentRefused
from castdeck.machine.qemu.command import Boot, largest_file
from castdeck.machine.qemu.definition import MachineDefinition
from castdeck.machine.qemu.disk import DISK, create_disk
from castdeck.machine.qemu.disk_format import disk_format
from castdeck.machine.qemu.guest_files import ADOPT, adopted_files, agent_files, packed
from castdeck.machine.qemu.image_cache import put_image
from castdeck.machine.qemu.machine import QemuMachine
from castdeck.machine.qemu.seed import write_seed
from castdeck.machine.run_folders import run_folder

_IMAGE, _GROWN, _SEED = "image", "grown.qcow2", "seed.iso"
_PATIENCE = 900.0  # seconds for an image to answer
_PROBE_PATIENCE = 240.0
_TOLD_EACH = 30.0
_TURN = 5.0
_ADOPT_TIMEOUT = 600.0
_GIB = 1 << 30
_LAST_LINES, _LINE = 8, 120
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|[()][A-Z0-9]|[=>78cM])")
_WHO_ANSWERS = """
[ "$CASTDECK_AGENT" ] && echo castdeck && exit
if command -v cloud-init >/dev/null; then
    case $(cloud-init status 2>&1) in *running* | *'not run'* | *'not started'*) echo later && exit ;; esac
fi
[ -x /usr/bin/python3 ] && echo other || echo no-python
"""
_UNPACK = "tar --extract --directory=/ --no-same-owner"
_TAKE_OVER = "systemctl daemon-reload && systemctl --no-block restart qemu-guest-agent.service"


def put_image_disk(definition: MachineDefinition, folder: Path, machines: Path, step: Step) -> None:
    """Put the image into the new folder `folder`, with an overlay of the machine's disk size. Raises MachineError."""
    assert definition.image
    image, size = folder / _IMAGE, definition.disk * _GIB
    put_image(definition.image, image, machines, largest_file(definition), step)
    form = disk_format(image, definition.image.name)
    if form.size > size:
        needed = -(-form.size // _GIB)
        raise MachineError(
            f"the image {definition.image.name} needs a disk of {needed} GiB, the machine has {definition.disk}",
            hint=f"disk = {needed} in [machine.{definition.name}]",
        )
    create_disk(folder / _GROWN, form.name, _IMAGE, "-u", str(size))


def answers(definition: MachineDefinition, folder: Path, cache: Path, accelerator: str) -> bool:
    """Whether the image boots with an accelerator and answers. Leaves nothing behind."""
    try:
        with _first_boot(definition, folder, cache, accelerator) as machine:
            wait_for_agent(machine, _PROBE_PATIENCE, lambda doing: None)
            return True
    except MachineError:
        return False


def adopt(
    definition: MachineDefinition,
    folder: Path,
    accelerator: str,
    cache: Path,
    step: Step,
    patience: float = _PATIENCE,
) -> None:
    """Boot the image that `put_image_disk` put into `folder`, and write `disk.qcow2` there. Raises MachineError.

    `patience` is the time for the image to answer, in seconds.
    """
    step("booting the image for the first time")
    with _first_boot(definition, folder, cache, accelerator) as machine:
        wait_for_agent(machine, patience, step)
        step("preparing the image's system")
        with suppress(MachineError):  # fails without a network, and there may be no cloud-init
            machine.agent.run("cloud-init", "status", "--wait", timeout=_PATIENCE)
        unpacked = f"{_UNPACK} && sh {ADOPT}"
        machine.agent.run("sh", "-c", unpacked, stdin=packed(adopted_files(definition)), timeout=_ADOPT_TIMEOUT)
        step("shutting it down")
        machine.switch_off(folder / DISK)


@contextmanager
def _first_boot(definition: MachineDefinition, folder: Path, cache: Path, accelerator: str) -> Iterator[QemuMachine]:
    boot = Boot(folder, accelerator, _GROWN, _SEED)
    with run_folder(cache) as run:
        write_seed(run / _SEED, f"castdeck-{folder.stem}")
        with QemuMachine(boot, definition, run, boot_timeout=None) as machine:
            yield machine


def wait_for_agent(machine: QemuMachine, patience: float, step: Step) -> None:
    """Wait for castdeck's agent; if another agent answers, install castdeck's through it. Raises MachineError."""
    start, told, refusal = time.monotonic(), 0.0, ""
    while (waited := time.monotonic() - start) < patience:
        if waited - told > _TOLD_EACH:
            told = waited
            step(f"waiting for the image to answer ({waited:.0f} s)")
        try:
            machine.agent.wait_until_ready(_TURN)
            who = machine.agent.run("sh", "-c", _WHO_ANSWERS).strip()
            if who == "castdeck":
                return
            if who == "no-python":
                refusal = "it has no /usr/bin/python3"
                break
            if who == "other":
                _put_agent(machine)
        except MachineError as error:
            if machine.is_lost():
                raise MachineError(f"the image switched itself off, or QEMU ended: {error.problem.message}") from error
            if isinstance(error, AgentRefused):
                refusal = (
                    error.problem.message
                )  # qemu-ga may be configured to refuse; cloud-init may still start castdeck's agent
    raise _silent(machine, time.monotonic() - start, refusal)


def _put_agent(machine: QemuMachine) -> None:
    with suppress(MachineError):  # the command ends the agent that runs it
        machine.agent.run("sh", "-c", f"{_UNPACK} && {_TAKE_OVER}", stdin=packed(agent_files()))


def _silent(machine: QemuMachine, waited: float, refusal: str) -> MachineError:
    said = [line.strip()[-_LINE:] for line in _ESCAPES.sub("", machine.console()).splitlines() if line.strip()]
    last = "".join(f"\n  | {line}" for line in said[-_LAST_LINES:])
    what = f"the image can't be used: {refusal}" if refusal else f"the image did not answer within {waited:.0f} s"
    return MachineError(
        what + (f"; the last lines of its console:{last}" if last else "; its console says nothing"),
        hint="the image must be for this kind of computer, with systemd, Python 3, and cloud-init or qemu-guest-agent",
    )
