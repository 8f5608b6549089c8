"""A guest whose agent was taken over by a block: every answer is an error that names the guest, and soon."""

import base64
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from castdeck.errors import MachineError
from castdeck.machine.foreign import GoneError, Lines, TooLongError
from castdeck.machine.qemu.agent import GuestAgent
from castdeck.machine.qemu.monitor import Monitor

Play = Callable[[Callable[[socket.socket], None]], GuestAgent]


@pytest.fixture
def played() -> Iterator[Play]:
    """played(guest) is an agent whose other end a function plays, in a thread."""
    ends: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def play(guest: Callable[[socket.socket], None]) -> GuestAgent:
        ours, theirs = socket.socketpair()
        ends.extend((ours, theirs))

        def run() -> None:
            with suppress(OSError):
                guest(theirs)

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return GuestAgent(ours, "the guest docker")

    yield play
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def answering(*answers: Any) -> Callable[[socket.socket], None]:
    """A guest that greets back, and answers with these, as JSON or as bytes; with the last one again and again."""

    def guest(end: socket.socket) -> None:
        left = list(answers)
        for line in end.makefile("rb"):
            request = json.loads(line)
            if request["execute"] == "guest-sync-delimited":
                end.sendall(b'\xff{"return": %d}\n' % request["arguments"]["id"])
                continue
            answer = left.pop(0) if len(left) > 1 else left[0]
            end.sendall(answer if isinstance(answer, bytes) else json.dumps(answer).encode() + b"\n")

    return guest


def flood(end: socket.socket) -> None:
    while True:
        end.sendall(b"{}\n" * 1000)


def drip(end: socket.socket) -> None:
    for _ in itertools.count():
        end.sendall(b"{")
        time.sleep(0.02)


def endless_line(end: socket.socket) -> None:
    while True:
        end.sendall(b"x" * (1 << 20))


@pytest.mark.parametrize("guest", [flood, drip, lambda end: None])
def test_a_guest_that_answers_without_an_end_or_never_has_a_deadline(
    played: Play, guest: Callable[[socket.socket], None]
) -> None:
    begun = time.monotonic()
    with pytest.raises(MachineError, match="guest docker (did not start within|sent an invalid answer)"):
        played(guest).wait_until_ready(0.5)
    assert time.monotonic() - begun < 5


def test_a_line_without_an_end_is_nonsense(played: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("castdeck.machine.qemu.agent._MOST_BYTES", 1 << 22)
    with pytest.raises(MachineError, match="the agent of the guest docker sent an invalid answer"):
        played(endless_line).wait_until_ready(20)


RUNNING = {"return": {"pid": 7}}
NONSENSE = [
    {"return": {}},
    {"return": {"pid": "7"}},
    {"return": {"pid": True}},
    {"return": {"pid": None}},
    {"return": []},
    {"return": 7},
    {},
    [],
    7,
    None,
    b"\n",
    b"\xff\xfe\x00\n",
    b"[" * 100_000 + b"\n",
    b'{"a":' * 100_000 + b"\n",
    b"9" * 5000 + b"\n",
    b"[" + b"[]," * 5_000_000 + b"[]]\n",  # a line as long as it may be took two gigabytes
]


@pytest.mark.parametrize("answer", NONSENSE, ids=lambda answer: repr(answer)[:20])
def test_a_started_program_needs_a_number(played: Play, answer: Any) -> None:
    with pytest.raises(MachineError, match="the agent of the guest docker sent an invalid answer"):
        played(answering(answer)).run("true")


@pytest.mark.parametrize(
    "status",
    [{"exited": True, "exitcode": 0, "out-data": data} for data in (7, ["x"], {"a": 1}, "not base64!", "é")],
    ids=lambda status: repr(status["out-data"]),
)
def test_what_a_program_printed_is_base64(played: Play, status: Any) -> None:
    with pytest.raises(MachineError, match="the agent of the guest docker sent an invalid answer"):
        played(answering(RUNNING, {"return": status})).run("true")


@pytest.mark.parametrize("exitcode", [1, None, "0", False, [], 1e999])
def test_only_the_status_0_is_success(played: Play, exitcode: Any) -> None:
    said = base64.b64encode(b"\x1b[2J").decode()
    ended = {"return": {"exited": True, "exitcode": exitcode, "out-data": said}}
    with pytest.raises(MachineError, match="in the guest docker, true failed") as caught:
        played(answering(RUNNING, ended)).run("true")
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("error", ["no", None, 7, [], {"desc": {"a": 1}}, {"desc": "x" * 100_000}])
def test_an_error_of_any_shape_is_told(played: Play, error: Any) -> None:
    with pytest.raises(MachineError, match="the agent of the guest docker refused guest-exec") as caught:
        played(answering({"error": error})).run("true")
    assert len(str(caught.value)) < 1000


def test_a_program_that_never_ends_takes_no_longer_than_it_may(played: Play) -> None:
    begun = time.monotonic()
    with pytest.raises(MachineError, match="in the guest docker, sleep took longer than 1 s"):
        played(answering(RUNNING, {"return": {"exited": False}})).run("sleep", timeout=1)
    assert time.monotonic() - begun < 5


def test_an_agent_that_stops_reading_is_not_waited_for(played: Play) -> None:
    def guest(end: socket.socket) -> None:
        line = end.makefile("rb").readline()
        end.sendall(b'{"return": %d}\n' % json.loads(line)["arguments"]["id"])

    with pytest.raises(MachineError, match="took longer than 1 s"):
        played(guest).run("cat", stdin=b"x" * 10_000_000, timeout=1)


def test_a_guest_that_goes_away_is_told(played: Play) -> None:
    with pytest.raises(MachineError, match="the virtual machine is gone"):
        played(lambda end: end.shutdown(socket.SHUT_RDWR)).run("true")


def test_lines_come_whole_whatever_they_came_in() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        lines = Lines(ours, 10)
        theirs.sendall(b"one\ntw")
        assert lines.receive(time.monotonic() + 5) == b"one"
        with pytest.raises(TimeoutError):
            lines.receive(time.monotonic() + 0.01)
        theirs.sendall(b"o\n\n")
        assert [lines.receive(time.monotonic() + 5) for _ in range(2)] == [b"two", b""]
        theirs.sendall(b"x" * 11)
        with pytest.raises(TooLongError):
            lines.receive(time.monotonic() + 5)
        theirs.close()
        with pytest.raises(GoneError):
            Lines(ours, 100).receive(time.monotonic() + 5)


def test_a_monitor_that_does_not_greet_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    for greeting in (b"", b"nonsense\n", b"[" * 100_000 + b"\n"):
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(greeting)
            if not greeting:
                theirs.shutdown(socket.SHUT_RDWR)
            with pytest.raises(MachineError, match="monitor"):
                Monitor(ours, timeout=1)
        assert ours.fileno() == -1
    assert set(threading.enumerate()) <= before
