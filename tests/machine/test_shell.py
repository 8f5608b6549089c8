"""`castdeck machine shell`, on a terminal as a user has it; in the sandbox, which starts at once."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.conftest import Cli

GONE = "the machine local was thrown away, with all changes"


@pytest.fixture
def terminal(tmp_path: Path, cli: Cli) -> Iterator["pexpect.spawn[bytes]"]:
    config = {"CASTDECK_CONFIG": str(tmp_path / "config"), "CASTDECK_CACHE": str(tmp_path / "cache")}
    allowed = cli("machine", "allow", "local", "--yes", **config)
    assert allowed.err.endswith("local is allowed\n")
    shell: pexpect.spawn[bytes] = pexpect.spawn(
        sys.executable,
        ["-m", "castdeck", "machine", "shell", "local"],
        cwd=tmp_path,
        env={**os.environ, **config},
        dimensions=(17, 66),
        timeout=30,
    )
    yield shell
    shell.close(force=True)


def test_the_shell_has_this_terminals_size_and_exit_leaves_it(terminal: "pexpect.spawn[bytes]") -> None:
    terminal.expect(r"student@local:~\$ ")
    terminal.sendline("stty size; false; echo status=$?")
    terminal.expect("17 66")
    terminal.expect("status=1")
    terminal.sendline("exit")
    terminal.expect(GONE)
    terminal.expect(pexpect.EOF)


def test_a_key_leaves_it_whatever_runs(terminal: "pexpect.spawn[bytes]") -> None:
    terminal.expect(r"student@local:~\$ ")
    terminal.sendline("sleep 1000")
    terminal.expect("2004l")
    terminal.send("\x1d")
    terminal.expect(GONE)
    terminal.expect(pexpect.EOF)


def test_it_needs_a_terminal_and_leave(cli: Cli, tmp_path: Path) -> None:
    assert "castdeck machine shell needs a terminal" in cli("machine", "shell", "debian").err
    refused = cli("machine", "build", "local", CASTDECK_CONFIG=str(tmp_path / "config"))
    assert refused.status == 1
    assert "castdeck machine allow local" in refused.err
