"""One connection to the server: whoever asks for nothing, or does not take the answer, makes room.

The library waits without end for a request that has begun, so that a few hundred half-open
connections would keep everybody else out.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

ASKED_WITHIN = 20.0  # seconds to a whole request, from the connection or the last answer
LOOKED_AFTER = 60.0  # seconds after which an answer of which nothing more was taken is given up


class Connection(H11Protocol):
    """A connection with an end, for as long as it is not that of a socket."""

    _timer: asyncio.TimerHandle | None = None
    _left = 0  # bytes of an answer when it was last looked after

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look_after(ASKED_WITHIN)
        if self.limit_concurrency and len(self.connections) >= self.limit_concurrency:
            idle = [one for one in self.connections if isinstance(one, Connection) and one.idle()]
            first = min(idle, key=lambda one: one.ends)
            self.connections.discard(first)  # it goes by itself a moment later
            first.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave_alone()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, *given: Any) -> None:
        self._leave_alone()
        super().handle_websocket_upgrade(*given)

    def on_response_complete(self) -> None:
        self._look_after(ASKED_WITHIN)
        super().on_response_complete()

    @property
    def ends(self) -> float:
        """When it is looked after next."""
        return 0.0 if self._timer is None else self._timer.when()

    def idle(self) -> bool:
        """Whether no whole request waits for its answer."""
        return self.cycle is None or self.cycle.response_complete

    def _look_after(self, seconds: float) -> None:
        self._leave_alone()
        self._timer = self.loop.call_later(seconds, self._look)

    def _leave_alone(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        left = self.transport.get_write_buffer_size()
        if self.idle() or left and left == self._left:
            self.transport.abort()
            return
        self._left = left
        self._look_after(LOOKED_AFTER)
