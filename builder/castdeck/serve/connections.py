"""Limits the number of connections, and closes idle ones."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 400  # open connections: enough for a whole class
ASKS_WITHIN = 8.0  # seconds from a response to the end of the next request


class Connection(H11Protocol):
    """uvicorn's HTTP protocol, with a time limit for requests: uvicorn itself would wait forever."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin the time limit; refuse one connection too many."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(ASKS_WITHIN, self._look)
        if len(self.connections) > MOST:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        self._timer.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Begin the time limit for the next request."""
        self._wait()
        super().on_response_complete()

    def _wait(self) -> None:
        self._timer.cancel()
        self._timer = self.loop.call_later(ASKS_WITHIN, self._look)

    def _look(self) -> None:
        """Close the connection, unless it is being answered or has become a WebSocket."""
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        if self.cycle and not self.cycle.response_complete:
            self._wait()
        else:
            self.transport.close()
