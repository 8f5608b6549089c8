"""QEMU's monitor, played by a thread at the other end of a socket: answers, refusals, silence, and its end."""

import array
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from castdeck.errors import MachineError
from castdeck.machine.qemu.monitor import Monitor

GREETING = {"QMP": {"version": {"qemu": {"major": 8, "minor": 2, "micro": 0}, "package": ""}, "capabilities": []}}
Answer = Callable[[dict[str, Any]], dict[str, Any] | None]


class PlayedQemu:
    """Greets, then answers each command; None is no answer, and "quit" hangs up. `got` are descriptors handed over."""

    def __init__(self, answer: Answer, greeting: bytes | None = None) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.got: list[int] = []
        self._answer = answer
        self._greeting = json.dumps(GREETING).encode() + b"\r\n" if greeting is None else greeting
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with self.theirs:
            self.theirs.sendall(self._greeting)
            text = ""
            while data := self._received():
                text = (text + data.decode()).lstrip()
                while text:
                    try:
                        asked, end = json.JSONDecoder().raw_decode(text)
                    except ValueError:
                        break
                    text = text[end:].lstrip()
                    if asked["execute"] == "quit":
                        return
                    answer = {"return": {}} if asked["execute"] == "qmp_capabilities" else self._answer(asked)
                    if answer is not None:
                        own = {"id": asked["id"]} if "id" in asked else {}
                        self.theirs.sendall(json.dumps({**answer, **own}).encode() + b"\r\n")

    def _received(self) -> bytes:
        try:
            data, ancillary, _, _ = self.theirs.recvmsg(65536, socket.CMSG_SPACE(4))
        except OSError:
            return b""
        for _, _, value in ancillary:
            self.got += array.array("i", value)
        return data

    def close(self) -> None:
        self.ours.close()
        self.theirs.close()
        self._thread.join()
        for descriptor in self.got:
            os.close(descriptor)


@pytest.fixture
def played() -> Iterator[Callable[..., PlayedQemu]]:
    made: list[PlayedQemu] = []

    def make(answer: Answer, greeting: bytes | None = None) -> PlayedQemu:
        made.append(PlayedQemu(answer, greeting))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    assert "castdeck-monitor" not in {thread.name for thread in threading.enumerate()}


def test_a_command_is_answered(played: Callable[..., PlayedQemu]) -> None:
    asked: list[dict[str, Any]] = []

    def answer(command: dict[str, Any]) -> dict[str, Any]:
        asked.append(command)
        return {"return": {"status": "running"}}

    monitor = Monitor(played(answer).ours)
    assert monitor.command("query-status", verbose=True) == {"status": "running"}
    assert (asked[0]["execute"], asked[0]["arguments"]) == ("query-status", {"verbose": True})
    monitor.close()


def test_what_qemu_refuses_is_an_error_and_the_next_command_works(played: Callable[..., PlayedQemu]) -> None:
    refusals = iter([{"error": {"class": "GenericError", "desc": "no such disk"}}, {"return": {}}])
    monitor = Monitor(played(lambda command: next(refusals)).ours)
    with pytest.raises(MachineError, match="no such disk"):
        monitor.command("blockdev-del")
    assert monitor.command("cont") == {}
    monitor.close()


def test_an_open_file_is_handed_over(played: Callable[..., PlayedQemu]) -> None:
    qemu = played(lambda command: {"return": {}})
    monitor = Monitor(qemu.ours)
    reading, writing = os.pipe()
    monitor.give_descriptor("memory", writing)
    os.close(writing)
    os.write(qemu.got[0], b"the same file")
    assert os.read(reading, 100) == b"the same file"
    os.close(reading)
    monitor.close()


def test_silence_is_an_error_after_a_while(played: Callable[..., PlayedQemu]) -> None:
    monitor = Monitor(played(lambda command: None).ours, timeout=0.2)
    with pytest.raises(MachineError, match="has not answered"):
        monitor.command("query-status")
    monitor.close()


def test_a_qemu_that_is_gone_is_an_error(played: Callable[..., PlayedQemu]) -> None:
    monitor = Monitor(played(lambda command: None).ours)
    with pytest.raises(MachineError, match="does not answer"):
        monitor.command("quit")
    with pytest.raises(MachineError, match="does not answer"):
        monitor.command("query-status")
    monitor.close()
    monitor.close()


@pytest.mark.parametrize("greeting", [b"this is no QMP\r\n", b"{}\r\n", b""], ids=["text", "object", "silence"])
def test_a_connection_that_fails_leaves_no_thread_and_no_socket(
    played: Callable[..., PlayedQemu], greeting: bytes
) -> None:
    qemu = played(lambda command: None, greeting)
    with pytest.raises(MachineError):
        Monitor(qemu.ours, timeout=0.5)
    assert qemu.ours.fileno() == -1
