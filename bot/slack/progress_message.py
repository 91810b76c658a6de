"""A message in Slack that tells how far something is, and in the end what came of it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.ops import request_id
from bot.slack.api_errors import FAILURES, code_of, is_retryable, wait_of
from bot.slack.blocks.admin import progress_message
from bot.slack.blocks.elements import Message

logger = logging.getLogger(__name__)

EVERY = 1.0  # seconds between two updates, at least
ATTEMPTS = 4  # at the last one
REFUSED_BLOCKS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
NO_PREVIEWS = {"unfurl_links": False, "unfurl_media": False}

Place = tuple[str, str]
"""Where a message is: its channel and timestamp."""


class ProgressMessage:
    """One message that says how far `what` is, posted to `person` when there is something to tell,
    and updated at most once a second on a thread of its own, so that the work does not wait for
    Slack. With `place` it is one that is there already; without a person, that alone.

    `on_posted` is told where it is. Used as a context manager around the work; `end` comes after.
    """

    def __init__(
        self,
        client: WebClient,
        person: str = "",
        place: Place | None = None,
        on_posted: Callable[[Place], None] = lambda _: None,
        what: str = "Reindexing",
    ) -> None:
        self._client = client
        self._person = person
        self.place = place
        self._on_posted = on_posted
        self._what = what
        self._now = ("", 0, 0)
        self._begun: dict[str, float] = {}
        self._free = 0.0  # when the next call may be made
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

    def tell(self, phase: str, done: int, total: int) -> None:
        """How far it is; shown with the next update."""
        self._begun.setdefault(phase, time.monotonic())
        self._now = (phase, done, total)
        self._news.set()

    def end(self, message: Message) -> bool:
        """Puts the last content; returns whether it is to be seen somewhere.

        Where the message cannot be changed any more, that is a new one to the person.
        """
        if self.place is not None and self._put_last(self.place, message):
            return True
        posted = self._post(message)
        self.place = posted or self.place
        return posted is not None

    def _run(self) -> None:
        self._news.wait()
        told = None
        while not self._stopped.is_set():
            try:
                if self._now != told:
                    told = self._now
                    self._show(told)
            except Exception:
                logger.exception("what is going on could not be shown")
            self._stopped.wait(max(EVERY, self._free - time.monotonic()))

    def _show(self, now: tuple[str, int, int]) -> None:
        began = self._begun.get(now[0], time.monotonic())
        message = progress_message(*now, time.monotonic() - began, self._what)
        if self.place is not None:
            self._update(self.place, message)
            return
        self.place = self._post(message)
        if self.place is not None:
            self._on_posted(self.place)

    def _put_last(self, place: Place, message: Message) -> bool:
        for _ in range(ATTEMPTS):
            time.sleep(max(0.0, self._free - time.monotonic()))
            error = self._update(place, message)
            if error is None:
                return True
            code = code_of(error)
            if code in REFUSED_BLOCKS and message.blocks:
                message = Message(message.text, [])
            elif not is_retryable(error):
                return False
        return False

    def _update(self, place: Place, message: Message) -> Exception | None:
        try:
            self._client.chat_update(
                channel=place[0], ts=place[1], text=message.text, blocks=list(message.blocks)
            )
        except FAILURES as error:
            logger.warning("a message could not be updated: %s", code_of(error))
            self._free = time.monotonic() + max(EVERY, wait_of(error))
            return error
        self._free = time.monotonic() + EVERY
        return None

    def _post(self, message: Message) -> Place | None:
        posted = post(self._client, self._person, message) if self._person else None
        self._free = time.monotonic() + EVERY
        return posted


def post(client: WebClient, channel: str, message: Message) -> Place | None:
    """Posts a message in a channel, or as a direct message to the user of that id; None where
    Slack does not take it. When it refuses the blocks, the text goes alone."""
    try:
        posted = sent(client.chat_postMessage, message, channel=channel, **NO_PREVIEWS)
    except FAILURES as error:
        logger.info("no message could be posted in %s: %s", channel, code_of(error))
        return None
    return str(posted["channel"]), str(posted["ts"])


def sent(method: Callable[..., SlackResponse], message: Message, **others: Any) -> SlackResponse:
    """Sends a message by a method of a client; where Slack refuses its blocks, the text alone."""
    try:
        return method(text=message.text, blocks=list(message.blocks), **others)
    except FAILURES as error:
        if code_of(error) not in REFUSED_BLOCKS:
            raise
        return method(text=message.text, blocks=[], **others)
