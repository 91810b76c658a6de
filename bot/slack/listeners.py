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
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot import grammar
from bot.grammar import COMMANDS, LONGEST_TEXT
from bot.limits import wait_notice
from bot.slack.admin_blocks import KEEP, ROLL_BACK, note
from bot.slack.answer_blocks import ASK, NEAR
from bot.slack.attention import Attention
from bot.slack.blocks import MORE_OF, SHARE, WHY
from bot.slack.courier import BUSY, Courier
from bot.slack.editing.edit_blocks import RUN
from bot.slack.editing.listeners import EditListeners
from bot.slack.editing.review_message import APPROVE
from bot.slack.elements import MENU
from bot.slack.feedback_blocks import HELPFUL, NOT_HELPFUL, TELL, VOTE
from bot.slack.heard import Following, Overheard, heard, is_direct, spoken
from bot.slack.home import REINDEX
from bot.slack.import_blocks import CANCEL, IMPORT
from bot.slack.latent_blocks import MAP
from bot.slack.manifest import EVENT_SCOPES, HOME_OPENED, WHATS_NEAR
from bot.slack.mrkdwn import unescape
from bot.slack.places import place_of
from bot.slack.pressed import id_of, user_name, value_of, vote_of
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.response_url import send
from bot.slack.thread_courier import SAID
from bot.slack.tone_dial import TONE, toned_line
from bot.slack.view_listeners import ViewListeners
from bot.slack.work import Work
from index.store.ledger import Place
from index.text import shorten

logger = logging.getLogger(__name__)

Body = dict[str, Any]

TOO_OLD = "This button is from an older version of Nearsay and does nothing now. Please ask again."
SHARED = "This has been shared already."
# The names, in Bolt's context, of what an event brought, and of what it brought in vain.
HEARD, TOO_MUCH = "heard", "too_much"


