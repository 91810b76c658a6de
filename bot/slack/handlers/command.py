"""Answers commands and button presses: asks the assistant, renders the reply and sends it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from slack_sdk import WebClient

from bot.assistant import Assistant
from bot.commands.spec import Request
from bot.identity import User
from bot.replies.base import Problem
from bot.slack.blocks.admin import note
from bot.slack.blocks.elements import Message
from bot.slack.blocks.reply import RequestContext
from bot.slack.handlers.admin import AdminHandler, ImportHandler
from bot.slack.handlers.editing import EditingHandler
from bot.slack.handlers.renderer import Renderer
from bot.slack.handlers.ways import WayHandler
from bot.slack.progress_message import NO_PREVIEWS, send_message
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.retry import retry_later, send_and_mark
from bot.slack.queue.worker_pool import RetryLater, run_or_queue
from bot.slack.response_url import send, send_notice
from bot.slack.roles import AdminDirectory
from index.search.results import EntryReply


@dataclass(frozen=True, eq=False)
class CommandHandler:
    """Answers deliveries through the response_url, or else by direct message. Thread-safe."""

    assistant: Assistant
    inbox: Inbox
    client: WebClient
    admins: AdminDirectory
    renderer: Renderer
    admin_handlers: Sequence[AdminHandler | EditingHandler | ImportHandler | WayHandler] = ()

    def answer(self, delivery: Delivery) -> object:
        """Answer a delivery and mark it as answered, or return `RetryLater` or `ExpensiveJob`."""
        wait, refuse = partial(send_notice, delivery.response_url), partial(self._refuse, delivery)
        if notice := self.assistant.notice(delivery.request, partial(self._actor, delivery)):
            wait(notice)
        job = partial(self._answer, delivery)
        return run_or_queue(delivery.request, delivery.user, job, wait, refuse)

    def _answer(self, delivery: Delivery) -> RetryLater | None:
        request = delivery.request
        if isinstance(request, Request) and request.command == "near-admin":
            delivery = replace(delivery, shared_by=None)  # never shown to a channel
        message = self.message(delivery)
        if message and message.is_problem:
            delivery = replace(delivery, shared_by=None)
        if message is None:
            self.inbox.mark_answered(delivery)
            return None
        return self._deliver(delivery, message)

    def message(self, delivery: Delivery) -> Message | None:
        """Build the message to send, or return None if another message shows the reply."""
        request = delivery.request or Problem(code="empty", message="The request is empty.")
        actor = self._actor(delivery)
        if isinstance(request, Request) and request.command == "near-admin":
            for handler in self.admin_handlers:
                if handler.matches(request, delivery):
                    return handler.answer(delivery, request, actor)
        reply = self.assistant.answer(request, actor)
        alone = delivery.shared_by is None
        editor = isinstance(reply, EntryReply) and alone and actor.admin
        is_problem = isinstance(reply, Problem)
        shared_by = None if is_problem else delivery.shared_by
        asked = RequestContext(shared_by=shared_by, editor=editor)
        message = self.renderer.message(delivery, request, reply, asked, alone=alone)
        replaces = delivery.replaces and not is_problem
        return replace(message, replaces=replaces, is_problem=is_problem)

    def _actor(self, delivery: Delivery) -> User:
        alone = delivery.shared_by is None
        return self.admins.actor(
            delivery.user,
            delivery.user_name,
            outside=delivery.outside,
            seen_in="alone" if alone else self.renderer.seen_in(delivery),
        )

    def _deliver(self, delivery: Delivery, message: Message, attempt: int = 1) -> RetryLater | None:
        if not delivery.response_url:
            place = NO_PREVIEWS | {"channel": delivery.user}
            post = partial(send_message, self.client.chat_postMessage, message, **place)
            return send_and_mark(self.inbox, delivery, post)
        in_channel = delivery.shared_by is not None
        wait = send(delivery.response_url, message, in_channel=in_channel)
        if wait is not None:
            again = partial(self._deliver, delivery, message, attempt + 1)
            return retry_later(delivery, attempt, again, wait)
        self.inbox.mark_answered(delivery)
        return None

    def _refuse(self, delivery: Delivery, why: str) -> RetryLater | None:
        return self._deliver(replace(delivery, shared_by=None), note(why))
