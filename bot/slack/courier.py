"""Works a delivery off: asks the desk, renders the reply, and sends it where it belongs."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial

from bot import grammar
from bot.actors import Actor
from bot.desk import Desk
from bot.limits import is_expensive, wait_notice
from bot.replies import Problem
from bot.slack.admin_blocks import note
from bot.slack.admin_courier import AdminCourier
from bot.slack.admins import Admins
from bot.slack.again import again
from bot.slack.blocks import Asked, message_of
from bot.slack.editing.edit_courier import EditCourier
from bot.slack.elements import Message
from bot.slack.import_courier import ImportCourier
from bot.slack.map_courier import MapCourier
from bot.slack.notes import Notes
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.response_url import send
from bot.slack.thread_courier import SAID, ThreadCourier
from bot.slack.vote_courier import VoteCourier
from bot.slack.work import Expensive, Later
from index.filling import Progress
from index.space.latent.results import Map
from index.space.results import EntryReply

logger = logging.getLogger(__name__)

BUSY = "So much is being asked just now that this has to wait. Please ask again in a minute."
Outcome = Later | Expensive | None
MANY = 300  # texts to be embedded for an answer, of which the asker is told


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

    def answer(self, delivery: Delivery, *, may_be_expensive: bool = False) -> Outcome:
        """Sends the reply to a delivery and notes that it is answered; what Slack does not take
        for now is returned, to be tried again, and so is an expensive command, to be run when it
        may be.

        What goes wrong here would go wrong again, and is only logged.
        """
        try:
            return self._answer(delivery, may_be_expensive)
        except Exception:
            logger.exception("a delivery could not be worked off")
            self._inbox.answered(delivery)
            return None

    def busy(self, delivery: Delivery) -> None:
        """Says to somebody who spoke to us that there is too much to do for it."""
        if delivery.kind == "question":
            self._thread_courier.whisper(delivery, "busy", BUSY)

    def _answer(self, delivery: Delivery, may_be_expensive: bool) -> Outcome:
        if delivery.kind in SAID:
            return self._thread_courier.answer(delivery)
        if delivery.kind == "upload":
            if self._import_courier.answer(delivery):
                self._inbox.answered(delivery)
            return None
        if delivery.kind == "vote":
            self._vote_courier.answer(delivery)
            return None
        request = grammar.parse(delivery.line, self._prefix)
        if is_expensive(request) and not may_be_expensive:
            if delivery.kind == "action" and (told := wait_notice(request)):
                self._say_to_wait(delivery, told)  # a command is acknowledged with it
            return Expensive(
                delivery.user,
                partial(self.answer, delivery, may_be_expensive=True),
                wait=partial(self._say_to_wait, delivery),
                refuse=partial(self._refuse, delivery),
            )
        if self._request(delivery, "near-admin"):
            delivery = replace(delivery, shared_by=None)  # never shown to a channel
        message = self.message(delivery)
        if message is None:
            self._inbox.answered(delivery)
            return None
        return self._deliver(delivery, message)

    def _say_to_wait(self, delivery: Delivery, why: str) -> None:
        if delivery.response_url:
            send(delivery.response_url, note(why), in_channel=False)

    def _refuse(self, delivery: Delivery, why: str) -> Later | None:
        return self._deliver(replace(delivery, shared_by=None), note(why))

    def _deliver(self, delivery: Delivery, message: Message, attempt: int = 1) -> Later | None:
        wait = self._sent(delivery, message)
        if wait is not None:
            return again(
                delivery, attempt, lambda: self._deliver(delivery, message, attempt + 1), wait
            )
        self._inbox.answered(delivery)
        return None

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
        reply = self._desk.say(delivery.line, actor, self._waiting(delivery))
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
                alone=delivery.shared_by is None,
            )
            asked = replace(asked, picture=told)
        replaces = delivery.replaces and not isinstance(reply, Problem)  # which says what to mend
        return replace(message_of(reply, asked), replaces=replaces)

    def _waiting(self, delivery: Delivery) -> Progress:
        """Tells the asker, once, that much is embedded before the answer comes."""
        told = False

        def tell(_phase: str, done: int, total: int) -> None:
            nonlocal told
            if not told and delivery.response_url and done < total >= MANY:
                told = True
                text = f"I embed {total:,} passages first, this one time. The answer follows."
                send(delivery.response_url, note(text), in_channel=False)

        return tell

    def _sent(self, delivery: Delivery, message: Message) -> float | None:
        """Sends a reply to the response_url; as a direct message where there is none, as for
        buttons in views. Returns what `send` does."""
        if not delivery.response_url:
            return None if self._admin_courier.tell(delivery.user, message) else 0.0
        return send(delivery.response_url, message, in_channel=delivery.shared_by is not None)

    def _request(self, delivery: Delivery, command: str = "") -> grammar.Request | None:
        """What a delivery asks for, when it asks for something, and for that command."""
        request = grammar.parse(delivery.line, self._prefix)
        if isinstance(request, grammar.Request) and command in ("", request.command):
            return request
        return None
