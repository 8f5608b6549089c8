"""What a guest, or a block in the sandbox, can't reach or take. docs/security.md names these tests."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from castdeck.machine.kinds import find_definition
from castdeck.machine.qemu.kind import QemuReady
from castdeck.workspace import cache_folder
from tests.emulators import assert_has_no_rights, emulators, listening
from tests.machine.prompt import typed

pytestmark = pytest.mark.timeout(600)


@pytest.mark.vm
def test_the_emulator_has_no_rights_no_network_and_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = find_definition("docker", {}).ready(cache_folder(), lambda step: None)
    assert isinstance(ready, QemuReady)
    with ready.started() as machine:
        (number,) = emulators()
        assert number == machine.pid
        assert_has_no_rights(number)
        assert listening(number) == []
        assert set(machine.run("ls /sys/class/net").split()) == {"lo", "docker0"}  # Docker's own bridge
        assert machine.run("cat /proc/mounts | grep -E '9p|virtiofs|cifs|nfs' || true") == ""


def test_the_sandbox_reaches_no_file_of_the_host_and_no_network(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("host")
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        find_definition("local", {}).ready(cache_folder(), print).started() as machine,
    ):
        port = listener.getsockname()[1]
        listener.settimeout(0.2)
        for path in (secret, "/etc/shadow", Path.home() / ".ssh", "/var/lib", "/root", "/dev/vda", "/dev/kvm"):
            assert typed(machine, f"cat {path} 2>&1 | tail -1")[0].endswith("No such file or directory\n"), path
        assert typed(machine, f"timeout 2 bash -c '</dev/tcp/127.0.0.1/{port}'")[1] != 0
        with pytest.raises(TimeoutError):
            listener.accept()
        assert typed(machine, "touch /usr/x /etc/x 2>/dev/null || echo refused")[0] == "refused\n"
        assert typed(machine, "rm -rf --no-preserve-root / 2>/dev/null; ls ~ | wc -l")[0] == "0\n"
    assert secret.read_text() == "host"
    assert shutil.which("bash")


def test_the_sandbox_runs_without_rights_and_can_not_fill_the_host() -> None:
    with find_definition("local", {}).ready(cache_folder(), print).started() as machine:
        status = typed(machine, "cat /proc/self/status")[0]
        assert "CapEff:\t0000000000000000" in status
        assert "NoNewPrivs:\t1" in status
        for folder in ("/tmp", "/run", "/dev/shm", "/var/tmp", "~"):
            assert typed(machine, f"head -c 600M /dev/zero >{folder}/big", 60)[1] != 0, folder
            typed(machine, f"rm {folder}/big")
        assert typed(machine, "touch /x /dev/x")[1] != 0


def test_a_fork_bomb_in_the_sandbox_ends_with_it() -> None:
    with find_definition("local", {}).ready(cache_folder(), print).started() as machine:
        os.write(machine.terminal, b"bomb() { bomb | bomb & }; bomb\r")
        seen = b""
        while b"Resource temporarily unavailable" not in seen:
            seen += os.read(machine.terminal, 65536)
    left = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit() and _says(entry / "cmdline", b"bomb()")]
    assert left == []


def _says(path: Path, text: bytes) -> bool:
    try:
        return text in path.read_bytes()
    except OSError:
        return False
