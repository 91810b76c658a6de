"""Listeners for messages in conversations, and for the suggested questions under answers."""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from slack_bolt import Ack, App, BoltContext, BoltRequest

from bot.slack.blocks.answer import ASK
from bot.slack.channels import ChannelVisibility
from bot.slack.events import (
    ThreadMessage,
    ThreadMode,
    delivery_from_event,
    is_direct,
    is_redelivered,
)
from bot.slack.listeners.views import ViewListeners
from bot.slack.manifest import MESSAGE_EVENTS
from bot.slack.payloads import OUTSIDE, Body, delivery_of, id_of, user_name, value_of
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.intake import Intake
from bot.slack.thread_tracker import ThreadTracker

logger = logging.getLogger(__name__)

# Keys in Bolt's context: a recorded delivery, and one rejected because the queue is full.
RECORDED, REJECTED = "recorded", "rejected"


@dataclass(frozen=True, eq=False)
class EventListeners:
    """Listeners for messages. `busy` notifies the user of a rejected delivery."""

    intake: Intake
    attention: ThreadTracker
    views: ViewListeners
    places: ChannelVisibility
    busy: Callable[[Delivery], None]
    following: ThreadMode = "mention"

    def register(self, app: App) -> None:
        for event in sorted({name.partition(".")[0] for name in MESSAGE_EVENTS}):
            app.event(event, middleware=[self.record])(self.hear)
        app.action(re.compile(rf"^{ASK}_\d+$"))(self.ask)

    def record(
        self, body: Body, context: BoltContext, request: BoltRequest, next_: Callable[[], None]
    ) -> None:
        """Record a message in middleware, since Bolt acknowledges events before listeners run."""
        try:
            event = body.get("event") or {}
            shared = bool(body.get("is_ext_shared_channel"))
            kind = str(event.get("channel_type") or "")
            self.places.record(str(event.get("channel")), kind, shared=shared)
            found = delivery_from_event(event, context.bot_user_id or "", self.following)
            outside = bool(body.get(OUTSIDE))
            if isinstance(found, ThreadMessage):
                marked = replace(found.delivery, outside=outside, shared=shared)
                found = ThreadMessage(marked)
            elif found is not None:
                found = replace(found, outside=outside, shared=shared)
            if isinstance(found, Delivery) and is_redelivered(request.headers):
                found = replace(found, repeated=True)
            if isinstance(found, ThreadMessage):
                self.attention.decide(found, self._take_up)
            elif found is not None and self.intake.work.full:
                context[REJECTED] = found
            elif found is not None and self.intake.inbox.record(found):
                context[RECORDED] = found
                if found.kind == "question":
                    self.attention.note(found)
        except Exception:
            logger.exception("an event could not be recorded")
        next_()

    def hear(self, context: BoltContext) -> None:
        """Submit the recorded delivery, or notify the user that the queue is full."""
        if RECORDED in context:
            self.intake.submit(context[RECORDED])
        elif REJECTED in context:
            self.busy(context[REJECTED])

    def _take_up(self, delivery: Delivery) -> None:
        if not self.intake.work.full and self.intake.inbox.record(delivery):
            self.intake.submit(delivery)

    def ask(self, ack: Ack, body: Body) -> None:
        """Handle a suggested question: ask it once, in the thread or modal of its answer."""
        if body.get("view"):
            self.views.ask(ack, body)
            return
        message = body.get("message") or {}
        channel, line = id_of(body, "channel"), value_of(body)
        thread = str(message.get("thread_ts") or "")
        if not thread and not is_direct(channel):
            thread = str(message.get("ts") or "")
        digest = hashlib.sha256(line.encode()).hexdigest()[:16]
        delivery = delivery_of(
            body,
            None,
            key=f"{channel}/{message.get('ts')}/{digest}",
            kind="question",
            line=line,
            user_name=user_name(body) or "somebody",
            thread=thread,
        )
        self.attention.note(delivery)
        self.intake.take(ack, delivery)
