"""What is asked of entries by a line or a button: changes are told in a direct message that follows
them, and decisions to everybody they concern."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.actors import Actor
from bot.admin.editing_commands import NAMES
from bot.admin.editing_replies import Declined, Review, Saved
from bot.commands.spec import Request
from bot.desk import Desk
from bot.replies import Problem
from bot.slack.admin_blocks import note
from bot.slack.blocks import Asked, message_of
from bot.slack.editing.live_courier import LiveCourier
from bot.slack.editing.review_message import offering_review
from bot.slack.elements import Message
from bot.slack.live_message import Place
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.response_url import tell

DECISIONS = ("approve", "decline")
ELSEWHERE = "It is saved, and being built. A direct message tells when it is live."
TOO_OLD = "This message is too old to approve from. Nothing was approved."
TOLD = "A direct message tells what was saved."


@dataclass(frozen=True, eq=False)
class EditCourier:
    """Works off what admins ask of entries. Threads may share it."""

    desk: Desk
    inbox: Inbox
    live: LiveCourier
    prefix: str = ""

    def takes(self, request: Request, _delivery: Delivery) -> bool:
        """Whether a request is one that may change entries."""
        return request.command == "near-admin" and request.verb in NAMES - {"suggestions"}

    def answer(self, delivery: Delivery, request: Request, actor: Actor) -> Message | None:
        """Answer a request. Return what only the asker sees, or None when they see it
        elsewhere."""
        told = False

        def on_posted(place: Place) -> None:
            nonlocal told
            told = True
            self.inbox.amend(replace(delivery, posted=place))
            if place[0] != delivery.channel:
                tell(delivery.response_url, ELSEWHERE)

        reply = self.live.run(
            actor,
            lambda progress: self.desk.handle(request, actor, progress),
            place=delivery.posted or self._own(delivery, request),
            on_posted=on_posted,
        )
        if isinstance(reply, Declined):
            self.live.reviews.decided(reply.id)
        elif isinstance(reply, Problem | Review) and request.verb in DECISIONS and actor.admin:
            self.live.reviews.refresh(request.text.split()[0])
        if isinstance(reply, Saved):
            return None if told or delivery.channel.startswith("D") else note(TOLD)
        if isinstance(reply, Declined) and delivery.message:
            return None
        if isinstance(reply, Review) and reply.suggestion.state == "open" and delivery.message:
            return offering_review(note(TOO_OLD), reply.suggestion.id)
        message = message_of(reply, Asked(request, self.prefix))
        if isinstance(reply, Problem) and (reply.code, request.verb) == ("outdated", "approve"):
            return offering_review(message, request.text)
        return message

    def _own(self, delivery: Delivery, request: Request) -> Place | None:
        """The message that a button was pressed in, where that is one of a change, which then says
        that it was taken back."""
        if request.verb == "undo" and delivery.message and delivery.channel.startswith("D"):
            return delivery.channel, delivery.message
        return None
