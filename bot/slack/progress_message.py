"""A Slack message that shows the progress of a task and then its outcome."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.ops import request_id
from bot.slack.api_errors import FAILURES, error_code, is_retryable, retry_delay
from bot.slack.blocks.admin import progress_message
from bot.slack.blocks.elements import Message

logger = logging.getLogger(__name__)

PROGRESS_INTERVAL_S = 3.0  # minimum seconds between two updates that show progress
UPDATE_INTERVAL_S = 1.0  # minimum seconds before the final update
ATTEMPTS = 4  # attempts at the final update
REFUSED_BLOCKS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
NO_PREVIEWS = {"unfurl_links": False, "unfurl_media": False}

MessageLocation = tuple[str, str]
"""The location of a message: its channel and timestamp."""


class ProgressMessage:
    """A message that shows the progress of `what`, updated at most every `PROGRESS_INTERVAL_S`.

    Use it as a context manager around the work, and call `end` afterwards. Slack is called from a
    separate thread, so the work is not delayed. The first update posts the message to `person`
    and calls `on_posted` with its location. If `place` is set, updates edit that message instead.
    Work that ends within `patience_s` seconds shows nothing.
    """

    def __init__(
        self,
        client: WebClient,
        person: str = "",
        place: MessageLocation | None = None,
        on_posted: Callable[[MessageLocation], None] = lambda _: None,
        what: str = "Reindexing",
        patience_s: float = 0.0,
    ) -> None:
        self._client = client
        self._person = person
        self.place = place
        self._on_posted = on_posted
        self._what = what
        self._patience_s = patience_s
        self._now = ("", 0, 0)
        self._begun: dict[str, float] = {}
        self._free = 0.0  # monotonic time of the next allowed call
        self._news = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=request_id.propagate(self._run), name="live-message", daemon=True
        )

    def __enter__(self) -> ProgressMessage:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._news.set()
        self._thread.join()

    def report(self, phase: str, done: int, total: int) -> None:
        self._begun.setdefault(phase, time.monotonic())
        self._now = (phase, done, total)
        self._news.set()

    def end(self, message: Message) -> bool:
        """Show the outcome, if need be in a new message; return whether Slack accepted it."""
        if self.place is not None and self._update_finally(self.place, message):
            return True
        posted = self._post(message)
        self.place = posted or self.place
        return posted is not None

    def _run(self) -> None:
        self._stopped.wait(self._patience_s)
        self._news.wait()
        shown = None
        while not self._stopped.is_set():
            try:
                if self._now != shown:
                    shown = self._now
                    self._show(shown)
            except Exception:
                logger.exception("progress could not be shown")
            self._stopped.wait(max(PROGRESS_INTERVAL_S, self._free - time.monotonic()))

    def _show(self, now: tuple[str, int, int]) -> None:
        began = self._begun.get(now[0], time.monotonic())
        message = progress_message(*now, time.monotonic() - began, self._what)
        if self.place is not None:
            self._update(self.place, message)
            return
        self.place = self._post(message)
        if self.place is not None:
            self._on_posted(self.place)

    def _update_finally(self, place: MessageLocation, message: Message) -> bool:
        for _ in range(ATTEMPTS):
            time.sleep(max(0.0, self._free - time.monotonic()))
            error = self._update(place, message)
            if error is None or not is_retryable(error):
                return error is None
        return False

    def _update(self, place: MessageLocation, message: Message) -> Exception | None:
        try:
            send_message(self._client.chat_update, message, channel=place[0], ts=place[1])
        except FAILURES as error:
            logger.warning("a message could not be updated: %s", error_code(error))
            self._free = time.monotonic() + max(UPDATE_INTERVAL_S, retry_delay(error))
            return error
        self._free = time.monotonic() + UPDATE_INTERVAL_S
        return None

    def _post(self, message: Message) -> MessageLocation | None:
        posted = post(self._client, self._person, message) if self._person else None
        self._free = time.monotonic() + UPDATE_INTERVAL_S
        return posted


def post(client: WebClient, channel: str, message: Message) -> MessageLocation | None:
    """Post a message to a channel or user. Return its location, or None if the call fails."""
    try:
        posted = send_message(client.chat_postMessage, message, channel=channel, **NO_PREVIEWS)
    except FAILURES as error:
        logger.info("a message could not be posted in %s: %s", channel, error_code(error))
        return None
    return str(posted["channel"]), str(posted["ts"])


def send_message(
    method: Callable[..., SlackResponse], message: Message, **others: Any
) -> SlackResponse:
    """Send a message with `method`; retry without blocks if Slack rejects them.

    Raises `api_errors.FAILURES`.
    """
    try:
        return method(text=message.text, blocks=list(message.blocks), **others)
    except FAILURES as error:
        if error_code(error) not in REFUSED_BLOCKS:
            raise
        return method(text=message.text, blocks=[], **others)
