"""Opens modals, and fills them with what is asked for: entries, neighbours, answers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from slack_sdk import WebClient

from bot.assistant import Assistant
from bot.commands.spec import Request
from bot.identity import User
from bot.ops import metrics
from bot.ops.rate_limit import TOO_MANY, wait_notice
from bot.replies.base import Problem, Reply
from bot.slack.api_errors import FAILURES, code_of, is_retryable, wait_of
from bot.slack.blocks.admin import note
from bot.slack.blocks.elements import section
from bot.slack.blocks.feedback import with_vote
from bot.slack.events import as_command
from bot.slack.handlers.conversation import said_here
from bot.slack.handlers.feedback import FeedbackHandler
from bot.slack.handlers.renderer import Renderer
from bot.slack.payloads import id_of
from bot.slack.progress_message import post
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.retry import backoff
from bot.slack.queue.worker_pool import Job, RetryLater, Tell, WorkerPool, when_it_may_run
from bot.slack.response_url import tell
from bot.slack.views.modal import (
    ASK_MODAL,
    LOOKING,
    View,
    answer_modal,
    answer_text_modal,
    modal_of,
    opening,
    text_modal,
    thread_in,
    view,
    within_modal,
    working_modal,
)
from index.search.answers.conversation import Conversation

logger = logging.getLogger(__name__)

Body = Mapping[str, Any]

ATTEMPTS = 10  # at filling a modal, which would else say for ever that something is looked up

NOT_OPENED = "Slack did not open the window. Please press or type it again."
NOT_FILLED = (
    "Slack does not take the answer for its window just now; it is tried again. If the window "
    "stays as it is, close it and ask again."
)
WENT_WRONG = "Something went wrong here, not with what you asked. Trying again may help."


@dataclass(frozen=True, slots=True)
class TypedQuestion:
    """A question in the modal to ask in: its words, what they ask for, who asks, and where the
    conversation in the modal stands."""

    text: str
    request: Request | Problem
    actor: User
    thread: Conversation

    @property
    def wait_notice(self) -> str:
        """What is shown while the answer takes its time."""
        return wait_notice(self.request) or LOOKING

    def when_it_may_run(self, answer: Job, wait: Tell, refuse: Tell) -> object:
        """Does `answer`; puts it off where the question is an expensive command."""
        return when_it_may_run(self.request, self.actor.id, answer, wait, refuse)


@dataclass(frozen=True, eq=False)
class ModalHandler:
    """Shows replies in modals, to the one who asked alone. Threads may share it."""

    assistant: Assistant
    client: WebClient
    work: WorkerPool
    renderer: Renderer
    votes: FeedbackHandler
    prefix: str = ""

    def opened(self, body: Body) -> str:
        """The id of the modal to fill for what somebody pressed: the one that the button is in,
        one above it where that is a conversation, else a new one. Empty where none can be opened.

        Slack lets a modal be opened only in the three seconds after the press.
        """
        within = body.get("view") or {}
        is_modal = within.get("type") == "modal"
        if is_modal and within.get("callback_id") != ASK_MODAL:
            return str(within.get("id") or "")
        return self.open(body, opening(), above=is_modal)

    def open(self, body: Body, view: View, *, above: bool = False) -> str:
        """Opens a modal, where wanted `above` the one that is open; its id. Where Slack does not
        open it, the person is told so, and the id is empty."""
        trigger = str(body.get("trigger_id"))
        try:
            if self.work.stopping:  # nothing would fill it
                return self._not_opened(body)
            if above:
                opened = self.client.views_push(trigger_id=trigger, view=view)
            else:
                opened = self.client.views_open(trigger_id=trigger, view=view)
        except FAILURES as error:
            logger.warning("a modal could not be opened: %s", code_of(error))
            return self._not_opened(body)
        return str(opened["view"]["id"])

    def _not_opened(self, body: Body) -> str:
        """Tells who asked for a modal that there is none; gives the id of none."""
        if url := str(body.get("response_url") or ""):
            tell(url, NOT_OPENED)
        else:
            post(self.client, id_of(body, "user"), note(NOT_OPENED))
        return ""

    def fill(
        self,
        view_id: str,
        request: Request | Problem,
        actor: User,
        page: int = 1,
        *,
        kept: bool = False,
    ) -> None:
        """Puts the reply to a request into a modal: the page of that number where it is an entry,
        which an admin may edit. Where it is `kept`, it counts among what people ask."""

        def made() -> tuple[View, View]:
            reply = self.assistant.answer(request, actor)
            if kept:
                self._kept(request, actor, reply)
            return modal_of(reply, page, editor=actor.admin), text_modal(reply)

        self.fill_with(view_id, actor.id, made)

    def vote(self, given: Body, delivery: Delivery) -> None:
        """Notes a vote that was given in a modal, which Slack gives as `given`, and shows it
        there."""
        said = self.votes.noted(delivery)
        blocks = [section(said)] if said else with_vote(given["blocks"], delivery.line.split()[0])
        kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
        shown = {name: given[name] for name in kept if given.get(name)}
        self.put(str(given["id"]), shown | {"blocks": blocks}, view("Nearsay", [section(said)]))

    def question(self, text: str, actor: User, given: Body) -> TypedQuestion:
        """A question in a modal, which Slack gives as `given`."""
        request = said_here(as_command(text, self.prefix), self.prefix)
        return TypedQuestion(text, request, actor, thread_in(given))

    def answered(self, question: TypedQuestion) -> tuple[View, View]:
        """The modal with the answer to a question, and the same as text alone."""
        request, actor, thread = question.request, question.actor, question.thread
        reply = self.assistant.answer(request, actor, thread=thread)
        asked = replace(within_modal(reply), question=self._kept(request, actor, reply))
        shown = (question.text, reply, thread.after(reply))
        return answer_modal(*shown, asked), answer_text_modal(*shown)

    def refused(self, question: TypedQuestion, why: str) -> tuple[View, View]:
        """The modal that says why a question is not answered, and the same as text alone."""
        reply = Problem(code=TOO_MANY, message=why)
        shown = (question.text, reply, question.thread)
        return answer_modal(*shown, within_modal(reply)), answer_text_modal(*shown)

    def answer(self, view_id: str, question: TypedQuestion) -> object:
        """Puts the answer to a question into a modal; an expensive command is returned, to be run
        when it may be."""
        return question.when_it_may_run(
            lambda: self.fill_with(view_id, question.actor.id, lambda: self.answered(question)),
            wait=lambda why: self.put(view_id, *[working_modal(question.text, why)] * 2),
            refuse=lambda why: self.put(view_id, *self.refused(question, why)),
        )

    def fill_with(self, view_id: str, person: str, make: Callable[[], tuple[View, View]]) -> None:
        """Puts what `make` gives into a person's modal: a view, and the same as text alone. Where
        it fails, that something went wrong."""
        try:
            views = make()
        except Exception:
            logger.exception("a modal could not be made")
            views = (view("Nearsay", [section(WENT_WRONG)]),) * 2
        self.put(view_id, *views, person=person)

    def put(
        self,
        view_id: str,
        view: View,
        as_text: View,
        *,
        external: bool = False,
        person: str = "",
        attempt: int = 1,
    ) -> bool:
        """Puts a view into a modal, or the one of text alone where Slack refuses the other; returns
        whether one of them is shown. A modal that was closed in the meantime is let be. What Slack
        does not take for now is tried again later, and `person` told so. An `external` id is one
        that we gave."""
        place = {"external_id" if external else "view_id": view_id}
        failure: Exception | None = None
        for content in (view, as_text):
            try:
                self.client.views_update(view=content, **place)
                return True
            except FAILURES as error:
                if code_of(error) == "not_found":
                    return False
                metrics.REPLIES_NOT_SENT.labels("modal").inc()
                logger.warning("a modal could not be filled: %s", code_of(error))
                failure = error
            if is_retryable(failure):
                break
        if attempt == 1 and person:
            post(self.client, person, note(NOT_FILLED))
        if failure is not None and is_retryable(failure) and attempt < ATTEMPTS:
            again = partial(self.put, view_id, view, as_text, external=external)
            later = RetryLater(
                wait_of(failure) or backoff(attempt), partial(again, attempt=attempt + 1)
            )
            self.work.submit(lambda: later)
        return False

    def _kept(self, request: Request | Problem, actor: User, reply: Reply) -> str:
        """Keeps what was asked in a view, as in a direct message; returns the id for votes."""
        now = time.time()
        asked = Delivery(f"view/{actor.id}/{now}", "action", "", "", now, user=actor.id)
        found = request if isinstance(request, Request) else None
        return self.renderer.keep(replace(asked, place="direct"), found, reply)
