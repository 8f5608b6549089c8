"""The process of a virtual machine and what belongs to it end together; another program stands in for QEMU."""

import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from castdeck.machine.qemu import launch as module
from castdeck.machine.qemu.command import Boot
from castdeck.machine.qemu.definition import MachineDefinition
from castdeck.machine.qemu.launch import LOG, Checkpoint, Launch, launch


def wanted(folder: Path, start: Checkpoint | None = None) -> Launch:
    return Launch(Boot(folder, "tcg"), MachineDefinition("lab"), folder, "overlay.qcow2", start)


def played(monkeypatch: pytest.MonkeyPatch, *command: str) -> None:
    monkeypatch.setattr(module, "command_line", lambda *arguments: command)


def test_all_that_was_started_and_opened_ends_with_the_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played(monkeypatch, "sleep", "60")
    with ExitStack() as opened:
        launched = launch(wanted(tmp_path), None, opened)
        assert launched.process.poll() is None and launched.unpacker is None
    assert launched.process.poll() is not None
    assert {one.fileno() for one in (launched.terminal, launched.agent, launched.monitor)} == {-1}


def test_what_cannot_be_started_leaves_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played(monkeypatch, str(tmp_path / "no-such-program"))
    with ExitStack() as opened, pytest.raises(FileNotFoundError):
        launch(wanted(tmp_path), None, opened)


def test_the_memory_of_a_checkpoint_is_unpacked_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory").write_text("memory")
    subprocess.run(["zstd", "-q", str(tmp_path / "memory")], check=True)
    seen: list[int] = []

    def command_line(*arguments: object) -> list[str]:
        seen.append(arguments[-1].saved)  # type: ignore[attr-defined]
        return ["cat", f"/dev/fd/{seen[0]}"]

    monkeypatch.setattr(module, "command_line", command_line)
    with ExitStack() as opened:
        launched = launch(wanted(tmp_path, Checkpoint(tmp_path / "disk", tmp_path / "memory.zst")), None, opened)
        assert launched.process.wait(30) == 0
        assert launched.unpacker and launched.unpacker.wait(30) == 0
    assert (tmp_path / LOG).read_text() == "memory"
