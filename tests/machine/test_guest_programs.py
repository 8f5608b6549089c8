"""The two programs that an image's guest gets, run here: what castdeck asks of qemu-ga, and the terminal."""

import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import castdeck.machine.qemu
from castdeck.errors import MachineError
from castdeck.machine.qemu.agent import GuestAgent

FOLDER = Path(castdeck.machine.qemu.__file__).parent / "guest"
MEGABYTE = 1_000_000


@pytest.fixture
def served() -> Iterator[Callable[[str], socket.socket]]:
    """served("agent") runs a guest program on one end of a socket pair, as on its port, and gives the other end."""
    started: list[subprocess.Popen[bytes]] = []
    ends: list[socket.socket] = []

    def serve(name: str, before: str = "pass") -> socket.socket:
        ours, port = socket.socketpair()
        port.setblocking(name != "terminal")
        code = f"import {name}; {before}; {name}.serve({port.fileno()})"
        started.append(subprocess.Popen([sys.executable, "-c", code], cwd=FOLDER, pass_fds=[port.fileno()]))
        port.close()
        ends.append(ours)
        return ours

    yield serve
    for process in started:
        process.kill()
        process.wait()
    for end in ends:
        end.close()


def test_the_agent_runs_programs_and_tells_how_they_ended(served: Callable[[str], socket.socket]) -> None:
    agent = GuestAgent(served("agent"))
    assert agent.run("sh", "-c", "cat; echo to stderr >&2", stdin=b"given") == "givento stderr\n"
    assert len(agent.run("cat", stdin=b"x" * 5 * MEGABYTE)) == 5 * MEGABYTE
    with pytest.raises(MachineError, match="in the guest, sh -c exit 3 failed"):
        agent.run("sh", "-c", "exit 3")
    with pytest.raises(MachineError, match="failed"):
        agent.run("sh", "-c", "kill -9 $$")
    with pytest.raises(MachineError, match="agent of the guest refused guest-exec: .*No such file or directory"):
        agent.run("no-such-program")
    with pytest.raises(MachineError, match="took longer than 1 s"):
        agent.run("sleep", "3", timeout=1)
    assert agent.run("echo", "still there") == "still there\n"


def test_the_agent_ignores_nonsense_and_refuses_what_it_does_not_know(served: Callable[[str], socket.socket]) -> None:
    end = served("agent")
    end.sendall(b'no json\n[1]\n{"execute": "guest-shutdown"}\n')
    assert b'"class": "CommandNotFound"' in end.recv(65536)
    end.sendall(b'\xff{"execute": "guest-sync-delimited", "arguments": {"id": 7}}\n')
    assert end.recv(65536) == b'\xff{"return": 7}\n'


def read_until(end: socket.socket, wanted: bytes, timeout: float = 20) -> bytes:
    seen, looked_at, deadline = bytearray(), 0, time.monotonic() + timeout
    while seen.find(wanted, looked_at) < 0:
        looked_at = max(0, len(seen) - len(wanted))
        assert select.select([end], [], [], max(0, deadline - time.monotonic()))[0], bytes(seen[-200:])
        seen += end.recv(1 << 20)
    return bytes(seen)


def terminal(served: Callable[..., socket.socket], folder: Path, script: str) -> socket.socket:
    login = folder / "login"
    login.write_text(f"#!/bin/sh\n{script}\n")
    login.chmod(0o755)
    return served("terminal", f"terminal.LOGIN = {str(login)!r}")


def test_the_terminal_is_one_and_signals_are_as_they_should_be(
    served: Callable[..., socket.socket], tmp_path: Path
) -> None:
    end = terminal(served, tmp_path, "stty -echo cols 100 rows 24; yes | head -1; echo go; exec sh -i")
    assert read_until(end, b"go\r\n").startswith(b"y\r\ngo\r\n")
    end.sendall(b"tty; stty size; trap\n")
    assert b"/dev/pts/" in read_until(end, b"24 100\r\n")


def test_the_terminal_shows_megabytes_whole_and_a_key_gets_through_a_flood(
    served: Callable[..., socket.socket], tmp_path: Path
) -> None:
    script = "trap 'echo stopped' INT; stty -echo -onlcr; head -c 20000000 /dev/zero; echo end; yes; sleep 60"
    end = terminal(served, tmp_path, script)
    assert len(read_until(end, b"end\n").partition(b"end\n")[0]) == 20 * MEGABYTE
    end.sendall(b"\x03")
    read_until(end, b"stopped")


def test_programs_are_plain_python_that_the_guest_has(tmp_path: Path) -> None:
    for name in ("agent.py", "terminal.py"):
        text = (FOLDER / name).read_text()
        compile(text, name, "exec", dont_inherit=True)
        imported = [line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))]
        assert set(imported) <= sys.stdlib_module_names | {"__future__"}
    assert os.access(FOLDER, os.R_OK)
