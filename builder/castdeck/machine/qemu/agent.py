"""The guest agent: a root shell in the guest for castdeck's own chores, beside the author's terminal.

Protocol: https://www.qemu.org/docs/master/interop/qemu-ga-ref.html
"""

import base64
import itertools
import json
import select
import socket
import time
from typing import Any

from castdeck.errors import MachineError

_POLL = 0.02
_MOST_BYTES = 64 << 20  # of one answer
_READY_TIMEOUT = 30.0


class AgentRefused(MachineError):
    """The agent answers, but may not do what it is asked."""


class GuestAgent:
    """Talks to qemu-ga over a connected socket; all times in seconds."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._buffer = b""
        self._numbers = itertools.count(int(time.time()))

    def wait_until_ready(self, timeout: float) -> None:
        """Return once the agent answers. Raises MachineError after `timeout`."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            number = next(self._numbers)
            self._send("guest-sync-delimited", {"id": number})
            try:
                while self._receive(1.0).get("return") != number:
                    pass
                return
            except TimeoutError:
                continue
        raise MachineError(f"the guest did not start within {timeout:.0f} s")

    def run(self, *command: str, timeout: float = 60, given: bytes = b"", check: bool = True) -> str:
        """Run a command as root in the guest and give its output.

        Raises MachineError when it fails (unless `check` is false) or takes longer than `timeout`.
        """
        self.wait_until_ready(_READY_TIMEOUT)  # it may have been started anew, with the guest
        arguments = {"path": command[0], "arg": list(command[1:]), "capture-output": True}
        if given:
            arguments["input-data"] = base64.b64encode(given).decode()
        pid = self._ask("guest-exec", arguments)["pid"]
        deadline = time.monotonic() + timeout
        while not (status := self._ask("guest-exec-status", {"pid": pid}))["exited"]:
            if time.monotonic() > deadline:
                raise MachineError(f"in the guest, {' '.join(command)} took longer than {timeout:.0f} s")
            time.sleep(_POLL)
        output = "".join(
            base64.b64decode(status.get(key, "")).decode(errors="replace") for key in ("out-data", "err-data")
        )
        if check and status.get("exitcode") != 0:
            raise MachineError(f"in the guest, {' '.join(command)} failed:\n{output.strip()[-1500:]}")
        return output

    def _ask(self, name: str, arguments: dict[str, Any]) -> Any:
        self._send(name, arguments)
        try:
            answer = self._receive(30)
        except TimeoutError:
            raise MachineError("the guest agent does not answer") from None
        if "error" in answer:
            raise AgentRefused(f"the guest agent refused {name}: {answer['error'].get('desc')}")
        return answer["return"]

    def _send(self, name: str, arguments: dict[str, Any]) -> None:
        try:
            self._socket.sendall(json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n")
        except OSError as error:
            raise MachineError(f"the virtual machine is gone ({error})") from error

    def _receive(self, timeout: float) -> dict[str, Any]:
        deadline = time.monotonic() + timeout
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._socket], [], [], left)[0]:
                raise TimeoutError
            try:
                data = self._socket.recv(65536)
            except OSError:
                data = b""
            if not data:
                raise MachineError("the virtual machine is gone")
            self._buffer += data
            if len(self._buffer) > _MOST_BYTES:
                raise MachineError("the guest agent answers with nonsense")
        line, self._buffer = self._buffer.split(b"\n", 1)
        try:
            answer: dict[str, Any] = json.loads(line.lstrip(b"\xff"))
        except ValueError:
            return {}
        return answer
