"""Renders replies to deliveries as messages, and logs the questions."""

import hashlib
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.commands.spec import Request
from bot.identity import SeenIn
from bot.question_log import QuestionLog, record_from_reply
from bot.replies.base import Problem, Reply
from bot.slack.blocks.elements import Message
from bot.slack.blocks.reply import RequestContext, message_of
from bot.slack.channels import ChannelVisibility
from bot.slack.events import is_direct
from bot.slack.handlers.maps import MapHandler
from bot.slack.queue.delivery import Delivery
from index.search.explore.explorations import Map
from index.storage.db.questions import QuestionRecord

LONGEST_WAIT = 120.0  # seconds; a longer wait is due to a restart and is not recorded


@dataclass(frozen=True, eq=False)
class Renderer:
    """Renders replies and logs the questions. Thread-safe."""

    memory: QuestionLog
    maps: MapHandler
    prefix: str = ""
    learns: bool = False  # whether ways to ask are learned from questions
    places: ChannelVisibility = field(default_factory=ChannelVisibility, init=False)

    def message(
        self,
        delivery: Delivery,
        request: Request | Problem,
        reply: Reply,
        asked: RequestContext,
        *,
        alone: bool,
    ) -> Message:
        """Render a reply, record the question and send any map picture, as a DM if `alone`."""
        picture = ""
        if isinstance(reply, Map):
            where = (delivery.user, delivery.channel, delivery.thread)
            picture = self.maps.send(reply, *where, name=delivery.user_name, alone=alone)
        parsed = request if isinstance(request, Request) else None
        question = self.log_question(delivery, request, reply)
        quoted = delivery.place == "quoted"
        asked = replace(asked, request=parsed, prefix=self.prefix, picture=picture, quoted=quoted)
        return message_of(reply, replace(asked, question=question, learns=self.learns))

    def seen_in(self, delivery: Delivery) -> SeenIn:
        """Return who sees an answer that is posted where a delivery came from."""
        if is_direct(delivery.channel):
            return "alone"
        return "shared" if delivery.shared or self.places.is_shared(delivery.channel) else "channel"

    def log_question(self, delivery: Delivery, request: Request | Problem, reply: Reply) -> str:
        """Record a question. Return the id that votes refer to, or "" if it is not recorded."""
        waited = round(time.time() - delivery.received, 3)
        asked = QuestionRecord(
            id=_question_id(delivery),
            at=datetime.fromtimestamp(delivery.received, UTC),
            person=delivery.user,
            place=self.places.get(delivery.channel, delivery.place),
            channel=delivery.channel,
            seconds=waited if 0 <= waited <= LONGEST_WAIT else None,
        )
        parsed = request if isinstance(request, Request) else None
        question = record_from_reply(asked, parsed, reply)
        if question is None and delivery.kind == "edit":
            self.remove(delivery)
        if question is None or not self.memory.keeps:
            return ""
        self.memory.record(question)
        return question.id

    def remove(self, delivery: Delivery) -> None:
        self.memory.remove(_question_id(delivery))


def _question_id(delivery: Delivery) -> str:
    """Return the id that a question shares with its edits and its deletion."""
    return hashlib.sha256(f"{delivery.channel}/{delivery.question}".encode()).hexdigest()[:16]
