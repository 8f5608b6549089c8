"""What `castdeck machine doctor` finds out of a computer, whatever is missing on it."""

import platform
import shutil
from pathlib import Path

import pytest

from castdeck.errors import MachineError
from castdeck.machine import probe
from castdeck.machine.doctor import advice
from castdeck.machine.qemu import bootstrap
from tests.conftest import Cli


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder: what is put there are the only programs of this computer."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda tool, path=None: which(tool, path=str(programs)))
    return programs


def put(folder: Path, name: str) -> None:
    (folder / name).write_text("#!/bin/sh\necho QEMU emulator version 9\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("there", [[], ["qemu-img"], ["qemu-system-x86_64"], ["qemu-img", "qemu-system-x86_64"]])
def test_parts_of_qemu_are_told_and_nothing_fails(only: Path, tmp_path: Path, there: list[str]) -> None:
    for name in there:
        put(only, name)
    facts = probe.probe(tmp_path)
    assert set(there) <= facts.tools
    assert advice(facts)


def test_doctor_says_what_to_install_where_only_qemu_img_is_there(cli: Cli, only: Path, tmp_path: Path) -> None:
    put(only, "qemu-img")
    done = cli("machine", "doctor", CASTDECK_CACHE=str(tmp_path / "cache"))
    assert done.status == 1
    assert "qemu-system-" in done.out + done.err


def test_all_that_recording_needs_is_named_at_once(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    with pytest.raises(MachineError) as missing:
        bootstrap.require_tools("amd64")
    for package in ("qemu-system-x86", "qemu-utils", "mmdebstrap", "e2fsprogs", "zstd"):
        assert package in str(missing.value)
