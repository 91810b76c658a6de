"""Records votes on answers, users' consent to show a question to the glossary's owners, and what
they looked for."""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_sdk import WebClient

from bot.question_log import QuestionLog
from bot.slack.api_errors import FAILURES, error_code, log_errors
from bot.slack.blocks.elements import Message, section
from bot.slack.blocks.feedback import HELPFUL, SHARE_QUESTION, voted_line, with_votes
from bot.slack.blocks.learning import MEANT
from bot.slack.ephemeral import EphemeralNotices
from bot.slack.events import is_direct
from bot.slack.handlers.learning import LearningHandler
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.response_url import send, send_notice
from index.errors import LedgerError

logger = logging.getLogger(__name__)

NOT_STORED = "This question is no longer stored, so votes on it are not counted."
NOT_SHOWN = "This question is no longer stored and cannot be shown."
SHARED_NOTICE = "The glossary's owners can now see this question, but not your name."
NOT_RECORDED = "This could not be stored. Please try again in a moment."
NOT_LEARNED = "Nearsay no longer learns from questions, so nothing was stored."
NOT_YOURS = "Only the user who asked this question can show it to the glossary's owners."


@dataclass(frozen=True, slots=True)
class Recorded:
    """What follows a press: the line with the numbers of votes, empty if none was recorded; the
    notice to the user instead of it; and a message that asks the user something."""

    votes: str = ""
    notice: str = ""
    asks: Message | None = None


@dataclass(frozen=True, eq=False)
class FeedbackHandler:
    """Handles feedback buttons. Thread-safe."""

    memory: QuestionLog
    inbox: Inbox
    client: WebClient
    notices: EphemeralNotices
    learning: LearningHandler | None = None

    def answer(self, delivery: Delivery) -> None:
        """Record what was pressed, and show the votes or an ephemeral notice."""
        done = self.record(delivery)
        if delivery.line.startswith(f"{MEANT} "):
            message = Message(done.notice, [section(done.notice)], replaces=True)
            send(delivery.response_url, message, in_channel=False)
        elif done.notice:
            self._tell(delivery, done.notice)
        else:
            self._show(delivery, done.votes)
        if done.asks:
            self._ask(delivery, done.asks)
        self.inbox.mark_answered(delivery)

    def record(self, delivery: Delivery) -> Recorded:
        """Record a vote, a consent or what a user looked for."""
        action, _, value = delivery.line.partition(" ")
        question, _, entry = value.partition(" ")
        try:
            if action == SHARE_QUESTION:
                return self._share(delivery, question, entry)
            if action == MEANT:
                return self._choose(delivery, question, entry)
            helpful = action == HELPFUL
            at = datetime.fromtimestamp(delivery.received, UTC)
            channel, person = delivery.channel, delivery.user
            counts = self.memory.vote(question, channel, person, helpful=helpful, at=at)
        except LedgerError as error:
            logger.warning("a vote could not be recorded: %s", error.message)
            return Recorded(notice=NOT_RECORDED)
        if counts is None:
            return Recorded(notice=NOT_STORED)
        asks = None
        if self.learning:
            asks = self.learning.after_vote(question, channel, person, helpful=helpful)
        return Recorded(f"{counts[0]:,} helpful, {counts[1]:,} not helpful", asks=asks)

    def _share(self, delivery: Delivery, question: str, entry: str) -> Recorded:
        shared = self.memory.share_with_owners(question, delivery.user)
        if shared and self.learning and entry:
            self.learning.after_consent(question, entry, delivery.channel)
        notice = NOT_SHOWN if shared is None else SHARED_NOTICE if shared else NOT_YOURS
        return Recorded(notice=notice)

    def _choose(self, delivery: Delivery, question: str, entry: str) -> Recorded:
        if self.learning is None:  # switched off since the menu was shown
            return Recorded(notice=NOT_LEARNED)
        where = (delivery.channel, delivery.user)
        return Recorded(notice=self.learning.choose(question, entry, *where))

    def _ask(self, delivery: Delivery, message: Message) -> None:
        """Ask the user something, in an ephemeral message."""
        if not delivery.thread:
            send(delivery.response_url, message, in_channel=False)
            return
        with log_errors("a question to a voter could not be posted"):
            self.client.chat_postEphemeral(
                channel=delivery.channel,
                user=delivery.user,
                text=message.text,
                blocks=message.blocks,
                thread_ts=delivery.thread,
            )

    def _show(self, delivery: Delivery, votes: str) -> None:
        """Show the votes in their message. Skip an ephemeral one, since the payload omits it."""
        if not delivery.told:
            return
        shown = json.loads(delivery.told)
        own = voted_line(delivery.line.partition(" ")[0])
        if not shown["blocks"]:  # Slack did not send the message
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
