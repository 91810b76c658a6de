"""Answers what people say in conversations: in the thread where they said it, exactly once."""

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

QUIET = 10.0  # seconds in which somebody is told only once why there is no answer
LONGEST_OPENING = 500  # characters of a thread's first message that are its context


@dataclass
class Trial:
    """The attempts at one delivery: what it asks for, which is None where somebody only calls; how
    many failed; and the answer, which is made only once, with where it leaves the conversation."""

    request: Request | Problem | None
    failed: int = 0
    ready: tuple[Message, Conversation] | None = None


@dataclass(frozen=True, eq=False)
class ConversationHandler:
    """Works off what people say. Workers may share it."""

    assistant: Assistant
    inbox: Inbox
    threads: Threads
    renderer: Renderer
    agent: Agent
    whispers: EphemeralNotices

    def answer(self, delivery: Delivery) -> object:
        """Answers a delivery and notes it. What comes from one channel is to be answered one after
        the other.

        What Slack does not take for now is returned, to be tried again, and so is what comes too
        soon after other answers in the channel, and an expensive command, to be run when it may be.
        """
        prefix, line = self.renderer.prefix, delivery.line
        if delivery.kind != "reply":
            line = as_command(line, prefix)
        trial = Trial(said_here(line, prefix) if line else None)
        told = wait_notice(trial.request)
        if told and not is_direct(delivery.channel):  # there a status says so
            self.whisper(delivery, "under way", told)
        job, wait = partial(self._try, delivery, trial), partial(self.whisper, delivery, "waits")
        refuse = partial(self._refuse, delivery)
        return when_it_may_run(trial.request, delivery.user, job, wait, refuse)

    def _try(self, delivery: Delivery, trial: Trial) -> RetryLater | None:
        """One attempt. It first looks whether the question has been answered, because a call that
        failed may have been heard."""
        following = partial(self._try, delivery, trial)
        wait = self.threads.wait(delivery.channel)
        if wait:
            return RetryLater(wait, following)
        try:
            self._work_off(delivery, trial)
        except FAILURES as error:
            metrics.REPLIES_NOT_SENT.labels("conversation").inc()
            logger.warning("a conversation could not be answered: %s", code_of(error))
            if is_retryable(error):
                trial.failed += 1
                return retry_later(delivery, trial.failed, following, wait_of(error))
        self.inbox.answered(delivery)
        return None

    def whisper(self, delivery: Delivery, about: str, text: str) -> None:
        """Tells the one who said something, and nobody else, why there is no answer."""
        self.whispers.tell(
            delivery.user, about, text, delivery.channel, delivery.thread, every=QUIET
        )

    def busy(self, delivery: Delivery) -> None:
        """Says to somebody who spoke to us that there is too much to do for it."""
        if delivery.kind == "question":
            self.whisper(delivery, "busy", BUSY)

    def _refuse(self, delivery: Delivery, why: str) -> None:
        self.whisper(delivery, TOO_MANY, why)
        self.inbox.answered(delivery)

    def _work_off(self, delivery: Delivery, trial: Trial) -> None:
        with self.inbox.alone(delivery.channel, delivery.thread):
            if delivery.kind == "deletion":
                self._take_back(delivery)
                return
            at = delivery.message or f"{delivery.received:.6f}"
            scene = self.threads.read(delivery.channel, delivery.thread, at)
            posted = scene.answer_to(delivery.question)
            if delivery.kind == "edit":
                if posted is not None:
                    self._answer_anew(delivery, scene, posted, trial)
            elif posted is None:
                self._answer(delivery, scene, at, trial)

    def _answer(self, delivery: Delivery, scene: ThreadState, at: str, trial: Trial) -> None:
        latest = scene.latest(at)
        with self.agent.working(delivery):
            trial.ready = trial.ready or self._made(delivery, scene, latest, trial)
            if trial.ready is not None:
                message, now = trial.ready
                where = (delivery.channel, delivery.thread)
                self.threads.post(*where, message, delivery.question, now, delivery.user)

    def _made(
        self, delivery: Delivery, scene: ThreadState, latest: BotReply | None, trial: Trial
    ) -> tuple[Message, Conversation] | None:
        """The answer to what was said, and where it leaves the conversation; None where there is
        to be none."""
        opening = shorten(plain_text(scene.opening), LONGEST_OPENING)
        # Where somebody only calls, what began the thread is what they mean.
        request = trial.request or said_here(opening or "?", self.renderer.prefix)
        begun = Conversation(question=opening if delivery.message != delivery.thread else "")
        thread = latest.thread if latest else begun
        actor = User(delivery.user, name=delivery.user_name)
        reply = self.assistant.answer(request, actor, thread=thread)
        if isinstance(reply, Problem) and reply.code == TOO_MANY:
            if delivery.kind != "reply":  # only they are told so, where they spoke to us
                self.whisper(delivery, TOO_MANY, f"{reply.message} {reply.hint}")
            return None
        alone = isinstance(request, Request) and "to" in request.options
        asked_by = delivery.user_name if not delivery.message else ""
        asked = RequestContext(in_thread=True, asked_by=asked_by)
        message = self.renderer.message(delivery, request, reply, asked, alone=alone)
        return message, thread.after(reply)

    def _answer_anew(
        self, delivery: Delivery, scene: ThreadState, posted: BotReply, trial: Trial
    ) -> None:
        made = self._made(delivery, scene, scene.latest(delivery.message), trial)
        if made is not None:
            self.threads.change(delivery.channel, posted, *made)
            self.threads.forget(delivery.channel, delivery.thread)

    def _take_back(self, delivery: Delivery) -> None:
        posted = self.threads.find(delivery.channel, delivery.thread, delivery.question)
        if posted is not None:
            self.threads.remove(delivery.channel, posted)
        self.threads.forget(delivery.channel, delivery.thread)
        self.renderer.remove(delivery)


def said_here(line: str, prefix: str) -> Request | Problem:
    """What a line asks for in a conversation, where nothing is done that only admins may."""
    request = parse(line, prefix)
    if isinstance(request, Problem) or request.command != "near-admin":
        return request
    return Problem(
        code="not_here",
        message="What admins do is not done in a conversation.",
        hint=f"Type /{prefix}near-admin as a command, outside threads.",
    )
