"""Answers each message in a conversation exactly once, in its thread."""

from dataclasses import dataclass
from functools import partial

from bot.assistant import Assistant
from bot.commands.parser import parse, validate
from bot.commands.spec import Request
from bot.identity import User
from bot.ops.rate_limit import TOO_MANY
from bot.replies.base import Problem
from bot.slack.addressing import is_called
from bot.slack.blocks.elements import Message
from bot.slack.blocks.reply import RequestContext, text_of
from bot.slack.ephemeral import EphemeralNotices
from bot.slack.events import (
    as_command,
    is_direct,
    plain_text,
    points_to_message,
    text_to_explain,
)
from bot.slack.handlers.assistant_pane import AssistantPane
from bot.slack.handlers.renderer import Renderer
from bot.slack.payloads import message_ref
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.intake import BUSY
from bot.slack.queue.retry import send_and_mark
from bot.slack.queue.worker_pool import run_or_queue
from bot.slack.roles import AdminDirectory
from bot.slack.threads import Threads, ThreadState
from index.search.answers.conversation import Conversation
from index.search.answers.intents import defined_in
from index.search.answers.read import NOTHING
from index.search.results import Answer
from index.text import shorten

NOTICE_INTERVAL_S = 10.0  # seconds between notices of one kind to a user
NOTHING_ABOVE = Problem(
    code="not_readable",
    message="There is no message above yours that Nearsay may read.",
    hint='Use the shortcut "Explain this message", in the menu of the message.',
)
LONGEST_OPENING = 500  # characters of a thread's first message used as context


@dataclass
class AnswerAttempts:
    """The attempts to answer a delivery. `ready` is the answer and the conversation after it."""

    request: Request | Problem | None
    ready: tuple[Message, Conversation] | None = None