class Listeners:
    """Takes what Slack delivers; `register` binds it to a Bolt app."""

    def __init__(
        self,
        inbox: Inbox,
        work: Work,
        courier: Courier,
        views: ViewListeners,
        editing: EditListeners,
        attention: Attention,
        prefix: str = "",
        following: Following = "mention",
    ) -> None:
        self._inbox = inbox
        self._work = work
        self._courier = courier
        self._views = views
        self._editing = editing
        self._attention = attention
        self._prefix = prefix
        self._following = following

    def register(self, app: App) -> None:
        """Binds each command of the table, each button, the shortcuts and the events to their
        listeners."""
        for command in COMMANDS:  # Bolt asks the listeners in their order, and these come most
            if command.slack:
                app.command(f"/{self._prefix}{command.name}")(self.command)
        self._views.register(app)
        self._editing.register(app)
        app.action(re.compile(rf"^{NEAR}_\d+$"))(self.hop)
        for action in (MORE_OF, WHY):
            app.action(action)(self.more)
        app.action(MENU)(self.choose_from_menu)
        app.action(re.compile(rf"^{TONE}"))(self.tone)
        app.action(re.compile(rf"^{MAP}_\d+$"))(self.more)
        app.action(SHARE)(self.share)
        app.action(re.compile(rf"^{ASK}_\d+$"))(self.ask)
        for action in (VOTE, HELPFUL, NOT_HELPFUL, TELL):
            app.action(action)(self.vote)
        app.action(KEEP)(self.choose)
        app.action(re.compile(rf"^{ROLL_BACK}(_\d+)?$"))(self.choose)
        app.action(APPROVE)(self.choose)
        app.action(re.compile(rf"^{RUN}_\w+$"))(self.choose)
        app.action(REINDEX)(self.reindex)
        for action in (IMPORT, CANCEL):
            app.action(action)(self.decide)
        app.shortcut(WHATS_NEAR)(self.whats_near)
        for event in sorted({name.partition(".")[0] for name in EVENT_SCOPES} - {HOME_OPENED}):
            app.event(event, middleware=[self.record])(self.hear)
        app.action(re.compile(""))(self.too_old)  # the last: what none of the others takes

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
            found = heard(event, context.bot_user_id or "", self._following)
            if isinstance(found, Overheard):
                self._attention.decide(found, self._take_up)
            elif found is not None and self._work.full:
                context[TOO_MUCH] = found
            elif found is not None and self._inbox.record(found):
                context[HEARD] = found
                if found.kind == "question":
                    self._attention.note(found)
        except Exception:
            logger.exception("an event could not be understood")
        next_()

    def hear(self, context: BoltContext) -> None:
        """Hands over what somebody said, where it is new and asks anything of the bot."""
        if HEARD in context:
            self._hand_over(context[HEARD])
        elif TOO_MUCH in context:
            self._courier.busy(context[TOO_MUCH])

    def _take_up(self, delivery: Delivery) -> None:
        """Records and hands over what was said without a mention and is for the bot."""
        if not self._work.full and self._inbox.record(delivery):
            self._hand_over(delivery)

    def ask(self, ack: Ack, body: Body) -> None:
        """A question under an answer: it is asked in the same thread, once under each, or in the
        modal that it is in."""
        if body.get("view"):
            self._views.ask(ack, body)
            return
        message = body.get("message") or {}
        channel, line = id_of(body, "channel"), value_of(body)
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
            user=id_of(body, "user"),
            user_name=user_name(body) or "somebody",
            channel=channel,
            thread=thread,
            place=_place(body),
        )
        self._attention.note(delivery)
        self._record(ack, delivery)

    def vote(self, ack: Ack, body: Body) -> None:
        """ "Helpful", "Not helpful" and "Tell the glossary's owners"."""
        if body.get("view"):
            self._views.vote(ack, body)
            return
        self._record(ack, vote_of(body))

    def whats_near(self, ack: Ack, body: Body) -> None:
        """ "What's near this?": the neighbours of a message, for the one who asks alone. These
        are somebody else's words, and nothing that the asker said in public."""
        text = spoken(str((body.get("message") or {}).get("text") or ""))
        self._take(ack, body, f"/{self._prefix}near {shorten(text, LONGEST_TEXT)}", place="private")

    def command(self, ack: Ack, body: Body) -> None:
        """A slash command."""
        line = f"{body.get('command', '')} {unescape(body.get('text') or '')}"
        wanted = self._editing.wanted(line, self._prefix)
        if wanted is not None:
            self._editing.command(ack, body, wanted)
        else:
            self._take(ack, body, line)

    def more(self, ack: Ack, body: Body) -> None:
        """ "Why?", "Show 10" and "On the map": the line that the button has."""
        self._take(ack, body, value_of(body))

    def choose_from_menu(self, ack: Ack, body: Body) -> None:
        """The menu under a reply: "Open …", or a line such as "Show 10"."""
        if value_of(body).startswith("/"):
            self.more(ack, body)
        else:
            self._views.open_entry(ack, body)

    def tone(self, ack: Ack, body: Body) -> None:
        """A tone that was chosen: the same prompt with it, in the place of the reply above."""
        line = toned_line(body, self._prefix)
        if line:
            self._take(ack, body, line, replaces=True)
        else:
            ack()

    def share(self, ack: Ack, body: Body) -> None:
        """ "Share in channel": the same reply for everybody, with who shared it. Each reply is
        shared once, however often the button is pressed."""
        line = value_of(body)
        at = (body.get("container") or {}).get("message_ts")
        digest = hashlib.sha256(line.encode()).hexdigest()[:16]
        key = f"share/{id_of(body, 'channel')}/{at}/{digest}" if at else ""
        self._take(ack, body, line, user_name(body) or "a member", key=key)

    def choose(self, ack: Ack, body: Body) -> None:
        """ "Keep" and "Roll back" under the message of a reindex, which then says what came of
        it, and under a list of generations; "Undo", "Restore" and "Approve" of what people
        write."""
        if body.get("view"):
            self._views.roll_back(ack, body)
            return
        message = body.get("message") or {}
        told = unescape(str(message.get("text") or ""))
        self._take(ack, body, value_of(body), message=str(message.get("ts") or ""), told=told)

    def reindex(self, ack: Ack, body: Body) -> None:
        """ "Reindex" on the Home tab: a direct message tells how far it is."""
        self._take(ack, body, f"/{self._prefix}near-admin reindex")

    def decide(self, ack: Ack, body: Body) -> None:
        """ "Apply" and "Cancel" under what would come of a glossary."""
        if (body.get("container") or {}).get("is_ephemeral"):
            self._take(ack, body, value_of(body), replaces=True)
            return
        message = body.get("message") or {}
        told = unescape(str(message.get("text") or ""))
        self._take(ack, body, value_of(body), message=str(message.get("ts") or ""), told=told)

    def too_old(self, ack: Ack, body: Body) -> None:
        """A button of a message of an older version, which nothing takes any more."""
        ack()
        url = str(body.get("response_url") or "")
        if url:
            self._work.submit(lambda: _tell(url, TOO_OLD))

    def hop(self, ack: Ack, body: Body) -> None:
        """ "More like …": the neighbours of an entry, in the modal when the button is in one."""
        if body.get("view"):
            self._views.hop(ack, body)
            return
        self._take(ack, body, f"/{self._prefix}near {value_of(body)}")

    def _take(
        self,
        ack: Ack,
        body: Body,
        line: str,
        shared_by: str | None = None,
        message: str = "",
        told: str = "",
        place: Place | None = None,
        *,
        replaces: bool = False,
        key: str = "",
    ) -> None:
        delivery = Delivery(
            key=key or str(body.get("trigger_id") or f"{time.time_ns()}"),
            kind="action" if "actions" in body else "command",
            line=line,
            response_url=str(body.get("response_url") or ""),
            received=time.time(),
            shared_by=shared_by,
            user=id_of(body, "user"),
            user_name=user_name(body),
            channel=id_of(body, "channel"),
            message=message,
            told=told,
            place=place or _place(body),
            replaces=replaces,
        )
        self._record(ack, delivery)

    def _record(self, ack: Ack, delivery: Delivery) -> None:
        if self._work.full:
            ack(BUSY) if delivery.kind == "command" else ack()
            return
        new = self._inbox.record(delivery)
        told = ""
        if new and delivery.kind == "command":
            told = wait_notice(grammar.parse(delivery.line, self._prefix))
        ack(told) if told else ack()
        if new:
            self._hand_over(delivery)
        elif delivery.shared_by is not None:
            self._work.submit(lambda: _tell(delivery.response_url, SHARED))

    def _hand_over(self, delivery: Delivery) -> None:
        """What was said in one channel is answered in the order in which it was said."""
        lane = delivery.channel if delivery.kind in SAID else ""
        self._work.submit(lambda: self._courier.answer(delivery), lane)


def _tell(url: str, text: str) -> None:
    send(url, note(text), in_channel=False)


def _place(body: Body) -> Place | None:
    """What sort of conversation a command or a button was used in."""
    given = body.get("channel")
    name = given.get("name") if isinstance(given, dict) else body.get("channel_name")
    return place_of(id_of(body, "channel"), name=str(name or ""))
