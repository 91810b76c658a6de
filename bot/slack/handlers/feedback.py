"""Records votes on answers, and users' consent to show a question to the glossary's owners."""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_sdk import WebClient

from bot.question_log import QuestionLog
from bot.slack.api_errors import FAILURES, error_code
from bot.slack.blocks.elements import Message
from bot.slack.blocks.feedback import HELPFUL, SHARE_QUESTION, voted_line, with_votes
from bot.slack.ephemeral import EphemeralNotices
from bot.slack.events import is_direct
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.response_url import send, send_notice
from index.errors import LedgerError

logger = logging.getLogger(__name__)

NOT_STORED = "This question is no longer stored, so votes on it are not counted."
NOT_SHOWN = "This question is no longer stored and cannot be shown."
SHARED_NOTICE = "The glossary's owners can now see this question, but not your name."
NOT_RECORDED = "This could not be stored. Please try again in a moment."
NOT_YOURS = "Only the user who asked this question can show it to the glossary's owners."


@dataclass(frozen=True, eq=False)
class FeedbackHandler:
    """Handles feedback buttons. Thread-safe."""

    memory: QuestionLog
    inbox: Inbox
    client: WebClient
    notices: EphemeralNotices

    def answer(self, delivery: Delivery) -> None:
        """Record a vote or consent, and show the votes or an ephemeral notice."""
        votes, notice = self.record(delivery)
        if notice:
            self._tell(delivery, notice)
        else:
            self._show(delivery, votes)
        self.inbox.mark_answered(delivery)

    def record(self, delivery: Delivery) -> tuple[str, str]:
        """Record a vote or consent. Return the line with the numbers of votes, empty if none was
        recorded, and the notice to the user instead of it."""
        action, _, question = delivery.line.partition(" ")
        try:
            if action == SHARE_QUESTION:
                shared = self.memory.share_with_owners(question, delivery.user)
                return "", NOT_SHOWN if shared is None else SHARED_NOTICE if shared else NOT_YOURS
            helpful = action == HELPFUL
            at = datetime.fromtimestamp(delivery.received, UTC)
            counts = self.memory.vote(
                question, delivery.channel, delivery.user, helpful=helpful, at=at
            )
            if counts is None:
                return "", NOT_STORED
            return f"{counts[0]:,} helpful, {counts[1]:,} not helpful", ""
        except LedgerError as error:
            logger.warning("a vote could not be recorded: %s", error.message)
            return "", NOT_RECORDED

    def _show(self, delivery: Delivery, votes: str) -> None:
        """Show the votes in their message. Skip an ephemeral one, since the payload omits it."""
        if not delivery.told:
            return
        shown = json.loads(delivery.told)
        own = voted_line(delivery.line.partition(" ")[0])
        if not shown["blocks"]:  # a button of version 0.1.0, which shows no vote by itself
            self._tell(delivery, own)
            return
        if is_direct(delivery.channel):
            votes = own
        blocks = with_votes(shown["blocks"], votes)
        try:  # unlike the response_url, this keeps the metadata of the message
            self.client.chat_update(
                channel=delivery.channel, ts=delivery.message, text=shown["text"], blocks=blocks
            )
        except FAILURES as error:
            logger.info("chat.update failed, using the response_url: %s", error_code(error))
            message = Message(shown["text"] or "…", blocks, replaces=True)
            send(delivery.response_url, message, in_channel=True)

    def _tell(self, delivery: Delivery, text: str) -> None:
        if delivery.thread:
            about = f"vote {delivery.key}"
            self.notices.post(delivery.user, about, text, delivery.channel, delivery.thread)
        else:
            send_notice(delivery.response_url, text)
