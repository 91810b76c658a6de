"""The server side of Socket Mode: tickets, sockets, envelopes and acknowledgements.

Each payload is sent to one of up to ten sockets. A socket can be disconnected, reset, or made
half-open: it then accepts all input and sends nothing, not even a pong.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import contextlib
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMsgType, web

from tests.fake_slack.core import Core
from tests.fake_slack.records import Attempt, Delivery

SOCKET_LIMIT = 10
TICKET_SECONDS = 30.0
Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


@dataclass(eq=False)
class Socket:
    """An open connection from the app."""

    id: str
    ws: web.WebSocketResponse
    request: web.Request
    half_open: bool = False
    leaving: bool = False
    opened: float = field(default_factory=time.time)


class SocketHub:
    """The sockets, and the transport that uses them. Runs on the server's event loop."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.sockets: list[Socket] = []
        self.refusing = False
        self.opened = 0
        self._tickets: dict[str, float] = {}
        self._pending: dict[str, asyncio.Future[Any]] = {}
        self._turn = 0

    def new_url(self) -> str:
        """Return a single-use URL for `apps.connections.open`."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = time.monotonic() + TICKET_SECONDS
        base = self.core.base_url.replace("http://", "ws://")
        return f"{base}/link/?ticket={ticket}&app_id={self.core.identity.app_id}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Handle a WebSocket connection."""
        expires = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if self.refusing or expires < time.monotonic():
            return web.Response(status=503 if self.refusing else 401, text="no connection")
        # `_read` answers pings, so that a half-open socket can leave them unanswered.
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        socket = Socket(uuid.uuid4().hex[:8], ws, request)
        if len(self.sockets) >= SOCKET_LIMIT:
            await self._say_goodbye(socket, "too_many_websockets")
            await ws.close()
            return ws
        with self.core.state.change():
            self.sockets.append(socket)
            self.opened += 1
        await ws.send_json(self._hello())
        pinger = asyncio.create_task(self._ping(socket))
        try:
            await self._read(socket)
        finally:
            pinger.cancel()
            with self.core.state.change():
                self.sockets.remove(socket)
        return ws

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "debug_info": {
                "host": "applink-loopback",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self.core.identity.app_id},
        }

    async def _ping(self, socket: Socket) -> None:
        while True:
            await asyncio.sleep(self.core.settings.ping)
            if not socket.half_open:
                await socket.ws.ping(str(time.time()).encode())

    async def _read(self, socket: Socket) -> None:
        async for frame in socket.ws:
            if socket.half_open:
                continue
            if frame.type is WSMsgType.PING:
                await socket.ws.pong(frame.data)
            elif frame.type is WSMsgType.TEXT:
                with contextlib.suppress(ValueError):
                    self._acknowledge(json.loads(frame.data))

    def _acknowledge(self, message: Any) -> None:
        envelope_id = message.get("envelope_id") if isinstance(message, dict) else None
        answer = self._pending.pop(str(envelope_id), None)
        if answer is not None and not answer.done():  # otherwise Slack has stopped waiting
            answer.set_result(message.get("payload"))

    async def send(self, delivery: Delivery, number: int, reason: str) -> Attempt:
        """Send an envelope to one of the sockets, and wait for its acknowledgement."""
        attempt = Attempt(number, at=time.time())
        socket = self._next_socket()
        if socket is None:
            attempt.error = "connection_failed"
            return attempt
        envelope_id = str(uuid.uuid4())
        envelope: dict[str, Any] = {
            "envelope_id": envelope_id,
            "payload": delivery.payload,
            "type": delivery.envelope,
            "accepts_response_payload": delivery.envelope != "events_api",
        }
        if delivery.envelope == "events_api":
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self._pending[envelope_id] = answer
        try:
            if not socket.half_open:
                await socket.ws.send_json(envelope)
            attempt.body = await asyncio.wait_for(answer, self.core.settings.ack)
            attempt.status = 200
        except TimeoutError:
            attempt.error = "timeout"
        except (ConnectionError, RuntimeError):
            attempt.error = "connection_failed"
        attempt.seconds = time.perf_counter() - began
        return attempt

    def _next_socket(self) -> Socket | None:
        usable = [s for s in self.sockets if not s.leaving and not s.ws.closed]
        if not usable:
            return None
        self._turn += 1
        return usable[self._turn % len(usable)]

    async def disconnect(self, reason: Reason, close_after: float | None) -> None:
        """Send every socket a disconnect message; close it after a delay unless that is None."""
        leaving = list(self.sockets)
        for socket in leaving:
            # After a warning Slack still sends to the socket; after other reasons it does not.
            socket.leaving = reason != "warning"
            await self._say_goodbye(socket, reason)
        if close_after is not None:
            await asyncio.sleep(close_after)
            for socket in leaving:
                await socket.ws.close()

    async def _say_goodbye(self, socket: Socket, reason: Reason) -> None:
        with contextlib.suppress(ConnectionError):
            await socket.ws.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-loopback"}}
            )

    async def drop(self) -> int:
        """Reset every TCP connection without a close frame, and return their number."""
        dropped = list(self.sockets)
        for socket in dropped:
            if socket.request.transport is not None:
                socket.request.transport.abort()
        return len(dropped)

    async def make_half_open(self) -> int:
        """Make every socket half-open, so that it sends nothing, and return their number."""
        for socket in self.sockets:
            socket.half_open = True
        return len(self.sockets)

    async def close(self) -> None:
        for socket in list(self.sockets):
            with contextlib.suppress(ConnectionError, TimeoutError):
                await asyncio.wait_for(socket.ws.close(), 0.5)
