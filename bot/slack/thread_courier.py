"""Answers what people say in conversations: in the thread where they said it, exactly once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from bot import metrics
from bot.actors import Actor
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.desk import Desk
from bot.limits import TOO_MANY, is_expensive, wait_notice
from bot.replies import Problem, Reply
from bot.slack.again import again
from bot.slack.agent import Agent
from bot.slack.blocks import Asked
from bot.slack.elements import Message
from bot.slack.failures import FAILURES, code_of, is_passing, wait_of
from bot.slack.heard import as_command, is_direct, spoken
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.intake import BUSY
from bot.slack.renderer import Renderer
from bot.slack.scene import Posted, Scene
from bot.slack.threads import Threads
from bot.slack.whispers import Whispers
from bot.slack.work import Expensive, Later
from index.space.thread import Thread
from index.text import shorten

logger = logging.getLogger(__name__)

QUIET = 10.0  # seconds in which somebody is told only once why there is no answer
LONGEST_OPENING = 500  # characters of a thread's first message that are its context


@dataclass
class Trial:
    """The attempts at one delivery: how many failed, and the answer, which is made only once, with
    where it leaves the conversation; and whether an expensive command may run in this one."""

    number: int = 0
    ready: tuple[Message, Thread] | None = None
    may_be_expensive: bool = False


class _IsExpensive(Exception):
    """What was said is an expensive command, which may not run yet."""


class ThreadCourier:
    """Works off what people say. Workers may share it."""

    def __init__(
        self,
        desk: Desk,
        inbox: Inbox,
        threads: Threads,
        renderer: Renderer,
        agent: Agent,
        whispers: Whispers,
    ) -> None:
        self._desk = desk
        self._inbox = inbox
        self._threads = threads
        self._renderer = renderer
        self._agent = agent
        self._whispers = whispers

    def answer(
        self, delivery: Delivery, trial: Trial | None = None, *, may_be_expensive: bool = False
    ) -> Later | Expensive | None:
        """Answers a delivery and notes it. What comes from one channel is to be answered one after
        the other.

        Each attempt first looks whether the question has been answered, because a call that
        failed may have been heard. What Slack does not take for now is returned, to be tried
        again, and so is what comes too soon after other answers in the channel, and an expensive
        command, to be run when it may be.
        """
        trial = trial or Trial()
        trial.may_be_expensive = may_be_expensive
        following = partial(self.answer, delivery, trial)
        wait = self._threads.wait(delivery.channel)
        if wait:
            return Later(wait, following)
        try:
            self._work_off(delivery, trial)
        except _IsExpensive as expensive:
            if str(expensive) and not is_direct(delivery.channel):  # there a status says so
                self.whisper(delivery, "under way", str(expensive))
            return Expensive(
                delivery.user,
                partial(self.answer, delivery, trial, may_be_expensive=True),
                wait=partial(self.whisper, delivery, "waits"),
                refuse=partial(self._refuse, delivery),
            )
        except FAILURES as error:
            metrics.REPLIES_NOT_SENT.labels("conversation").inc()
            logger.warning("a conversation could not be answered: %s", code_of(error))
            if is_passing(error):
                trial.number += 1
                return again(delivery, trial.number, following, wait_of(error))
        self._inbox.answered(delivery)
        return None

    def whisper(self, delivery: Delivery, about: str, text: str) -> None:
        """Tells the one who said something, and nobody else, why there is no answer."""
        self._whispers.tell(
            delivery.user, about, text, delivery.channel, delivery.thread, every=QUIET
        )

    def busy(self, delivery: Delivery) -> None:
        """Says to somebody who spoke to us that there is too much to do for it."""
        if delivery.kind == "question":
            self.whisper(delivery, "busy", BUSY)

    def _refuse(self, delivery: Delivery, why: str) -> None:
        self.whisper(delivery, TOO_MANY, why)
        self._inbox.answered(delivery)

    def _work_off(self, delivery: Delivery, trial: Trial) -> None:
        with self._inbox.alone(delivery.channel, delivery.thread):
            if delivery.kind == "deletion":
                self._take_back(delivery)
                return
            at = delivery.message or f"{delivery.received:.6f}"
            scene = self._threads.read(delivery.channel, delivery.thread, at)
            posted = scene.answer_to(delivery.question)
            if delivery.kind == "edit":
                if posted is not None:
                    self._answer_anew(delivery, scene, posted, trial)
            elif posted is None:
                self._answer(delivery, scene, at, trial)

    def _answer(self, delivery: Delivery, scene: Scene, at: str, trial: Trial) -> None:
        latest = scene.latest(at)
        with self._agent.working(delivery):
            trial.ready = trial.ready or self._made(delivery, scene, latest, trial)
            if trial.ready is not None:
                message, now = trial.ready
                where = (delivery.channel, delivery.thread)
                self._threads.post(*where, message, delivery.question, now, delivery.user)

    def _made(
        self, delivery: Delivery, scene: Scene, latest: Posted | None, trial: Trial
    ) -> tuple[Message, Thread] | None:
        """The answer to what was said, and where it leaves the conversation; None where there is
        to be none."""
        reply, request, now = self._reply(delivery, scene, latest, trial)
        if self._refused(delivery, reply):
            return None
        return self._message(delivery, request, reply), now

    def _answer_anew(self, delivery: Delivery, scene: Scene, posted: Posted, trial: Trial) -> None:
        latest = scene.latest(delivery.message)
        reply, request, now = self._reply(delivery, scene, latest, trial)
        if self._refused(delivery, reply):
            return
        message = self._message(delivery, request, reply)
        self._threads.change(delivery.channel, posted, message, now)
        self._threads.forget(delivery.channel, delivery.thread)

    def _take_back(self, delivery: Delivery) -> None:
        posted = self._threads.find(delivery.channel, delivery.thread, delivery.question)
        if posted is not None:
            self._threads.remove(delivery.channel, posted)
        self._threads.forget(delivery.channel, delivery.thread)
        self._renderer.notes.remove(delivery)

    def _refused(self, delivery: Delivery, reply: Reply) -> bool:
        """Whether somebody has asked too much; only they are told so, where they spoke to us."""
        if not isinstance(reply, Problem) or reply.code != TOO_MANY:
            return False
        if delivery.kind != "reply":
            self.whisper(delivery, TOO_MANY, f"{reply.message} {reply.hint}")
        return True

    def _reply(
        self, delivery: Delivery, scene: Scene, latest: Posted | None, trial: Trial
    ) -> tuple[Reply, Request | Problem, Thread]:
        """The reply to what was said, what that asked for, and where it leaves the
        conversation. Raises `_IsExpensive` for an expensive command that may not run yet."""
        prefix = self._renderer.prefix
        line = delivery.line if delivery.kind == "reply" else as_command(delivery.line, prefix)
        opening = shorten(spoken(scene.opening), LONGEST_OPENING)
        if not line:  # somebody only calls: what began the thread is what they mean
            line = opening or "?"
        begun = Thread(question=opening if delivery.message != delivery.thread else "")
        thread = latest.thread if latest else begun
        request = said_here(line, prefix)
        if is_expensive(request) and not trial.may_be_expensive:
            raise _IsExpensive(wait_notice(request))
        actor = Actor(delivery.user, name=delivery.user_name)
        reply = self._desk.handle(request, actor, thread=thread)
        return reply, request, thread.after(reply)

    def _message(self, delivery: Delivery, request: Request | Problem, reply: Reply) -> Message:
        alone = isinstance(request, Request) and "to" in request.options
        asked_by = delivery.user_name if not delivery.message else ""
        asked = Asked(in_thread=True, asked_by=asked_by)
        return self._renderer.message(delivery, request, reply, asked, alone=alone)


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
