"""Connections that ask for nothing are closed, and there are only so many."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 400  # open connections, of a whole class say
ASKS_WITHIN = 8.0  # seconds from one request to the next one's end


class Connection(H11Protocol):
    """uvicorn's HTTP protocol, which would wait for ever for the rest of a request."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A browser has connected, or somebody."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(ASKS_WITHIN, self._look)
        if len(self.connections) > MOST:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        self._timer.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """A request was answered."""
        self._wait()
        super().on_response_complete()

    def _wait(self) -> None:
        self._timer.cancel()
        self._timer = self.loop.call_later(ASKS_WITHIN, self._look)

    def _look(self) -> None:
        """Close it, unless a request is being answered, or it has become a WebSocket's."""
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        if self.cycle and not self.cycle.response_complete:
            self._wait()
        else:
            self.transport.close()
