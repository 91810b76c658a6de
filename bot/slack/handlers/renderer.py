"""Makes messages of replies to deliveries, and keeps what was asked."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.commands.spec import Request
from bot.question_log import QuestionLog, record_from_reply
from bot.replies.base import Problem, Reply
from bot.slack.blocks.elements import Message
from bot.slack.blocks.reply import RequestContext, message_of
from bot.slack.channels import ChannelVisibility
from bot.slack.handlers.maps import MapHandler
from bot.slack.queue.delivery import Delivery
from index.search.explore.explorations import Map
from index.storage.db import QuestionRecord

LONGEST_WAIT = 120.0  # seconds; what waited longer had been left by a process that died


@dataclass(frozen=True, eq=False)
class Renderer:
    """What people ask and are answered, as messages. Threads may share it."""

    memory: QuestionLog
    maps: MapHandler
    prefix: str = ""
    places: ChannelVisibility = field(default_factory=ChannelVisibility, init=False)

    def message(
        self,
        delivery: Delivery,
        request: Request | Problem | None,
        reply: Reply,
        asked: RequestContext,
        *,
        alone: bool,
    ) -> Message:
        """The reply as the message that will be seen; what was asked is kept, and the picture of a
        map is sent, to the asker `alone` or where they asked."""
        picture = ""
        if isinstance(reply, Map):
            where = (delivery.user, delivery.channel, delivery.thread)
            picture = self.maps.send(reply, *where, name=delivery.user_name, alone=alone)
        request = request if isinstance(request, Request) else None
        asked = replace(asked, request=request, prefix=self.prefix, picture=picture)
        return message_of(reply, replace(asked, question=self.keep(delivery, request, reply)))

    def keep(self, delivery: Delivery, request: Request | None, reply: Reply) -> str:
        """Keeps what was asked, and returns the id under which votes on the reply are taken;
        empty where nothing is kept of it."""
        asked = QuestionRecord(
            id=_name(delivery),
            at=datetime.fromtimestamp(delivery.received, UTC),
            person=delivery.user,
            place=self.places.of(delivery.channel, delivery.place),
            channel=delivery.channel,
            seconds=_seconds(delivery),
        )
        question = record_from_reply(asked, request, reply)
        if question is None and delivery.kind == "edit":
            self.remove(delivery)
        if question is None or not self.memory.keeps:
            return ""
        self.memory.record(question)
        return question.id

    def remove(self, delivery: Delivery) -> None:
        """Deletes the question that a delivery is about."""
        self.memory.remove(_name(delivery))


def _seconds(delivery: Delivery) -> float | None:
    """How long somebody has waited for the reply; None for what an earlier process took."""
    waited = time.time() - delivery.received
    return round(waited, 3) if 0 <= waited <= LONGEST_WAIT else None


def _name(delivery: Delivery) -> str:
    """The id of a question: the same for its edits, its deletion, and when it comes again."""
    return hashlib.sha256(f"{delivery.channel}/{delivery.question}".encode()).hexdigest()[:16]
