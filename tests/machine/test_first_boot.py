"""Who answers while an image boots for the first time, and what is done about it; the guest is played by the test."""

import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

import castdeck.machine.qemu
from castdeck.errors import MachineError
from castdeck.machine.qemu.adopt import wait_for_agent
from castdeck.machine.qemu.agent import GuestAgent
from castdeck.machine.qemu.machine import QemuMachine

GUEST = Path(castdeck.machine.qemu.__file__).parent / "guest"


class Machine:
    """What is asked of a machine that boots."""

    def __init__(self, connection: socket.socket) -> None:
        self.agent = GuestAgent(connection)

    def console(self) -> str:
        return "\x1b[2Jthe console\r\nlogin: \n"

    def is_lost(self) -> bool:
        return False


def refuse(guest: socket.socket) -> None:
    """Answer as qemu-ga does where a distribution has it run no programs, until one is asked for."""
    lines = guest.makefile("rb")
    while b"guest-exec" not in (line := lines.readline()):
        number = json.loads(line)["arguments"]["id"]
        guest.sendall(b'\xff{"return": %d}\n' % number)
    guest.sendall(b'{"error": {"class": "CommandNotFound", "desc": "guest-exec has been disabled"}}\n')


def test_an_agent_that_refuses_programs_is_told_with_the_consoles_last_lines() -> None:
    ours, guest = socket.socketpair()
    with ours, guest, ThreadPoolExecutor(1) as pool:
        pool.submit(refuse, guest)
        with pytest.raises(MachineError) as caught:
            wait_for_agent(cast(QemuMachine, Machine(ours)), 3, lambda doing: None)
    assert "the image can't be used: the agent of the guest refused guest-exec: guest-exec has been disabled" in str(
        caught.value
    )
    assert "  | the console\n  | login:" in str(caught.value)


def test_an_agent_that_refuses_programs_is_waited_out_until_cloud_init_starts_castdecks() -> None:
    ours, guest = socket.socketpair()
    command = [sys.executable, "-c", f"import agent; agent.serve({guest.fileno()})"]
    started: list[subprocess.Popen[bytes]] = []

    def cloud_init() -> None:
        refuse(guest)
        environment = {**os.environ, "CASTDECK_AGENT": "1"}
        started.append(subprocess.Popen(command, cwd=GUEST, pass_fds=[guest.fileno()], env=environment))

    with ours, guest, ThreadPoolExecutor(1) as pool:
        pool.submit(cloud_init)
        wait_for_agent(cast(QemuMachine, Machine(ours)), 30, lambda doing: None)
    for process in started:
        process.kill()
        process.wait()
