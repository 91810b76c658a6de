"""Opens modals, and fills them with what is asked for: entries, neighbours, answers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_sdk import WebClient

from bot import grammar, metrics
from bot.actors import Actor
from bot.desk import Desk
from bot.grammar import Request
from bot.limits import TOO_MANY, is_expensive
from bot.replies import Problem, Reply
from bot.slack.ask_modal import (
    ASK_MODAL,
    answer_modal,
    answer_text_modal,
    ask_modal,
    thread_in,
    working_modal,
)
from bot.slack.elements import section
from bot.slack.failures import FAILURES, code_of
from bot.slack.feedback_blocks import with_vote
from bot.slack.heard import as_command
from bot.slack.inbox import Delivery
from bot.slack.modals import View, modal_of, opening, text_modal, view, within_modal
from bot.slack.notes import Notes
from bot.slack.thread_courier import not_here
from bot.slack.vote_courier import VoteCourier
from bot.slack.work import Expensive, Job
from index.space.thread import Thread

logger = logging.getLogger(__name__)

Body = Mapping[str, Any]

REFUSED = "invalid_arguments"  # what Slack says to a view that it does not take


class ModalCourier:
    """Shows replies in modals, to the one who asked alone. Threads may share it."""

    def __init__(
        self, desk: Desk, client: WebClient, notes: Notes, votes: VoteCourier, prefix: str = ""
    ) -> None:
        self._desk = desk
        self._client = client
        self._notes = notes
        self._votes = votes
        self._prefix = prefix

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

    def open_ask(self, body: Body) -> None:
        """Opens the modal to ask in."""
        self.open(body, ask_modal())

    def open(self, body: Body, view: View, *, above: bool = False) -> str:
        """Opens a modal, where wanted `above` the one that is open; its id, empty for none."""
        trigger = str(body.get("trigger_id"))
        try:
            if above:
                opened = self._client.views_push(trigger_id=trigger, view=view)
            else:
                opened = self._client.views_open(trigger_id=trigger, view=view)
        except FAILURES as error:
            logger.warning("a modal could not be opened: %s", code_of(error))
            return ""
        return str(opened["view"]["id"])

    def fill(self, view_id: str, line: str, actor: Actor, page: int = 1) -> None:
        """Puts the reply to a line into a modal: the page of that number where it is an entry,
        which an admin may edit."""
        reply = self._desk.say(line, actor)
        self.put(view_id, modal_of(reply, page, editor=actor.admin), text_modal(reply))

    def search(self, view_id: str, text: str, actor: Actor) -> None:
        """Puts what is near a text into a modal."""
        line = f"/{self._prefix}near {text}"
        reply = self._desk.say(line, actor)
        self._kept(line, actor, reply)
        self.put(view_id, modal_of(reply), text_modal(reply))

    def vote(self, given: Body, delivery: Delivery) -> None:
        """Notes a vote that was given in a modal, which Slack gives as `given`, and shows it
        there."""
        said = self._votes.noted(delivery)
        blocks = [section(said)] if said else with_vote(given["blocks"], delivery.line.split()[0])
        kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
        shown = {name: given[name] for name in kept if given.get(name)}
        self.put(str(given["id"]), shown | {"blocks": blocks}, view("Nearsay", [section(said)]))

    def answered(self, question: str, actor: Actor, thread: Thread) -> tuple[View, View]:
        """The modal with the answer to a question where `thread` stands, and the same as text
        alone."""
        line = as_command(question, self._prefix)
        request = grammar.parse(line, self._prefix)
        reply: Reply
        if isinstance(request, Request) and request.command == "near-admin":
            reply = not_here(self._prefix)
        else:
            reply = self._desk.say(line, actor, thread=thread)
        asked = replace(within_modal(reply), question=self._kept(line, actor, reply))
        now = thread.after(reply)
        return answer_modal(question, reply, now, asked), answer_text_modal(question, reply, now)

    def refused(self, question: str, thread: Thread, why: str) -> tuple[View, View]:
        """The modal that says why a question is not answered, and the same as text alone."""
        reply = Problem(code=TOO_MANY, message=why)
        shown = answer_modal(question, reply, thread, within_modal(reply))
        return shown, answer_text_modal(question, reply, thread)

    def when_it_may_run(
        self,
        question: str,
        actor: Actor,
        answer: Job,
        wait: Callable[[str], object],
        refuse: Callable[[str], object],
    ) -> Job:
        """`answer`, which puts it off where the question is an expensive command (see
        `Expensive`)."""
        line = as_command(question, self._prefix)
        if not is_expensive(grammar.parse(line, self._prefix)):
            return answer
        return lambda: Expensive(actor.id, answer, wait, refuse)

    def answer_later(self, view_id: str, question: str, actor: Actor, given: Body) -> Job:
        """The job that puts the answer to a question into a modal, which Slack gives as `given`."""
        return self.when_it_may_run(
            question,
            actor,
            lambda: self.answer(view_id, question, actor, given),
            wait=lambda why: self.put(view_id, *[working_modal(question, why)] * 2),
            refuse=lambda why: self.put(view_id, *self.refused(question, thread_in(given), why)),
        )

    def answer(self, view_id: str, question: str, actor: Actor, given: Body) -> None:
        """Puts the answer to a question into a modal, which Slack gives as `given`."""
        self.put(view_id, *self.answered(question, actor, thread_in(given)))

    def put(self, view_id: str, view: View, as_text: View, *, external: bool = False) -> bool:
        """Puts a view into a modal, or the one of text alone where Slack refuses the other; returns
        whether one of them is shown. A modal that was closed in the meantime is let be. An
        `external` id is one that we gave."""
        place = {"external_id" if external else "view_id": view_id}
        for content in (view, as_text):
            try:
                self._client.views_update(view=content, **place)
                return True
            except FAILURES as error:
                code = code_of(error)
                if code != "not_found":
                    metrics.REPLIES_NOT_SENT.labels("modal").inc()
                    logger.warning("a modal could not be filled: %s", code)
                if code != REFUSED:
                    return False
        return False

    def _kept(self, line: str, actor: Actor, reply: Reply) -> str:
        """Keeps what was asked in a view, as in a direct message; returns the id for votes."""
        request = grammar.parse(line, self._prefix)
        now = time.time()
        asked = Delivery(f"view/{actor.id}/{now}", "action", line, "", now, user=actor.id)
        found = request if isinstance(request, Request) else None
        return self._notes.keep(replace(asked, place="direct"), found, reply)
