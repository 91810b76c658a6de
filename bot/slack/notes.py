"""What is kept of what people ask in Slack, and where they asked it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from bot.grammar import Request
from bot.kept import question_of
from bot.memory import Memory
from bot.replies import Reply
from bot.slack.inbox import Delivery
from bot.slack.places import Places


class Notes:
    """Keeps the questions of one workspace. Threads may share it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.places = Places()

    def keep(self, delivery: Delivery, request: Request | None, reply: Reply) -> str:
        """Keeps what was asked, and returns the id under which votes on the reply are taken;
        empty where nothing is kept of it."""
        question = question_of(
            reply,
            request,
            name=_name(delivery),
            at=datetime.fromtimestamp(delivery.received, UTC),
            person=delivery.user,
            place=self.places.of(delivery.channel, delivery.place),
            channel=delivery.channel,
        )
        if question is None and delivery.kind == "edit":
            self.remove(delivery)
        if question is None or not self._memory.keeps:
            return ""
        self._memory.keep(question)
        return question.id

    def remove(self, delivery: Delivery) -> None:
        """Deletes the question that a delivery is about."""
        self._memory.remove(_name(delivery))


def _name(delivery: Delivery) -> str:
    """The id of a question: the same for its edits, its deletion, and when it comes again."""
    return hashlib.sha256(f"{delivery.channel}/{delivery.question}".encode()).hexdigest()[:16]
