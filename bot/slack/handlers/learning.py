"""Learns ways to ask from votes, choices and opened entries."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.admin.way_learning import WayLearner
from bot.question_log import QuestionLog
from bot.slack.blocks.elements import Message
from bot.slack.blocks.learning import consent_message, meant_message, question_of
from bot.slack.payloads import Body, action_of, id_of, value_of
from bot.slack.queue.worker_pool import WorkerPool
from index.errors import NearsayError
from index.storage.db.questions import QuestionRecord
from index.text import one_line

logger = logging.getLogger(__name__)

THANKS = "Thank you."
PROPOSED = "Thank you. Your question is proposed as a way to ask for {term}."
NOT_YOURS = "Only the user who asked this question can say what it was about."

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class LearningHandler:
    """Proposes questions as ways to ask. Never raises a `NearsayError`. Thread-safe.

    A question from a private place is proposed only with the consent of the user who asked it. What
    quotes a message of another user is never proposed.
    """

    learner: WayLearner
    memory: QuestionLog
    work: WorkerPool

    def after_vote(
        self, question: str, channel: str, person: str, *, helpful: bool
    ) -> Message | None:
        """Propose a question whose answer was helpful, or return what to ask the voter."""

        def learn() -> Message | None:
            asked = self._asked(question, channel)
            if asked is None or not (asked.is_open or asked.person == person):
                return None
            return self._helped(asked) if helpful else self._missed(asked)

        return self._logged(learn, None)

    def after_consent(self, question: str, entry: str, channel: str) -> None:
        """Propose a question for an entry, after the user who asked it has agreed."""

        def learn() -> None:
            asked = self._asked(question, channel)
            if asked and entry in asked.entries:
                self.learner.propose(asked, entry)

        self._logged(learn, None)

    def choose(self, question: str, entry: str, channel: str, person: str) -> str:
        """Propose a question for the entry that a user chose, if any; return what to tell them. A
        choice by the user who asked is their consent to show the question to the owners."""

        def learn() -> str:
            asked = self._asked(question, channel)
            if asked is None or entry not in asked.entries:
                return THANKS
            if not asked.is_open:
                if not self.memory.share_with_owners(question, person):
                    return NOT_YOURS
                asked = self.memory.get(question) or asked
            own = self.learner.own_entries([entry])
            is_new = bool(own) and self.learner.propose(asked, entry)
            return PROPOSED.format(term=one_line(own[0].term)) if is_new else THANKS

        return self._logged(learn, THANKS)

    def opened(self, body: Body) -> None:
        """Propose a question if the button in its answer opens another entry than the first."""
        question = question_of(str(action_of(body).get("block_id") or ""))
        entry, channel = value_of(body).partition(" from=")[0], id_of(body, "channel")

        def learn() -> None:
            asked = self._asked(question, channel)
            if asked and entry in asked.entries[1:] and entry != asked.entries[0]:
                self.learner.propose(asked, entry)

        if question:
            self.work.submit(lambda: self._logged(learn, None))

    def _asked(self, question: str, channel: str) -> QuestionRecord | None:
        asked = self.memory.get(question)
        is_own = asked is not None and asked.channel == channel and asked.place != "quoted"
        return asked if is_own else None

    def _helped(self, asked: QuestionRecord) -> Message | None:
        first = self.learner.own_entries(asked.entries[:1])
        if asked.outcome != "answered" or not first:
            return None
        if asked.is_open:
            self.learner.propose(asked, first[0].id)
        elif self.learner.is_new(asked, first[0].id):
            return consent_message(asked.id, first[0].id, first[0].term)
        return None

    def _missed(self, asked: QuestionRecord) -> Message | None:
        if not self.learner.own_entries(asked.entries):
            return None
        entries = self.learner.terms(asked.entries)
        return meant_message(asked.id, entries, is_private=not asked.is_open)

    def _logged(self, learn: Callable[[], Result], otherwise: Result) -> Result:
        try:
            return learn()
        except NearsayError as error:
            logger.warning("nothing was learned from a question: %s", error.message)
            return otherwise
