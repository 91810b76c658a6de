"""Sending deliveries: one attempt for commands and interactions, up to four for events.

A transport (HTTP or a socket) makes an attempt. The `Dispatcher` schedules retries, shows failures
to the person, and applies the acknowledgement.
"""

import asyncio
import time
from typing import Protocol

from tests.fake_slack import acknowledgements
from tests.fake_slack.core import Core
from tests.fake_slack.records import Attempt, Delivery

TIMED_OUT = ("http_timeout", "timeout")


class Transport(Protocol):
    """A way to reach the app."""

    async def send(self, delivery: Delivery, number: int, reason: str) -> Attempt:
        """Make attempt `number`, counted from 0; `reason` is Slack's reason for a retry."""
        ...


class Dispatcher:
    """Runs deliveries on the server's event loop; `start` may be called from any thread."""

    def __init__(self, core: Core, transport: Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.core = core
        self.transport = transport
        self.loop = loop
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, delivery: Delivery) -> None:
        """Record a delivery and start it."""
        state = self.core.state
        with state.change():
            if not delivery.id:
                delivery.id = state.new_id("Dl")
            state.deliveries.append(delivery)
            state.in_flight += 1
        self.loop.call_soon_threadsafe(self._begin, delivery)

    def _begin(self, delivery: Delivery) -> None:
        task = self.loop.create_task(self._carry_out(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Cancel running deliveries."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry_out(self, delivery: Delivery) -> None:
        state = self.core.state
        try:
            if delivery.envelope == "events_api":
                await self._send_until_acked(delivery)
            else:
                await self._send_once(delivery)
        finally:
            with state.change():
                delivery.done = True
                state.in_flight -= 1

    async def redeliver(self, delivery: Delivery, reason: str) -> Attempt:
        """Send an event again as a retry, regardless of its outcome."""
        attempt = await self._attempt(delivery, max(1, len(delivery.attempts)), reason)
        delivery.error = attempt.error
        return attempt

    async def _send_until_acked(self, delivery: Delivery) -> None:
        attempt = await self._attempt(delivery, 0, "")
        for number, delay in enumerate(self.core.settings.retry_delays, 1):
            if attempt.error is None:
                break
            await asyncio.sleep(delay)
            attempt = await self._attempt(delivery, number, attempt.error)
        delivery.error = attempt.error

    async def _send_once(self, delivery: Delivery) -> None:
        attempt = await self._attempt(delivery, 0, "")
        if attempt.error is None:
            acknowledgements.carry_out(self.core, delivery, attempt.body)
            return
        delivery.error = error_shown(attempt)
        if delivery.envelope == "slash_commands":
            text = f'{delivery.name} failed with the error "{delivery.error}"'
        else:
            text = "We had some trouble connecting. Try again?"
        self.core.notice(delivery.user, delivery.target, delivery.error, text)

    async def _attempt(self, delivery: Delivery, number: int, reason: str) -> Attempt:
        state = self.core.state
        if delivery.envelope == "events_api" and self._is_lost():
            attempt = Attempt(number, at=time.time(), error="http_timeout")
        else:
            attempt = await self.transport.send(delivery, number, reason)
        with state.change():
            delivery.attempts.append(attempt)
        return attempt

    def _is_lost(self) -> bool:
        with self.core.state.change():
            if self.core.lost_attempts == 0:
                return False
            self.core.lost_attempts -= 1
            return True


def error_shown(attempt: Attempt) -> str:
    """Return the error code that Slack shows for a failed command or interaction."""
    if attempt.error in TIMED_OUT:
        return "operation_timeout"
    if attempt.error == "http_error":
        return "http_client_error" if attempt.status < 500 else "http_service_error"
    return "dispatch_failed"
