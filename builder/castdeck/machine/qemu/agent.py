"""The guest agent, which runs castdeck's own commands as root, outside of the author's terminal.

Protocol: https://www.qemu.org/docs/master/interop/qemu-ga-ref.html

A deck's blocks can be root in the guest, so the agent's answers can't be trusted. They are read with limits, their
types are checked, and every wait has a fixed deadline, whatever the guest sends.
"""

import base64
import itertools
import json
import socket
import threading
import time
from collections.abc import Mapping

from castdeck.errors import MachineError
from castdeck.machine.foreign import GoneError, Lines, TooLongError

_POLL = 0.02  # seconds between two questions whether a program has ended; at least
_PATIENCE = 0.02  # this part of its run time, since questions are work for an emulated guest
_MOST_BYTES = 64 << 20  # bytes of one answer
_MOST_VALUES = 1000  # objects, lists and items of one answer, which take many times their bytes in memory
_MOST_STRAY = 10_000  # unrelated lines before castdeck gives the agent up
_READY_TIMEOUT = 30.0
_SYNC_TIMEOUT = 1.0  # seconds until the agent is greeted again: it may have been restarted
_OUTPUT = ("out-data", "err-data")


class AgentRefused(MachineError):
    """The guest's agent refuses a request."""


class GuestAgent:
    """Talks to qemu-ga over a connected socket. Times are in seconds; `guest` is the machine's name in messages."""

    def __init__(self, connection: socket.socket, guest: str = "the guest") -> None:
        self._lines = Lines(connection, _MOST_BYTES)
        self._guest = guest
        self._numbers = itertools.count(int(time.time()))
        self._one_at_a_time = threading.Lock()

    def wait_until_ready(self, timeout: float) -> None:
        """Wait until the agent answers. Raises MachineError after `timeout`."""
        self._greet(time.monotonic() + timeout, f"{self._guest} did not start within {timeout:.0f} s")

    def run(self, *command: str, timeout: float = 60, stdin: bytes = b"", check: bool = True) -> str:
        """Run a command as root in the guest and return its output.

        Raises MachineError if it fails (unless `check` is false) or takes longer than `timeout`. May be called from any
        thread.
        """
        with self._one_at_a_time:
            return self._run(command, timeout, stdin, check)

    def _run(self, command: tuple[str, ...], timeout: float, stdin: bytes, check: bool) -> str:
        self.wait_until_ready(_READY_TIMEOUT)  # it may have been restarted with the guest
        begun = time.monotonic()
        deadline = begun + timeout
        late = f"in {self._guest}, {' '.join(command)} took longer than {timeout:.0f} s"
        arguments = {"path": command[0], "arg": list(command[1:]), "capture-output": True}
        if stdin:
            arguments["input-data"] = base64.b64encode(stdin).decode()
        pid = self._ask("guest-exec", arguments, deadline, late).get("pid")
        if type(pid) is not int:
            raise self._nonsense()
        while not (status := self._ask("guest-exec-status", {"pid": pid}, deadline, late)).get("exited"):
            now = time.monotonic()
            if now > deadline:
                raise MachineError(late)
            time.sleep(min(max(_POLL, _PATIENCE * (now - begun)), deadline - now))
        output = "".join(self._decoded(status.get(key, "")) for key in _OUTPUT)
        code = status.get("exitcode")
        if check and (type(code) is not int or code != 0):
            raise MachineError(f"in {self._guest}, {' '.join(command)} failed:\n{output.strip()[-1500:]}")
        return output

    def _greet(self, deadline: float, late: str) -> None:
        """Have the agent echo a number, so that earlier answers are not mistaken for new ones."""
        stray = 0
        while time.monotonic() < deadline:
            number = next(self._numbers)
            until = min(deadline, time.monotonic() + _SYNC_TIMEOUT)
            try:
                self._send("guest-sync-delimited", {"id": number}, until)
                while self._receive(until).get("return") != number:
                    stray += 1
                    if stray > _MOST_STRAY:
                        raise self._nonsense()
                return
            except TimeoutError:
                continue
        raise MachineError(late)

    def _ask(self, name: str, arguments: Mapping[str, object], deadline: float, late: str) -> dict[str, object]:
        """Send a request, and return the object in the agent's answer."""
        try:
            self._send(name, arguments, deadline)
            answer = self._receive(deadline)
        except TimeoutError:
            raise MachineError(late, hint="its agent does not answer") from None
        if "error" in answer:
            error = answer["error"]
            why = error.get("desc") if isinstance(error, dict) else error
            raise AgentRefused(f"the agent of {self._guest} refused {name}: {str(why)[:500]}")
        returned = answer.get("return")
        if not isinstance(returned, dict):
            raise self._nonsense()
        return returned

    def _nonsense(self) -> MachineError:
        return MachineError(
            f"the agent of {self._guest} sent an invalid answer",
            hint="a block of the deck may have stopped it, or written to its port",
        )

    def _decoded(self, data: object) -> str:
        if not isinstance(data, str):
            raise self._nonsense()
        try:
            return base64.b64decode(data, validate=True).decode(errors="replace")
        except ValueError:
            raise self._nonsense() from None

    def _send(self, name: str, arguments: Mapping[str, object], deadline: float) -> None:
        try:
            self._lines.send(json.dumps({"execute": name, "arguments": arguments}).encode(), deadline)
        except GoneError as error:
            raise MachineError(f"the virtual machine is gone ({error})") from error

    def _receive(self, deadline: float) -> dict[str, object]:
        """The next line as a JSON object, empty if it is not one. Raises TimeoutError at the deadline."""
        try:
            line = self._lines.receive(deadline)
            if sum(map(line.count, (b"[", b"{", b","))) > _MOST_VALUES:
                raise self._nonsense()
            answer = json.loads(line.lstrip(b"\xff"))
        except GoneError as error:
            raise MachineError(f"the virtual machine is gone ({error})") from error
        except TooLongError:
            raise self._nonsense() from None
        except (ValueError, RecursionError):
            return {}
        return answer if isinstance(answer, dict) else {}
