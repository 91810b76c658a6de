"""Works a delivery off: asks the desk, renders the reply, and sends it where it belongs."""

from __future__ import annotations

from dataclasses import replace

from bot import grammar
from bot.actors import Actor
from bot.desk import Desk
from bot.replies import Problem
from bot.slack.admin_courier import AdminCourier
from bot.slack.admins import Admins
from bot.slack.blocks import Asked, message_of
from bot.slack.editing.edit_courier import EditCourier
from bot.slack.elements import Message
from bot.slack.import_courier import ImportCourier
from bot.slack.inbox import Delivery, Inbox
from bot.slack.map_courier import MapCourier
from bot.slack.notes import Notes
from bot.slack.response_url import send
from bot.slack.thread_courier import SAID, ThreadCourier
from bot.slack.vote_courier import VoteCourier
from index.space.latent.results import Map
from index.space.results import EntryReply


class Courier:
    """Answers deliveries: what people say, where they said it; the rest through their
    response_url, or in a direct message."""

    def __init__(
        self,
        desk: Desk,
        inbox: Inbox,
        prefix: str,
        admins: Admins,
        admin_courier: AdminCourier,
        edit_courier: EditCourier,
        thread_courier: ThreadCourier,
        vote_courier: VoteCourier,
        map_courier: MapCourier,
        import_courier: ImportCourier,
        notes: Notes,
    ) -> None:
        self._desk = desk
        self._inbox = inbox
        self._prefix = prefix
        self._admins = admins
        self._admin_courier = admin_courier
        self._edit_courier = edit_courier
        self._thread_courier = thread_courier
        self._vote_courier = vote_courier
        self._map_courier = map_courier
        self._import_courier = import_courier
        self.notes = notes

    def answer(self, delivery: Delivery) -> None:
        """Sends the reply to a delivery and notes that it is answered.

        A reply that Slack would not take stays unanswered in the inbox and in the log.
        """
        if delivery.kind in SAID:
            self._thread_courier.answer(delivery)
            return
        if delivery.kind == "upload":
            if self._import_courier.answer(delivery):
                self._inbox.answered(delivery)
            return
        if delivery.kind == "vote":
            self._vote_courier.answer(delivery)
            return
        if self._request(delivery, "near-admin"):
            delivery = replace(delivery, shared_by=None)  # never shown to a channel
        message = self.message(delivery)
        if message is None or self._sent(delivery, message):
            self._inbox.answered(delivery)

    def message(self, delivery: Delivery) -> Message | None:
        """What is sent to the response_url, or None when the reply is elsewhere."""
        request = self._request(delivery)
        actor = Actor(delivery.user, name=delivery.user_name)
        if request is not None and request.command == "near-admin":
            actor = self._admins.actor(delivery.user, delivery.user_name)
            if request.verb == "import" and delivery.message:
                return self._import_courier.decide(delivery, request, actor)
            if self._admin_courier.takes(request, delivery):
                return self._admin_courier.answer(delivery, request, actor)
            if self._edit_courier.takes(request):
                return self._edit_courier.answer(delivery, request, actor)
        reply = self._desk.say(delivery.line, actor)
        question = self.notes.keep(delivery, request, reply)
        asked = Asked(request, self._prefix, delivery.shared_by, question=question)
        if isinstance(reply, EntryReply) and delivery.shared_by is None:
            asked = replace(asked, editor=self._admins.actor(delivery.user).admin)
        if isinstance(reply, Map):
            told = self._map_courier.send(
                reply,
                delivery.user,
                delivery.channel,
                name=delivery.user_name,
                alone=request is not None and "to" in request.options,
            )
            asked = replace(asked, picture=told)
        replaces = delivery.replaces and not isinstance(reply, Problem)  # which says what to mend
        return replace(message_of(reply, asked), replaces=replaces)

    def _sent(self, delivery: Delivery, message: Message) -> bool:
        """Sends a reply to the response_url; as a direct message where there is none, as for
        buttons in views."""
        if not delivery.response_url:
            return self._admin_courier.tell(delivery.user, message)
        return send(delivery.response_url, message, in_channel=delivery.shared_by is not None)

    def _request(self, delivery: Delivery, command: str = "") -> grammar.Request | None:
        """What a delivery asks for, when it asks for something, and for that command."""
        request = grammar.parse(delivery.line, self._prefix)
        if isinstance(request, grammar.Request) and command in ("", request.command):
            return request
        return None
