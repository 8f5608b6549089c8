"""Real machines of each kind to test on."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from castdeck.machine.kinds import find_definition
from castdeck.machine.protocol import Ready
from castdeck.workspace import cache_folder


@pytest.fixture(scope="session")
def ssh_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An ssh configuration whose host `box` is an sshd on this computer's loopback, with keys made for it."""
    folder = tmp_path_factory.mktemp("sshd")
    for key in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/user.pub\n"
        "StrictModes no\nPasswordAuthentication no\nUsePAM no\nPidFile none\nPermitRootLogin yes\nPrintMotd no\n"
    )
    host_key = (folder / "host.pub").read_text()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key}")
    config = folder / "ssh_config"
    config.write_text(
        f"Host box\n  HostName 127.0.0.1\n  Port {port}\n  User {getpass.getuser()}\n  IdentityFile {folder}/user\n"
        f"  IdentitiesOnly yes\n  UserKnownHostsFile {folder}/known_hosts\n  LogLevel ERROR\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    program = shutil.which("sshd", path="/usr/sbin:/sbin:/usr/bin")
    assert program, "openssh-server is wanted: make packages-test"
    with subprocess.Popen([program, "-D", "-e", "-f", folder / "sshd_config"], stderr=subprocess.PIPE) as server:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield config
        server.terminate()


@pytest.fixture(
    scope="module", params=[pytest.param("qemu", marks=pytest.mark.vm), pytest.param("ssh"), pytest.param("local")]
)
def ready(request: pytest.FixtureRequest, ssh_config: Path) -> Ready:
    """A machine of each kind, made."""
    tables = {
        "qemu": ("docker", {}),
        "ssh": ("box", {"box": {"kind": "ssh", "host": "box", "config": str(ssh_config)}}),
        "local": ("local", {}),
    }
    name, table = tables[request.param]
    return find_definition(name, table).ready(cache_folder(), lambda step: None)
