"""A synchronous QMP client: runs qemu.qmp's asyncio client in a thread of its own."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Coroutine
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, TypeVar

from qemu.qmp import QMPClient, QMPError

from castdeck.errors import MachineError

_T = TypeVar("_T")
_TIMEOUT = 120.0
_LAST_TIMEOUT = 5.0


class Monitor:
    """Speaks QMP over a connected socket: https://www.qemu.org/docs/master/interop/qmp-spec.html

    Takes ownership of the socket, and closes it even if the connection fails (MachineError).
    """

    def __init__(self, connection: socket.socket, timeout: float = _TIMEOUT) -> None:
        self._timeout = timeout
        self._socket = connection
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="castdeck-monitor", daemon=True)
        self._thread.start()
        self._client = QMPClient("castdeck")
        self._client.logger.disabled = True
        try:
            self._wait(self._client.connect(connection))
        except BaseException:
            self.close()
            raise

    def command(self, name: str, **arguments: Any) -> Any:
        """Run a command and return its result. Raises MachineError if QEMU refuses it or is gone."""
        return self._wait(self._client.execute(name, arguments))

    def give_descriptor(self, name: str, descriptor: int) -> None:
        """Pass an open file to QEMU under `name`."""

        async def give() -> None:
            self._client.send_fd_scm(descriptor)
            await self._client.execute("getfd", {"fdname": name})

        self._wait(give())

    def close(self) -> None:
        """Disconnect, silently if QEMU is already gone. Idempotent."""
        if self._loop.is_closed():
            return
        self._timeout = _LAST_TIMEOUT
        for last in (self._client.disconnect, self._end_tasks):
            with contextlib.suppress(MachineError, AssertionError):  # qemu.qmp asserts that it was connected
                self._wait(last())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._socket.close()

    async def _end_tasks(self) -> None:
        """Cancel tasks that a failed connection has left in the loop."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(self._timeout)
        except FutureTimeoutError:
            future.cancel()
            raise MachineError(f"the virtual machine's monitor has not answered for {self._timeout:.0f} s") from None
        except (QMPError, OSError, EOFError, asyncio.CancelledError) as error:
            raise MachineError(f"the virtual machine's monitor does not answer: {error}") from error
