"""What happens when something comes from Slack: record it, acknowledge it, hand it over.

A listener does nothing slow and never raises: Slack waits three seconds for the acknowledgement,
and a trigger for a modal lives as long.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Callable
from typing import Any, Literal

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.desk import Desk
from bot.grammar import COMMANDS, LONGEST_TEXT
from bot.slack.admin_blocks import KEEP, ROLL_BACK
from bot.slack.answer_blocks import ASK, OPEN
from bot.slack.blocks import MORE_OF, NEAR, SHARE
from bot.slack.courier import Courier
from bot.slack.failures import code_of
from bot.slack.feedback_blocks import HELPFUL, NOT_HELPFUL, TELL
from bot.slack.heard import Following, heard, is_direct, spoken
from bot.slack.inbox import Delivery, Inbox
from bot.slack.manifest import EVENT_SCOPES, WHATS_NEAR
from bot.slack.modals import modal_of, opening
from bot.slack.mrkdwn import unescape
from bot.slack.places import place_of
from bot.slack.work import Work
from index.store.ledger import Place
from index.text import shorten

logger = logging.getLogger(__name__)

Body = dict[str, Any]

HEARD = "heard"  # the name of what an event brought, in Bolt's context


class Listeners:
    """Takes what Slack delivers; `register` binds it to a Bolt app."""

    def __init__(
        self,
        desk: Desk,
        inbox: Inbox,
        work: Work,
        courier: Courier,
        prefix: str = "",
        following: Following = "follow",
    ) -> None:
        self._desk = desk
        self._inbox = inbox
        self._work = work
        self._courier = courier
        self._prefix = prefix
        self._following = following

    def register(self, app: App) -> None:
        """Binds each command of the table, each button, the shortcut and the events to their
        listeners."""
        for command in COMMANDS:
            if command.slack:
                app.command(f"/{self._prefix}{command.name}")(self.command)
        app.action(re.compile(rf"^{OPEN}(_\d+)?$"))(self.open_entry)
        app.action(re.compile(rf"^{NEAR}_\d+$"))(self.hop)
        app.action(MORE_OF)(self.more)
        app.action(SHARE)(self.share)
        app.action(re.compile(rf"^{ASK}_\d+$"))(self.ask)
        for action in (HELPFUL, NOT_HELPFUL, TELL):
            app.action(action)(self.vote)
        app.action(KEEP)(self.choose)
        app.action(ROLL_BACK)(self.choose)
        app.shortcut(WHATS_NEAR)(self.whats_near)
        for event in sorted({name.partition(".")[0] for name in EVENT_SCOPES}):
            app.event(event, middleware=[self.record])(self.hear)

    def resume(self) -> int:
        """Answers what an earlier process acknowledged and did not answer; how many there are."""
        waiting = self._inbox.waiting()
        for delivery in waiting:
            self._hand_over(delivery)
        return len(waiting)

    def record(self, body: Body, context: BoltContext, next_: Callable[[], None]) -> None:
        """What somebody said. Bolt acknowledges an event before its listener runs, so that it is
        recorded here, on the way to it."""
        try:
            event = body.get("event") or {}
            self._courier.notes.places.hear(
                str(event.get("channel")), str(event.get("channel_type") or "")
            )
            delivery = heard(event, context.bot_user_id or "", self._following)
            if delivery is not None and self._inbox.record(delivery):
                context[HEARD] = delivery
        except Exception:
            logger.exception("an event could not be understood")
        next_()

    def hear(self, context: BoltContext) -> None:
        """Hands over what somebody said, where it is new and asks anything of the bot."""
        if HEARD in context:
            self._hand_over(context[HEARD])

    def ask(self, ack: Ack, body: Body) -> None:
        """A question under an answer: it is asked in the same thread, once under each."""
        message = body.get("message") or {}
        channel, line = _id(body, "channel"), _value(body)
        thread = str(message.get("thread_ts") or "")
        if not thread and not is_direct(channel):
            thread = str(message.get("ts") or "")
        digest = hashlib.sha256(line.encode()).hexdigest()[:16]
        delivery = Delivery(
            key=f"{channel}/{message.get('ts')}/{digest}",
            kind="question",
            line=line,
            response_url="",
            received=time.time(),
            user=_id(body, "user"),
            user_name=_user_name(body) or "somebody",
            channel=channel,
            thread=thread,
            place=_place(body),
        )
        self._record(ack, delivery)

    def vote(self, ack: Ack, body: Body) -> None:
        """ "Helpful", "Not helpful" and "Tell the glossary's owners"."""
        action: dict[str, Any] = next(iter(body.get("actions") or ()), {})
        delivery = Delivery(
            key=str(body.get("trigger_id") or f"{time.time_ns()}"),
            kind="vote",
            line=f"{action.get('action_id')} {_value(body)}",
            response_url=str(body.get("response_url") or ""),
            received=float(action.get("action_ts") or time.time()),
            user=_id(body, "user"),
            channel=_id(body, "channel"),
            thread=str((body.get("message") or {}).get("thread_ts") or ""),
        )
        self._record(ack, delivery)

    def whats_near(self, ack: Ack, body: Body) -> None:
        """ "What's near this?": the neighbours of a message, for the one who asks alone. These
        are somebody else's words, and nothing that the asker said in public."""
        text = spoken(str((body.get("message") or {}).get("text") or ""))
        self._take(ack, body, f"/{self._prefix}near {shorten(text, LONGEST_TEXT)}", place="private")

    def command(self, ack: Ack, body: Body) -> None:
        """A slash command."""
        line = f"{body.get('command', '')} {unescape(body.get('text') or '')}"
        self._take(ack, body, line)

    def more(self, ack: Ack, body: Body) -> None:
        """ "Show 10": the same question with more neighbours."""
        self._take(ack, body, _value(body))

    def share(self, ack: Ack, body: Body) -> None:
        """ "Share in channel": the same reply for everybody, with who shared it."""
        self._take(ack, body, _value(body), _user_name(body) or "a member")

    def choose(self, ack: Ack, body: Body) -> None:
        """ "Keep" and "Roll back" under the message of a reindex, which then says what came of
        it."""
        message = body.get("message") or {}
        told = unescape(str(message.get("text") or ""))
        self._take(ack, body, _value(body), message=str(message.get("ts") or ""), told=told)

    def hop(self, ack: Ack, body: Body, client: WebClient) -> None:
        """ "Near 1": the neighbours of an entry, in the modal when the button is in one."""
        line = f"/{self._prefix}near {_value(body)}"
        if body.get("view"):
            ack()
            self._update(client, body["view"]["id"], line)
        else:
            self._take(ack, body, line)

    def open_entry(self, ack: Ack, body: Body, client: WebClient) -> None:
        """ "Open": a whole entry in a modal, which opens before anything is looked up."""
        ack()
        line = f"/{self._prefix}define {_value(body)}"
        if body.get("view"):
            self._update(client, body["view"]["id"], line)
            return
        try:
            opened = client.views_open(trigger_id=body["trigger_id"], view=opening())
        except (SlackApiError, SlackClientError, OSError):
            logger.exception("a modal could not be opened")
            return
        self._update(client, opened["view"]["id"], line)

    def _update(self, client: WebClient, view_id: str, line: str) -> None:
        try:
            client.views_update(view_id=view_id, view=modal_of(self._desk.say(line)))
        except SlackApiError as error:
            if code_of(error) != "not_found":  # else it was closed in the meantime
                logger.exception("a modal could not be filled")
        except (SlackClientError, OSError):
            logger.exception("a modal could not be filled")

    def _take(
        self,
        ack: Ack,
        body: Body,
        line: str,
        shared_by: str | None = None,
        message: str = "",
        told: str = "",
        place: Place | None = None,
    ) -> None:
        delivery = Delivery(
            key=str(body.get("trigger_id") or f"{time.time_ns()}"),
            kind="action" if "actions" in body else "command",
            line=line,
            response_url=str(body.get("response_url") or ""),
            received=time.time(),
            shared_by=shared_by,
            user=_id(body, "user"),
            user_name=_user_name(body),
            channel=_id(body, "channel"),
            message=message,
            told=told,
            place=place or _place(body),
        )
        self._record(ack, delivery)

    def _record(self, ack: Ack, delivery: Delivery) -> None:
        new = self._inbox.record(delivery)
        ack()
        if new:
            self._hand_over(delivery)

    def _hand_over(self, delivery: Delivery) -> None:
        self._work.submit(lambda: self._courier.answer(delivery))


def _id(body: Body, what: Literal["user", "channel"]) -> str:
    """The id of who asked or where, which commands and buttons give in different places."""
    given = body.get(what)
    return str((given.get("id") if isinstance(given, dict) else body.get(f"{what}_id")) or "")


def _place(body: Body) -> Place | None:
    """What sort of conversation a command or a button was used in."""
    given = body.get("channel")
    name = given.get("name") if isinstance(given, dict) else body.get("channel_name")
    return place_of(_id(body, "channel"), name=str(name or ""))


def _user_name(body: Body) -> str:
    user = body.get("user")
    if isinstance(user, dict):
        return str(user.get("name") or user.get("username") or "")
    return str(body.get("user_name") or "")


def _value(body: Body) -> str:
    """The value of the button that was pressed; anything else has none."""
    for action in body.get("actions") or ():
        return str(action.get("value") or "")
    return ""
