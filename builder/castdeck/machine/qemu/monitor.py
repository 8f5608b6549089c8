"""QEMU's monitor, asked from ordinary code: one event loop in a thread of its own around qemu.qmp's client."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from qemu.qmp import QMPClient, QMPError

from castdeck.errors import MachineError

_T = TypeVar("_T")
_TIMEOUT = 120.0


class Monitor:
    """Speaks QMP over a connected socket: https://www.qemu.org/docs/master/interop/qmp-spec.html"""

    def __init__(self, connection: socket.socket) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._client = QMPClient("castdeck")
        self._client.logger.disabled = True
        self._socket = connection
        self._wait(self._connect())

    async def _connect(self) -> None:
        await self._client.connect(self._socket)

    def command(self, name: str, **arguments: Any) -> Any:
        """Run one command and give what it returns. Raises MachineError when QEMU refuses it or is gone."""
        return self._wait(self._client.execute(name, arguments))

    def give_descriptor(self, name: str, descriptor: int) -> None:
        """Hand an open file to QEMU, under `name`."""

        async def give() -> None:
            self._client.send_fd_scm(descriptor)
            await self._client.execute("getfd", {"fdname": name})

        self._wait(give())

    def close(self) -> None:
        """Disconnect; says nothing when QEMU has gone before."""
        with contextlib.suppress(MachineError):
            self._wait(self._client.disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result(_TIMEOUT)
        except (QMPError, OSError, EOFError, TimeoutError, asyncio.CancelledError) as error:
            raise MachineError(f"the virtual machine's monitor does not answer: {error}") from error
