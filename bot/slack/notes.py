"""What is kept of what people ask in Slack, and where they asked it."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime

from bot.commands.spec import Request
from bot.memory import Memory, question_of
from bot.replies import Reply
from bot.slack.places import Places
from bot.slack.queue.delivery import Delivery
from index.store.ledger import Question

LONGEST_WAIT = 120.0  # seconds; what waited longer had been left by a process that died


class Notes:
    """Keeps the questions of one workspace. Threads may share it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.places = Places()

    def keep(self, delivery: Delivery, request: Request | None, reply: Reply) -> str:
        """Keeps what was asked, and returns the id under which votes on the reply are taken;
        empty where nothing is kept of it."""
        asked = Question(
            id=_name(delivery),
            at=datetime.fromtimestamp(delivery.received, UTC),
            person=delivery.user,
            place=self.places.of(delivery.channel, delivery.place),
            channel=delivery.channel,
            seconds=_seconds(delivery),
        )
        question = question_of(asked, request, reply)
        if question is None and delivery.kind == "edit":
            self.remove(delivery)
        if question is None or not self._memory.keeps:
            return ""
        self._memory.keep(question)
        return question.id

    def remove(self, delivery: Delivery) -> None:
        """Deletes the question that a delivery is about."""
        self._memory.remove(_name(delivery))


def _seconds(delivery: Delivery) -> float | None:
    """How long somebody has waited for the reply; None for what an earlier process took."""
    waited = time.time() - delivery.received
    return round(waited, 3) if 0 <= waited <= LONGEST_WAIT else None


def _name(delivery: Delivery) -> str:
    """The id of a question: the same for its edits, its deletion, and when it comes again."""
    return hashlib.sha256(f"{delivery.channel}/{delivery.question}".encode()).hexdigest()[:16]
