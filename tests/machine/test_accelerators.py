"""Which accelerator is used: found by booting, remembered, or insisted on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from castdeck.errors import MachineError
from castdeck.machine.qemu.accelerators import known_accelerator, working_accelerator


def quiet(step: str) -> None:
    """Hears what is being done."""


def boots_with(*names: str) -> tuple[list[str], Callable[[str], bool]]:
    tried: list[str] = []

    def boots(name: str) -> bool:
        tried.append(name)
        return name in names

    return tried, boots


def test_one_that_boots_is_found_once_and_remembered(tmp_path: Path) -> None:
    tried, boots = boots_with("kvm")
    assert [working_accelerator(tmp_path, boots, quiet) for _ in range(3)] == ["kvm"] * 3
    assert tried == ["kvm"]
    assert known_accelerator(tmp_path) == "kvm"


def test_where_none_boots_machines_are_emulated(tmp_path: Path) -> None:
    _, boots = boots_with()
    assert working_accelerator(tmp_path, boots, quiet) == "tcg,thread=multi"


def test_one_that_is_insisted_on_is_tried_and_kept_and_auto_tries_again(tmp_path: Path) -> None:
    tried, boots = boots_with("kvm")
    assert working_accelerator(tmp_path, boots, quiet, "tcg") == "tcg,thread=multi"
    assert working_accelerator(tmp_path, boots, quiet) == "tcg,thread=multi"
    assert working_accelerator(tmp_path, boots, quiet, "auto") == "kvm"
    with pytest.raises(MachineError, match="no machine boots with hvf on this computer"):
        working_accelerator(tmp_path, boots, quiet, "hvf")
    assert working_accelerator(tmp_path, boots, quiet) == "kvm"
    assert tried == ["kvm", "hvf"]
