"""What a saved state depends on in this computer: its processor, and whether that counts time reliably."""

from pathlib import Path

import pytest

from castdeck.machine.qemu import host
from castdeck.machine.qemu.command import kernel_command

XEON = (
    "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel\t\t: 85\nmodel name\t: Intel(R) Xeon(R)\nstepping\t: 7\n"
    "cpu MHz\t\t: 2100.1\n"
)


def test_a_processor_is_known_by_its_model_and_not_by_what_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = tmp_path / "cpuinfo"
    monkeypatch.setattr(host, "_PROCESSORS", described)
    described.write_text(f"{XEON}\n{XEON.replace(': 0', ': 1')}")
    first = host.processor()
    assert first == "GenuineIntel 85 Intel(R) Xeon(R) 7"
    described.write_text(XEON.replace("2100.1", "2700.0"))
    assert host.processor() == first
    described.write_text(XEON.replace("85", "106"))
    assert host.processor() != first


@pytest.mark.parametrize(("clock", "reads_counter"), [("tsc", True), ("hpet", False), ("kvm-clock", False)])
def test_an_emulated_guest_reads_the_processors_counter_where_this_computer_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: str, reads_counter: bool
) -> None:
    current = tmp_path / "current_clocksource"
    current.write_text(f"{clock}\n")
    monkeypatch.setattr(host, "_CLOCK", current)
    assert ("tsc=reliable" in kernel_command("amd64", "tcg,thread=multi").split()) is reads_counter
    assert "tsc=reliable" not in kernel_command("amd64", "kvm")
    assert "tsc=reliable" not in kernel_command("arm64", "tcg,thread=multi")