@dataclass(frozen=True, eq=False)
class ConversationHandler:
    """Answers messages, and handles their edits and deletions. Thread-safe."""

    assistant: Assistant
    inbox: Inbox
    threads: Threads
    renderer: Renderer
    agent: AssistantPane
    notices: EphemeralNotices
    admins: AdminDirectory

    def answer(self, delivery: Delivery) -> object:
        """Answer a delivery and mark it as answered, or return `RetryLater` or `ExpensiveJob`."""
        prefix, line = self.renderer.prefix, delivery.line
        if delivery.kind != "reply":
            line = as_command(line, prefix)
        attempts = AnswerAttempts(parse_message(line, prefix) if line else None)
        notice = self.assistant.notice(attempts.request, partial(self._actor, delivery))
        if notice and not is_direct(delivery.channel):  # a direct message shows a status
            self.notify(delivery, "under way", notice)
        process = partial(self._process, delivery, attempts)
        job = partial(send_and_mark, self.inbox, delivery, process)
        wait, refuse = partial(self.notify, delivery, "waits"), partial(self._refuse, delivery)
        return run_or_queue(attempts.request, delivery.user, job, wait, refuse)

    def notify(self, delivery: Delivery, about: str, text: str) -> None:
        # Slack shows an ephemeral message in a thread only if the thread has replies.
        thread = delivery.thread if delivery.thread != delivery.message else ""
        self.notices.post(
            delivery.user, about, text, delivery.channel, thread, every=NOTICE_INTERVAL_S
        )

    def busy(self, delivery: Delivery) -> None:
        if delivery.kind in ("question", "upload"):
            self.notify(delivery, "busy", BUSY)

    def _refuse(self, delivery: Delivery, why: str) -> None:
        self.notify(delivery, TOO_MANY, why)
        self.inbox.mark_answered(delivery)

    def _process(self, delivery: Delivery, attempts: AnswerAttempts) -> None:
        with self.inbox.conversation_lock(delivery.channel, delivery.thread):
            at = delivery.message or f"{delivery.received:.6f}"
            place = (delivery.channel, delivery.thread)
            is_first = delivery.begins_thread and self.threads.begin(*place)
            # An attempt may have answered an old message, and a bare one asks about the first.
            needs_history = not delivery.is_new or attempts.request is None
            state = (
                ThreadState()
                if is_first
                else self.threads.read(*place, at, needs_history=needs_history)
            )
            posted = state.answer_to(delivery.question)
            if delivery.kind in ("edit", "deletion"):
                self.threads.forget(*place)
            if delivery.kind == "deletion":
                if posted is not None:
                    self.threads.remove(delivery.channel, posted)
                self.renderer.remove(delivery)
            elif delivery.kind == "edit":
                if posted and (answer := self._make_answer(delivery, state, at, attempts)):
                    self.threads.change(delivery.channel, posted, *answer)
            elif posted is None:  # otherwise an attempt that seemed to fail has reached Slack
                self._answer(delivery, state, at, attempts)

    def _answer(
        self, delivery: Delivery, state: ThreadState, at: str, attempts: AnswerAttempts
    ) -> None:
        with self.agent.working(delivery):
            attempts.ready = attempts.ready or self._make_answer(delivery, state, at, attempts)
            if attempts.ready is not None:
                message, now = attempts.ready
                where = (delivery.channel, delivery.thread)
                self.threads.post(*where, message, delivery.question, now, delivery.user)

    def _actor(self, delivery: Delivery) -> User:
        """Return the user of a message; what a channel sees is what all of it may read."""
        return self.admins.actor(
            delivery.user,
            delivery.user_name,
            outside=delivery.outside,
            seen_in=self.renderer.seen_in(delivery),
        )

    def _may_be_foreign(self, delivery: Delivery) -> bool:
        """Return whether a line that neither names the bot nor asks what something is has a word
        that no entry contains."""
        line = delivery.line
        is_ours = delivery.kind != "reply" or is_called(line) or bool(defined_in(line))
        return not (is_ours or self.assistant.knows_words(line))

    def _make_answer(
        self, delivery: Delivery, state: ThreadState, at: str, attempts: AnswerAttempts
    ) -> tuple[Message, Conversation] | None:
        """Build the answer and the conversation after it, or return None if a notice tells it, or
        if no entry covers a line that may be for somebody else."""
        opening = shorten(plain_text(state.opening), LONGEST_OPENING)
        # A bare mention asks about the first message of the thread.
        request = attempts.request or parse_message(opening or "?", self.renderer.prefix)
        latest, explained = state.latest(at), ""
        if (latest is None or state.interrupted) and _points_above(delivery):
            request, explained = self._message_above(delivery.channel, state)
        begun = Conversation(question=opening if delivery.message != delivery.thread else "")
        thread = latest.thread if latest else begun
        actor = self._actor(delivery)
        reply = self.assistant.answer(request, actor, thread=thread)
        if isinstance(reply, Answer) and reply.text == NOTHING and self._may_be_foreign(delivery):
            return None
        if isinstance(reply, Problem) and reply.code == TOO_MANY:
            if delivery.kind != "reply":  # only if the message was addressed to the bot
                self.notify(delivery, TOO_MANY, reply.text)
            return None
        forgets = isinstance(request, Request) and request.command == "forget"
        if forgets and not is_direct(delivery.channel):
            self.notify(delivery, f"forget {delivery.key}", text_of(reply))
            return None
        alone = isinstance(request, Request) and "to" in request.options
        asked_by = delivery.user_name if not delivery.message else ""
        asked = RequestContext(in_thread=True, asked_by=asked_by, explained=explained)
        message = self.renderer.message(delivery, request, reply, asked, alone=alone)
        return message, thread.after(reply)

    def _message_above(self, channel: str, state: ThreadState) -> tuple[Request | Problem, str]:
        """Return the request to explain the message above, and which message that is."""
        if state.above is None or not self.threads.may_read(channel):
            return NOTHING_ABOVE, ""
        ts, text = state.above
        request = Request("explain", text_to_explain(text))
        return validate(request, self.renderer.prefix), message_ref(channel, ts)


def _points_above(delivery: Delivery) -> bool:
    """Return whether a message mentions the bot in a channel to explain the message above it."""
    mentions = delivery.kind != "reply" and not is_direct(delivery.channel)
    return mentions and points_to_message(delivery.line)


def parse_message(line: str, prefix: str) -> Request | Problem:
    """Parse a message in a conversation; return a `Problem` for an admin command."""
    request = parse(line, prefix)
    if isinstance(request, Problem) or request.command != "near-admin":
        return request
    return Problem(
        code="not_here",
        message="Admin commands do not work in conversations.",
        hint=f"Use the slash command /{prefix}near-admin, outside threads.",
    )
