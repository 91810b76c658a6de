"""Takes votes on answers, and the consent to show a question to the glossary's owners."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime

from slack_sdk import WebClient

from bot.memory import Memory
from bot.slack.admin_blocks import note
from bot.slack.failures import FAILURES, code_of
from bot.slack.feedback_blocks import HELPFUL, TELL
from bot.slack.inbox import Delivery, Inbox
from bot.slack.response_url import send
from index.errors import LedgerError

logger = logging.getLogger(__name__)

BEHIND = 1.0  # seconds that a question may be kept after its answer was sent
GONE = "What was asked here is not kept any more, so that nothing can be noted of it."
TOLD = "The glossary's owners may see this question and where it led, but not who asked it."
NOT_YOURS = "Only the one who asked can show this question to the glossary's owners."


class VoteCourier:
    """Works off the buttons of feedback. Workers may share it."""

    def __init__(self, memory: Memory, inbox: Inbox, client: WebClient) -> None:
        self._memory = memory
        self._inbox = inbox
        self._client = client

    def answer(self, delivery: Delivery) -> None:
        """Notes what a button says, and tells the one who pressed it, and nobody else. A press
        that comes again changes nothing."""
        said = self.noted(delivery)
        if said == GONE:  # another process may have answered, and keeps that behind the answer
            time.sleep(BEHIND)
            said = self.noted(delivery)
        self._tell(delivery, said)
        self._inbox.answered(delivery)

    def noted(self, delivery: Delivery) -> str:
        """Notes what a button says; returns what came of it in words."""
        action, _, question = delivery.line.partition(" ")
        try:
            if action == TELL:
                told = self._memory.tell(question, delivery.user)
                return GONE if told is None else TOLD if told else NOT_YOURS
            helpful = action == HELPFUL
            at = datetime.fromtimestamp(delivery.received, UTC)
            if self._memory.vote(question, delivery.channel, delivery.user, helpful=helpful, at=at):
                voted = "helpful" if helpful else "not helpful"
                return f"Noted: {voted}. The other button changes it."
            return GONE
        except LedgerError as error:
            logger.warning("a vote could not be noted: %s", error.message)
            return "That could not be noted for now. Please press again in a moment."

    def _tell(self, delivery: Delivery, text: str) -> None:
        """Says it in the thread where the button is, else where the button's answers go."""
        message = note(text)
        if delivery.thread:
            try:
                self._client.chat_postEphemeral(
                    channel=delivery.channel,
                    user=delivery.user,
                    thread_ts=delivery.thread,
                    text=message.text,
                )
                return
            except FAILURES as error:
                logger.warning("a vote was noted, which could not be said: %s", code_of(error))
        send(delivery.response_url, message, in_channel=False)
