"""What admins ask for in Slack and is more than one answer: a reindex that tells how far it is,
the buttons under it, and an export as a file."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.actors import Actor
from bot.desk import Desk
from bot.grammar import Request
from bot.replies import Problem, Reply
from bot.slack.admin_blocks import progress_message, settled
from bot.slack.blocks import Asked, message_of
from bot.slack.elements import Message, section
from bot.slack.inbox import Delivery
from index.export import Exported

logger = logging.getLogger(__name__)

EVERY = 1.0  # seconds between two updates of a message
PATIENCE = 30.0  # seconds that Slack may ask us to wait before the last one
TROUBLES = (SlackApiError, SlackClientError, OSError)


class AdminCourier:
    """Works off what admins ask for. Threads may share it."""

    def __init__(self, desk: Desk, client: WebClient, prefix: str) -> None:
        self._desk = desk
        self._client = client
        self._prefix = prefix

    def takes(self, request: Request, delivery: Delivery) -> bool:
        """Whether a request is one of those that need more than one answer."""
        if request.command != "near-admin":
            return False
        if request.verb == "reindex":
            return request.text.casefold() != "cancel" and "dry-run" not in request.options
        return request.verb == "export" or bool(delivery.message)

    def answer(self, delivery: Delivery, request: Request, actor: Actor) -> Message | None:
        """Does what is asked for. Returns what only the asker is to see, or None when they see it
        elsewhere."""
        if not actor.admin:
            return self._message(self._desk.handle(request, actor), request)
        if request.verb == "reindex":
            return self._reindex(delivery, request, actor)
        reply = self._desk.handle(request, actor)
        if isinstance(reply, Exported):
            return self._send_file(reply, actor)
        if delivery.message and not isinstance(reply, Problem):
            told = settled(delivery.told, reply)  # type: ignore[arg-type]
            if self._update(delivery.channel, delivery.message, told):
                return None
        return self._message(reply, request)

    def _message(self, reply: Reply, request: Request) -> Message:
        return message_of(reply, Asked(request, self._prefix))

    def _reindex(self, delivery: Delivery, request: Request, actor: Actor) -> Message | None:
        """One message that updates itself: in the channel where the bot is a member, else as a
        direct message."""
        begun = progress_message("", 0, 0, 0)
        place = self._post(delivery.channel, begun) or self._post(actor.id, begun)
        if place is None:
            return self._message(self._desk.handle(request, actor), request)
        channel, message = place
        with _Teller(lambda told: self._update(channel, message, told)) as teller:
            reply = self._desk.handle(request, actor, teller.tell)
        last = self._message(reply, request)
        if not self._update(channel, message, last, patient=True):
            return last
        if channel == delivery.channel:
            return None
        text = "The reindex reports in a direct message, since I am no member of this channel."
        return Message(text, [section(text)])

    def _send_file(self, reply: Exported, actor: Actor) -> Message:
        """An export, as a file in a direct message to the one who asked."""
        told = f"{reply.entries:,} entries of {reply.generation}"
        place = self._post(actor.id, Message(told, [section(told)]))
        try:
            if place is None:
                raise SlackClientError("no direct message could be opened")
            file = Path(reply.path)
            self._client.files_upload_v2(channel=place[0], file=str(file), filename=file.name)
        except TROUBLES:
            logger.exception("an export could not be sent")
            text = "The export could not be sent to you; it lies on the server, in exports."
            return Message(text, [section(text)])
        text = f"{told}: sent to you as a direct message."
        return Message(text, [section(text)])

    def _post(self, channel: str, message: Message) -> tuple[str, str] | None:
        """Posts a message; where it is, or None where the bot may not write."""
        if not channel:
            return None
        try:
            posted = self._client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=list(message.blocks),
                unfurl_links=False,
                unfurl_media=False,
            )
        except TROUBLES as error:
            logger.info("no message could be posted in %s: %s", channel, _code(error))
            return None
        return str(posted["channel"]), str(posted["ts"])

    def _update(
        self, channel: str, message: str, content: Message, *, patient: bool = False
    ) -> bool:
        """Puts other content into a message. Where it is the `patient` last one, waits once when
        Slack asks for it."""
        for attempt in (1, 2):
            try:
                self._client.chat_update(
                    channel=channel,
                    ts=message,
                    text=content.text,
                    blocks=list(content.blocks),
                )
                return True
            except TROUBLES as error:
                if not patient or attempt == 2 or _code(error) != "ratelimited":
                    logger.warning("a message could not be updated: %s", _code(error))
                    return False
                time.sleep(_wait(error))
        return False


class _Teller:
    """Tells how far something is, at most once a second, on a thread of its own, so that the
    work does not wait for Slack."""

    def __init__(self, send: Callable[[Message], object]) -> None:
        self._send = send
        self._now = ("", 0, 0)
        self._begun: dict[str, float] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="teller", daemon=True)

    def __enter__(self) -> _Teller:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def tell(self, phase: str, done: int, total: int) -> None:
        self._begun.setdefault(phase, time.monotonic())
        self._now = (phase, done, total)

    def _run(self) -> None:
        told = self._now
        while not self._stopped.wait(EVERY):
            if self._now != told:
                told = self._now
                seconds = time.monotonic() - self._begun.get(told[0], time.monotonic())
                self._send(progress_message(*told, seconds))


def _code(error: Exception) -> str:
    return str(error.response["error"]) if isinstance(error, SlackApiError) else repr(error)


def _wait(error: Exception) -> float:
    """The seconds that Slack asks us to wait, within reason."""
    headers = error.response.headers if isinstance(error, SlackApiError) else {}
    asked = str(headers.get("Retry-After", ""))
    return min(PATIENCE, float(asked)) if asked.isdecimal() else EVERY
