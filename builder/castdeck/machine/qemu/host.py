"""Properties of this computer that machines depend on."""

import platform
import subprocess
import sys
from pathlib import Path

_CLOCK = Path("/sys/devices/system/clocksource/clocksource0/current_clocksource")
_PROCESSORS = Path("/proc/cpuinfo")
_MODEL = ("vendor_id", "cpu family", "model", "model name", "stepping", "CPU implementer", "CPU part", "CPU revision")


def processor() -> str:
    """The model of this computer's processor; its architecture if the model is not known.

    A state saved on one model may not run on another: it can use instructions that the other lacks, and an emulated
    guest counts time in ticks of the host's processor.
    """
    if sys.platform == "darwin":
        asked = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or platform.machine()
    first = _PROCESSORS.read_text().partition("\n\n")[0] if _PROCESSORS.exists() else ""
    fields = (line.partition(":") for line in first.splitlines())
    return " ".join(value.strip() for name, _, value in fields if name.strip() in _MODEL) or platform.machine()


def has_reliable_counter() -> bool:
    """Whether all cores count time alike, which is so if Linux uses the processor's counter as its clock.

    https://docs.kernel.org/virt/kvm/x86/timekeeping.html
    """
    if not _CLOCK.exists():
        return sys.platform != "linux"
    return _CLOCK.read_text().strip() in {"tsc", "arch_sys_counter"}
