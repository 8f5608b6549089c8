"""Saves and loads the state of a virtual machine: its memory, or only its devices. QEMU calls that migration."""

import os
import subprocess
import time
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.machine.qemu.monitor import Monitor
from castdeck.machine.qemu.template import Template

_TIMEOUT = 120.0  # seconds


def save_memory(monitor: Monitor, target: Path) -> None:
    """Write the state of a stopped machine into a file, packed by zstd. Raises MachineError."""
    _ignore_shared_memory(monitor, False)  # set when a clone was loaded
    monitor.command("migrate-set-parameters", **{"max-bandwidth": 1 << 40})
    reader, writer = os.pipe()
    packer = subprocess.Popen(
        ["zstd", "-1", "-T0", "-q", "-f", "-o", str(target)], stdin=reader, stderr=subprocess.PIPE
    )
    os.close(reader)
    try:
        monitor.give_descriptor("memory", writer)
    finally:
        os.close(writer)
    monitor.command("migrate", uri="fd:memory")
    status = _migrated(monitor)
    _, words = packer.communicate()
    if status != "completed" or packer.returncode:
        raise MachineError(
            f"the machine's memory could not be saved: {words.decode(errors='replace').strip() or status}",
            hint=f"free some space in {target.parent}",
        )


def save_devices(monitor: Monitor, template: Template) -> None:
    """Write the devices' state into a template whose memory the machine has filled. Raises MachineError."""
    _ignore_shared_memory(monitor, True)
    monitor.give_descriptor("devices", template.devices)
    monitor.command("migrate", uri="fd:devices")
    if (status := _migrated(monitor)) != "completed":
        raise MachineError(f"the devices' state could not be saved: {status}")


def load_devices(monitor: Monitor, template: Template) -> None:
    """Begin to load the devices' state from a template."""
    _ignore_shared_memory(monitor, True)
    devices = template.open_devices()
    try:
        monitor.give_descriptor("devices", devices)
    finally:
        os.close(devices)
    monitor.command("migrate-incoming", uri="fd:devices")


def wait_until_loaded(monitor: Monitor) -> None:
    """Wait until a machine has loaded its state. Raises MachineError."""
    deadline = time.monotonic() + _TIMEOUT
    while monitor.command("query-status")["status"] == "inmigrate":
        if time.monotonic() > deadline:
            raise MachineError("the machine's saved memory could not be read")
        time.sleep(0.01)


def _ignore_shared_memory(monitor: Monitor, ignore: bool) -> None:
    """Select whether the state that is saved or loaded excludes memory that is in a file."""
    capability = {"capability": "x-ignore-shared", "state": ignore}
    monitor.command("migrate-set-capabilities", capabilities=[capability])


def _migrated(monitor: Monitor) -> str:
    """Wait until a migration has ended. Returns its last status."""
    deadline = time.monotonic() + _TIMEOUT
    while True:
        status = str(monitor.command("query-migrate").get("status"))
        if status in ("completed", "failed") or time.monotonic() > deadline:
            return status
        time.sleep(0.02)
