"""Answers messages in conversations: in their thread, exactly once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from bot.assistant import Assistant
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.identity import User
from bot.ops import metrics
from bot.ops.rate_limit import TOO_MANY, wait_notice
from bot.replies.base import Problem
from bot.slack.api_errors import FAILURES, code_of, is_retryable, wait_of
from bot.slack.blocks.elements import Message
from bot.slack.blocks.reply import RequestContext
from bot.slack.ephemeral import EphemeralNotices
from bot.slack.events import as_command, is_direct, plain_text
from bot.slack.handlers.assistant_pane import Agent
from bot.slack.handlers.renderer import Renderer
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.intake import BUSY
from bot.slack.queue.retry import retry_later
from bot.slack.queue.worker_pool import RetryLater, when_it_may_run
from bot.slack.thread_state import BotReply, ThreadState
from bot.slack.threads import Threads
from index.search.answers.conversation import Conversation
from index.text import shorten

logger = logging.getLogger(__name__)

QUIET = 10.0  # seconds between notices of one kind to a user
LONGEST_OPENING = 500  # characters of a thread's first message used as context


@dataclass
class Trial:
    """The attempts to answer one delivery.

    `request` is None for a bare mention. `ready` is the answer with the conversation after it.
    """

    request: Request | Problem | None
    failed: int = 0
    ready: tuple[Message, Conversation] | None = None


@dataclass(frozen=True, eq=False)
class ConversationHandler:
    """Answers messages, and handles their edits and deletions. Thread-safe."""

    assistant: Assistant
    inbox: Inbox
    threads: Threads
    renderer: Renderer
    agent: Agent
    notices: EphemeralNotices

    def answer(self, delivery: Delivery) -> object:
        """Answer a delivery and mark it as answered; call in order of arrival for each channel.

        Returns `RetryLater` if Slack is unavailable or the channel is rate-limited, and `Expensive`
        for an expensive command.
        """
        prefix, line = self.renderer.prefix, delivery.line
        if delivery.kind != "reply":
            line = as_command(line, prefix)
        trial = Trial(said_here(line, prefix) if line else None)
        notice = wait_notice(trial.request)
        if notice and not is_direct(delivery.channel):  # a direct message shows a status
            self.notify(delivery, "under way", notice)
        job, wait = partial(self._try, delivery, trial), partial(self.notify, delivery, "waits")
        refuse = partial(self._refuse, delivery)
        return when_it_may_run(trial.request, delivery.user, job, wait, refuse)

    def _try(self, delivery: Delivery, trial: Trial) -> RetryLater | None:
        try:
            self._process(delivery, trial)
        except FAILURES as error:
            metrics.REPLIES_NOT_SENT.labels("conversation").inc()
            logger.warning("a conversation could not be answered: %s", code_of(error))
            if is_retryable(error):
                trial.failed += 1
                again = partial(self._try, delivery, trial)
                return retry_later(delivery, trial.failed, again, wait_of(error))
        self.inbox.answered(delivery)
        return None

    def notify(self, delivery: Delivery, about: str, text: str) -> None:
        """Post an ephemeral notice to the user."""
        self.notices.tell(
            delivery.user, about, text, delivery.channel, delivery.thread, every=QUIET
        )

    def busy(self, delivery: Delivery) -> None:
        """Notify the user that their question was rejected."""
        if delivery.kind == "question":
            self.notify(delivery, "busy", BUSY)

    def _refuse(self, delivery: Delivery, why: str) -> None:
        self.notify(delivery, TOO_MANY, why)
        self.inbox.answered(delivery)

    def _process(self, delivery: Delivery, trial: Trial) -> None:
        with self.inbox.alone(delivery.channel, delivery.thread):
            at = delivery.message or f"{delivery.received:.6f}"
            scene = self.threads.read(delivery.channel, delivery.thread, at)
            posted = scene.answer_to(delivery.question)
            if delivery.kind == "deletion":
                if posted is not None:
                    self.threads.remove(delivery.channel, posted)
                self.renderer.remove(delivery)
            elif delivery.kind == "edit":
                if posted is not None:
                    self._replace_answer(delivery, scene, posted, trial)
            elif posted is None:
                self._answer(delivery, scene, at, trial)

    def _answer(self, delivery: Delivery, scene: ThreadState, at: str, trial: Trial) -> None:
        latest = scene.latest(at)
        with self.agent.working(delivery):
            trial.ready = trial.ready or self._make_answer(delivery, scene, latest, trial)
            if trial.ready is not None:
                message, now = trial.ready
                where = (delivery.channel, delivery.thread)
                self.threads.post(*where, message, delivery.question, now, delivery.user)

    def _make_answer(
        self, delivery: Delivery, scene: ThreadState, latest: BotReply | None, trial: Trial
    ) -> tuple[Message, Conversation] | None:
        """Build the answer and the conversation after it; None for no answer."""
        opening = shorten(plain_text(scene.opening), LONGEST_OPENING)
        # A bare mention asks about the first message of the thread.
        request = trial.request or said_here(opening or "?", self.renderer.prefix)
        begun = Conversation(question=opening if delivery.message != delivery.thread else "")
        thread = latest.thread if latest else begun
        actor = User(delivery.user, name=delivery.user_name)
        reply = self.assistant.answer(request, actor, thread=thread)
        if isinstance(reply, Problem) and reply.code == TOO_MANY:
            if delivery.kind != "reply":  # only if the message was addressed to the bot
                self.notify(delivery, TOO_MANY, f"{reply.message} {reply.hint}")
            return None
        alone = isinstance(request, Request) and "to" in request.options
        asked_by = delivery.user_name if not delivery.message else ""
        asked = RequestContext(in_thread=True, asked_by=asked_by)
        message = self.renderer.message(delivery, request, reply, asked, alone=alone)
        return message, thread.after(reply)

    def _replace_answer(
        self, delivery: Delivery, scene: ThreadState, posted: BotReply, trial: Trial
    ) -> None:
        answer = self._make_answer(delivery, scene, scene.latest(delivery.message), trial)
        if answer is not None:
            self.threads.change(delivery.channel, posted, *answer)


def said_here(line: str, prefix: str) -> Request | Problem:
    """Parse a line from a conversation; admin commands are refused there."""
    request = parse(line, prefix)
    if isinstance(request, Problem) or request.command != "near-admin":
        return request
    return Problem(
        code="not_here",
        message="Admin commands do not work in conversations.",
        hint=f"Use the slash command /{prefix}near-admin, outside threads.",
    )
