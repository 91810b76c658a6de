"""Opens modals and fills them with replies: entries, neighbours and answers."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from slack_sdk import WebClient

from bot.assistant import Assistant
from bot.commands.spec import Request
from bot.identity import User
from bot.ops import metrics
from bot.ops.rate_limit import TOO_MANY
from bot.replies.base import Problem, Reply
from bot.slack.api_errors import FAILURES, error_code, is_retryable, retry_delay
from bot.slack.blocks.admin import note
from bot.slack.blocks.elements import Message, actions, button, section
from bot.slack.blocks.feedback import voted_line, with_votes
from bot.slack.events import as_command
from bot.slack.handlers.conversation import parse_message
from bot.slack.handlers.feedback import FeedbackHandler
from bot.slack.handlers.renderer import Renderer
from bot.slack.payloads import (
    OUTSIDE,
    Body,
    action_of,
    id_of,
    shortcut_message_ref,
    user_name,
    value_of,
)
from bot.slack.progress_message import post
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.retry import backoff
from bot.slack.queue.worker_pool import Job, RetryLater, WorkerPool, run_or_queue
from bot.slack.response_url import send
from bot.slack.roles import AdminDirectory
from bot.slack.views.modal import (
    ASK_MODAL,
    LOOKING,
    WENT_WRONG,
    View,
    answer_modal,
    loading_modal,
    modal_context,
    modal_of,
    text_only,
)
from bot.slack.views.preview import message_view
from index.errors import NearsayError
from index.search.answers.conversation import Conversation

logger = logging.getLogger(__name__)

ATTEMPTS = 10  # attempts to fill a modal, which shows a placeholder until then

NOT_OPENED = "Slack did not open the window. Please try again."
STOPPING = "Nearsay is restarting. Please try again in a minute."
NOT_FILLED = (
    "Slack is not accepting the answer for this window; Nearsay keeps trying. If the window does "
    "not change, close it and ask again."
)


@dataclass(frozen=True, slots=True)
class TypedQuestion:
    """A question in the "Ask Nearsay" modal."""

    text: str
    request: Request | Problem
    actor: User
    thread: Conversation


@dataclass(frozen=True, eq=False)
class ModalHandler:
    """Shows replies in modals. Thread-safe."""

    assistant: Assistant
    client: WebClient
    work: WorkerPool
    renderer: Renderer
    votes: FeedbackHandler
    admins: AdminDirectory
    prefix: str = ""

    def open_or_reuse(self, body: Body) -> str:
        """Return the id of the open modal or of a new one, or "" if none can be opened.

        The "Ask Nearsay" modal is not reused; a new modal is pushed above it.
        """
        within = body.get("view") or {}
        is_modal = within.get("type") == "modal"
        reusable = is_modal and within.get("callback_id") != ASK_MODAL
        if reusable and not self.work.stopping:
            return str(within.get("id") or "")
        return self.open(body, message_view("Nearsay", LOOKING), above=is_modal)

    def open(self, body: Body, view: View, *, above: bool = False) -> str:
        """Open a modal, or push it `above` the open one. Return its id, or "" if that fails."""
        if self.work.stopping:  # nothing would fill it
            return self._not_opened(body, STOPPING)
        trigger = str(body.get("trigger_id"))
        try:
            if above:
                opened = self.client.views_push(trigger_id=trigger, view=view)
            else:
                opened = self.client.views_open(trigger_id=trigger, view=view)
        except FAILURES as error:
            logger.warning("a modal could not be opened: %s", error_code(error))
            return self._not_opened(body, NOT_OPENED)
        return str(opened["view"]["id"])

    def _not_opened(self, body: Body, why: str) -> str:
        """Notify the user, with a button to press again if it was pressed outside a modal, whose
        content it may need."""
        value = "" if (body.get("view") or {}).get("type") == "modal" else value_of(body)
        again = [button("Try again", action_of(body)["action_id"], value)] if value else []
        self.notify(body, Message(why, [section(why), *actions(again)]))
        return ""

    def notify(self, body: Body, message: Message) -> None:
        """Send a message to the user of a command or button, ephemeral or as a direct message."""
        if url := str(body.get("response_url") or ""):
            send(url, message, in_channel=False)
        else:
            post(self.client, id_of(body, "user"), message)

    def submit(self, body: Body, job: Job, *, is_slow: bool = False) -> None:
        """Run the job of a button in a view on a worker, after the user's earlier ones unless it
        `is_slow`. If it is refused, notify the user."""
        refusal = STOPPING if self.work.stopping else self.work.refusal(id_of(body, "user"))
        if not refusal:
            refusal = self.work.offer(job, "" if is_slow else id_of(body, "user"))
        if refusal:
            self.notify(body, note(refusal))

    def actor(self, body: Body) -> User:
        """Return the user of a verified request. May call Slack, so only workers call it."""
        outside = bool(body.get(OUTSIDE))
        return self.admins.actor(id_of(body, "user"), user_name(body), outside=outside)

    @contextmanager
    def reading_as(self, actor: User) -> Iterator[None]:
        """Read what `actor` may read in the block. Raises `NoGuests` if that is nothing."""
        self.assistant.require_welcome(actor)
        with self.assistant.readers.reading_as(actor):
            yield

    def show(self, body: Body, make: Callable[[User], View]) -> None:
        """Show the view that `make` builds on a worker, in the open modal or in a new one."""

        def made() -> View:
            actor = self.actor(body)
            with self.reading_as(actor):
                return make(actor)

        person = id_of(body, "user")
        if refusal := self.work.refusal(person):
            self.notify(body, note(refusal))
            return
        view_id = self.open_or_reuse(body)
        # Others of the user may have come while the modal was opened.
        if view_id and (
            refusal := self.work.offer(lambda: self.fill_with(view_id, person, made), person)
        ):
            self.update(view_id, message_view("Nearsay", refusal), person=person)

    def show_reply(
        self, body: Body, request: Request | Problem, page: int = 1, *, kept: bool = False
    ) -> None:
        """Show the reply to a request in a modal. If `kept`, also log the question."""

        def made(actor: User) -> View:
            reply = self.assistant.answer(request, actor)
            question = self._record(request, actor, reply) if kept else ""
            given, explained = (reply, self.prefix, page), shortcut_message_ref(body)
            return modal_of(*given, editor=actor.admin, question=question, explained=explained)

        self.show(body, made)

    def vote(self, given: Body, delivery: Delivery) -> None:
        """Record a vote from the modal `given`, and show the vote or a notice below its buttons."""
        done = self.votes.record(delivery)
        line = done.notice or voted_line(delivery.line.partition(" ")[0])
        blocks = with_votes(given["blocks"], line, done.asks.blocks if done.asks else ())
        kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
        shown = {name: given[name] for name in kept if given.get(name)}
        self.update(str(given["id"]), shown | {"blocks": blocks})

    def question(self, text: str, actor: User, given: Body) -> TypedQuestion:
        request = parse_message(as_command(text, self.prefix), self.prefix)
        thread = Conversation.from_json(str(given.get("private_metadata") or ""))
        return TypedQuestion(text, request, actor, thread)

    def build_answer(self, question: TypedQuestion) -> View:
        """Answer a question, record it and build the modal that shows the answer."""
        request, thread = question.request, question.thread
        given, outside = question.actor, question.actor.standing == "stranger"
        actor = self.admins.actor(given.id, given.name, outside=outside)
        reply = self.assistant.answer(request, actor, thread=thread)
        asked = modal_context(reply, self.prefix)
        asked = replace(asked, question=self._record(request, actor, reply))
        return answer_modal(question.text, reply, thread.after(reply), asked)

    def build_refusal(self, question: TypedQuestion, why: str) -> View:
        """Build the modal that says why an expensive command was refused."""
        reply = Problem(code=TOO_MANY, message=why)
        return answer_modal(question.text, reply, question.thread, modal_context(reply, ""))

    def answer(self, view_id: str, question: TypedQuestion) -> object:
        """Show the answer in a modal, or return `ExpensiveJob` for an expensive command."""
        return run_or_queue(
            question.request,
            question.actor.id,
            lambda: self.fill_with(view_id, question.actor.id, lambda: self.build_answer(question)),
            wait=lambda why: self.update(view_id, loading_modal(question.text, why)),
            refuse=lambda why: self.update(view_id, self.build_refusal(question, why)),
        )

    def fill_with(self, view_id: str, person: str, make: Callable[[], View]) -> None:
        """Show the view that `make` returns, or an error."""
        try:
            made = make()
        except NearsayError as error:
            made = modal_of(Problem.of(error), self.prefix)
        except Exception:
            logger.exception("a modal could not be built")
            made = message_view("Nearsay", WENT_WRONG)
        self.update(view_id, made, person=person)

    def update(
        self,
        view_id: str,
        view: View,
        *,
        external: bool = False,
        person: str = "",
        attempt: int = 1,
    ) -> bool:
        """Update a modal. If Slack rejects the blocks of `view`, send only its texts.

        Returns whether Slack accepted the update. If not and the modal is still open, notifies
        `person`, and retries on a worker if a retry may succeed. If `external`, `view_id` is an
        `external_id` chosen by the bot.
        """
        place = {"external_id" if external else "view_id": view_id}
        failure: Exception | None = None
        for content in (view, text_only(view)):
            try:
                self.client.views_update(view=content, **place)
                return True
            except FAILURES as error:
                if error_code(error) == "not_found":
                    return False
                metrics.REPLIES_NOT_SENT.labels("modal").inc()
                logger.warning("a modal could not be filled: %s", error_code(error))
                failure = error
            if is_retryable(failure):
                break
        if attempt == 1 and person:
            post(self.client, person, note(NOT_FILLED))
        if failure is not None and is_retryable(failure) and attempt < ATTEMPTS:
            job = partial(self.update, view_id, view, external=external, attempt=attempt + 1)
            wait = retry_delay(failure) or backoff(attempt)
            self.work.submit(lambda: RetryLater(wait, job))
        return False

    def _record(self, request: Request | Problem, actor: User, reply: Reply) -> str:
        now, key = time.time(), f"view/{actor.id}/{time.time()}"
        asked = Delivery(key, "action", "", "", now, user=actor.id, place="direct")
        return self.renderer.log_question(asked, request, reply)
