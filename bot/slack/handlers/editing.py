"""Applies edits to entries, and reports their progress and outcome in direct messages."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from slack_sdk import WebClient

from bot.admin.entry_commands import NAMES
from bot.assistant import Assistant
from bot.commands.spec import Request
from bot.identity import User
from bot.ops import request_id
from bot.replies.base import Problem, Reply
from bot.replies.editing import Review, Saved, SuggestionDeclined
from bot.slack.blocks.admin import note
from bot.slack.blocks.elements import Message
from bot.slack.blocks.reply import RequestContext, message_of
from bot.slack.blocks.review import with_review_button
from bot.slack.events import is_direct
from bot.slack.handlers.reviews import ReviewHandler
from bot.slack.progress_message import MessageLocation, ProgressMessage
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.response_url import send_notice
from index.errors import NearsayError
from index.progress import Progress

logger = logging.getLogger(__name__)

CHECK_INTERVAL_S = 1.0  # seconds between checks whether a change is live
MAX_WAIT_S = 30 * 60  # seconds after which these checks stop
DECISIONS = ("approve", "decline")
SAVED_NOTICE = (
    "Your change is saved, and the index is being rebuilt. You will get a direct message when the "
    "change is live."
)
NOT_SAVED = Problem(
    code="not_saved",
    message="Nearsay was restarted before your change was saved. Your text is kept as a draft.",
    hint="Open the form again to save it.",
)
TOO_OLD = "This message is out of date. Nothing was approved."
DETAILS_NOTICE = "The details are in a direct message to you."


@dataclass(frozen=True, eq=False)
class EditingHandler:
    """Applies entry edits from commands and forms, and waits until each is live. Thread-safe."""

    assistant: Assistant
    inbox: Inbox
    client: WebClient
    reviews: ReviewHandler
    prefix: str = ""
    _stopped: threading.Event = field(default_factory=threading.Event, init=False)

    def stop(self) -> None:
        self._stopped.set()

    def run(
        self,
        actor: User,
        do: Callable[[Progress], Reply],
        *,
        place: MessageLocation | None = None,
        on_posted: Callable[[MessageLocation], None] = lambda _: None,
    ) -> Reply:
        """Apply an edit; return the reply. Show a saved edit at `place` or in a direct message."""
        saving = "Saved; rebuilding the index"
        with ProgressMessage(self.client, actor.id, place, on_posted, saving) as live:
            reply = do(live.report)
        if isinstance(reply, Saved):
            live.end(message_of(reply, RequestContext(prefix=self.prefix)))
            if reply.live or reply.trouble:
                self.reviews.report_decision(reply.suggestion, reply)
            else:  # wait until another reindex has made the change live
                self.reviews.refresh(reply.suggestion)
                waiting = replace(_publication(actor), posted=live.place)
                self.inbox.record(waiting)
                wait = request_id.propagate(lambda: self._wait(live, reply, waiting))
                threading.Thread(target=wait, name="until-live", daemon=True).start()
        return reply

    def run_recorded(
        self,
        actor: User,
        do: Callable[[Progress], Reply],
        place: MessageLocation | None = None,
    ) -> Reply:
        """Apply an edit from a form. It is recorded first, since Slack delivers no form again."""
        waiting = _publication(actor)
        self.inbox.record(waiting)
        is_waiting = False

        def on_posted(place: MessageLocation) -> None:
            self.inbox.amend(replace(waiting, posted=place))

        try:
            reply = self.run(actor, do, place=place, on_posted=on_posted)
            is_waiting = isinstance(reply, Saved) and not (reply.live or reply.trouble)
        finally:
            if not is_waiting:
                self.inbox.mark_answered(waiting)
        return reply

    def resume(self, delivery: Delivery) -> None:
        """Publish the edit of a process that died before it could, and say so."""
        actor = User(delivery.user, name=delivery.user_name, delivery=delivery.line)
        entries = self.assistant.administration.editing.entries
        reply = self.run_recorded(
            actor,
            lambda progress: entries.reply_of(lambda: entries.resume(actor, progress) or NOT_SAVED),
            delivery.posted,
        )
        if isinstance(reply, Problem):
            context = RequestContext(prefix=self.prefix)
            ProgressMessage(self.client, actor.id, delivery.posted).end(message_of(reply, context))

    def _wait(self, live: ProgressMessage, saved: Saved, waiting: Delivery) -> None:
        began = time.monotonic()
        while time.monotonic() - began < MAX_WAIT_S:
            if self._stopped.wait(CHECK_INTERVAL_S):
                return
            try:
                generation = self.assistant.store.readable()
            except NearsayError:
                continue
            if generation is not None and generation.manifest.edits >= saved.number:
                seconds = saved.seconds + round(time.monotonic() - began, 1)
                done = replace(saved, generation=generation.id, live=True, seconds=seconds)
                live.end(message_of(done, RequestContext(prefix=self.prefix)))
                self.reviews.report_decision(done.suggestion, done)
                self.inbox.mark_answered(waiting)
                return
        logger.warning("gave up waiting for change %d to go live", saved.number)

    def matches(self, request: Request, _delivery: Delivery) -> bool:
        """Return whether a request is an editing command other than `suggestions` and `ways`."""
        return request.verb in NAMES - {"suggestions", "ways"}

    def answer(self, delivery: Delivery, request: Request, actor: User) -> Message | None:
        """Answer a request. Return the reply to send, or None if another message shows it."""
        notified = False
        actor = replace(actor, delivery=delivery.key)

        def on_posted(place: MessageLocation) -> None:
            nonlocal notified
            notified = True
            self.inbox.amend(replace(delivery, posted=place))
            if place[0] != delivery.channel:
                send_notice(delivery.response_url, SAVED_NOTICE)

        place, direct = delivery.posted, is_direct(delivery.channel)
        if place is None and request.verb == "undo" and delivery.message and direct:
            place = (delivery.channel, delivery.message)  # the message with the "Undo" button
        reply = self.run(
            actor,
            lambda progress: self.assistant.answer(request, actor, progress),
            place=place,
            on_posted=on_posted,
        )
        if isinstance(reply, SuggestionDeclined):
            self.reviews.report_decision(reply.id)
        elif isinstance(reply, Problem | Review) and request.verb in DECISIONS and actor.admin:
            self.reviews.refresh(request.text.split()[0])
        if isinstance(reply, Saved):
            return None if notified or direct else note(DETAILS_NOTICE)
        if isinstance(reply, Review) and reply.suggestion.state == "open" and delivery.message:
            return with_review_button(note(TOO_OLD), reply.suggestion.id)
        message = message_of(reply, RequestContext(request, self.prefix))
        outcome = (reply.code, request.verb) if isinstance(reply, Problem) else ()
        if outcome == ("not_found", "approve") and delivery.message:
            shown = ProgressMessage(self.client, place=(delivery.channel, delivery.message))
            shown.end(note("The suggestion was withdrawn by its author."))
        if outcome == ("outdated", "approve"):
            return with_review_button(message, request.text)
        return message


def _publication(actor: User) -> Delivery:
    """Build the delivery that stands for an edit until it is live."""
    return Delivery(
        key=f"publication {actor.delivery}",
        kind="publication",
        line=actor.delivery,
        response_url="",
        received=time.time(),
        user=actor.id,
        user_name=actor.name,
    )
