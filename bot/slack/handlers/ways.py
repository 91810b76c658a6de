"""Decides on proposed ways to ask, and shows the progress of a long decision."""

from dataclasses import dataclass, replace

from slack_sdk import WebClient

from bot.assistant import Assistant
from bot.commands.spec import Request
from bot.identity import User
from bot.rendering.admin import lines_of
from bot.replies.base import Problem
from bot.slack.blocks.admin import note
from bot.slack.blocks.elements import Message
from bot.slack.blocks.reply import RequestContext, message_of
from bot.slack.progress_message import MessageLocation, ProgressMessage
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.response_url import send_notice

PATIENCE_S = 1.5  # seconds without a sign of progress
DIRECT = "This takes some seconds. The progress is in a direct message to you."


@dataclass(frozen=True, eq=False)
class WayHandler:
    """Handles the command that decides on proposed ways to ask. Thread-safe."""

    assistant: Assistant
    inbox: Inbox
    client: WebClient
    prefix: str = ""

    def matches(self, request: Request, _delivery: Delivery) -> bool:
        return request.verb == "ways" and bool(request.options)

    def answer(self, delivery: Delivery, request: Request, actor: User) -> Message:
        """Decide, and return the reply with the next list."""

        def on_posted(place: MessageLocation) -> None:
            self.inbox.amend(replace(delivery, posted=place))
            if place[0] != delivery.channel:
                send_notice(delivery.response_url, DIRECT)

        what = "Deciding on ways to ask"
        with ProgressMessage(
            self.client, actor.id, delivery.posted, on_posted, what, PATIENCE_S
        ) as live:
            reply = self.assistant.answer(request, actor, live.report)
        if live.place is not None:
            live.end(note(lines_of(reply, self.prefix)[0]))
        message = message_of(reply, RequestContext(request, self.prefix))
        is_problem = isinstance(reply, Problem)
        replaces = delivery.replaces and not is_problem
        return replace(message, replaces=replaces, is_problem=is_problem)
