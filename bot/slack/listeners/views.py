"""Listeners for modals and the Home tab.

A view is only useful while it is open, so its deliveries are not recorded in the inbox.
"""

import re
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from slack_bolt import Ack, App

from bot.commands.parser import parse, validate
from bot.commands.spec import Request
from bot.identity import Standing, User
from bot.ops.rate_limit import is_expensive, wait_notice
from bot.replies.base import Problem
from bot.slack.blocks.answer import OPEN
from bot.slack.blocks.elements import typed_in
from bot.slack.blocks.entry import TURN, parse_page
from bot.slack.events import text_of_message
from bot.slack.handlers.assistant_pane import AssistantPane
from bot.slack.handlers.learning import LearningHandler
from bot.slack.handlers.modals import ModalHandler
from bot.slack.home import FORGET, GENERATIONS, GO, SEARCH, HomeHandler, page_in
from bot.slack.manifest import ASK_NEARSAY, EXPLAIN_MESSAGE, HOME_OPENED
from bot.slack.payloads import OUTSIDE, Body, id_of, user_name, value_of, vote_of
from bot.slack.queue.worker_pool import WorkerPool, run_or_queue
from bot.slack.views.modal import (
    ASK_MODAL,
    LOOKING,
    QUESTION,
    View,
    ask_modal,
    failed_modal,
    loading_modal,
)

IN_TIME = 0.3  # seconds to wait for a result before acknowledging; Slack waits three
WAITS = 4  # listeners that wait at the same time, so that others can acknowledge
SETTLED = 1.0  # seconds until Slack shows the view of an acknowledgement

Result = TypeVar("Result")
_waits = threading.BoundedSemaphore(WAITS)


def result_in_time(result: Future[Result]) -> Result:
    """Return a result that is ready within `IN_TIME` seconds, or at once if `WAITS` listeners are
    already waiting. Raises `TimeoutError` if it is not."""
    if not _waits.acquire(blocking=False):
        return result.result(0)
    try:
        return result.result(IN_TIME)
    finally:
        _waits.release()


@dataclass(frozen=True, eq=False)
class ViewListeners:
    work: WorkerPool
    modals: ModalHandler
    home: HomeHandler
    agent: AssistantPane
    prefix: str = ""
    learning: LearningHandler | None = None

    def register(self, app: App) -> None:
        app.action(re.compile(rf"^{OPEN}(_\d+)?$"))(self.open_entry)
        app.action(re.compile(rf"^{TURN}_\d+$"))(self.turn)
        app.action(SEARCH)(self.search)
        app.action(re.compile(rf"^{GO}_\d+$"))(self.go)
        app.action(FORGET)(self.forget)
        app.action(GENERATIONS)(self.generations)
        app.shortcut(ASK_NEARSAY)(self.open_ask)
        app.shortcut(EXPLAIN_MESSAGE)(self.explain)
        app.view(ASK_MODAL)(self.submit)
        app.event(HOME_OPENED)(self.show_opened)

    def open_entry(self, ack: Ack, body: Body) -> None:
        self.fill(ack, body, self._entry(value_of(body)))
        if self.learning:
            self.learning.opened(body)

    def turn(self, ack: Ack, body: Body) -> None:
        page, entry_id = parse_page(value_of(body))
        self.fill(ack, body, self._entry(entry_id), page)

    def explain(self, ack: Ack, body: Body) -> None:
        """Handle "Explain this message". Nothing of the message is stored."""
        request = validate(Request("explain", text_of_message(body)), self.prefix)
        self.fill(ack, body, request)

    def search(self, ack: Ack, body: Body) -> None:
        ack()
        request = parse(f"/{self.prefix}near {value_of(body)}", self.prefix)
        self.modals.show_reply(body, request, kept=True)

    def vote(self, ack: Ack, body: Body) -> None:
        ack()
        self.modals.submit(body, lambda: self.modals.vote(body["view"], vote_of(body)))

    def generations(self, ack: Ack, body: Body) -> None:
        self.fill(ack, body, Request("near-admin", "", verb="generations"))

    def go(self, ack: Ack, body: Body) -> None:
        ack()
        user, place = id_of(body, "user"), page_in(value_of(body))
        self.modals.submit(body, lambda: self.home.show(user, place))

    def forget(self, ack: Ack, body: Body) -> None:
        ack()
        user = id_of(body, "user")
        self.modals.submit(body, lambda: self.home.forget(user))

    def show_opened(self, event: dict[str, Any]) -> None:
        user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
        if event.get("tab") == "messages":
            self.work.submit(lambda: self.agent.suggest(channel))
        else:  # if it is refused, one that waits shows the same
            self.work.offer(lambda: self.home.show(user), user)

    def open_ask(self, ack: Ack, body: Body) -> None:
        ack()
        self.modals.open(body, ask_modal())

    def ask(self, ack: Ack, body: Body) -> None:
        """Handle a suggested question in a view: answer it in the "Ask Nearsay" modal."""
        ack()
        view = body["view"]
        asks = view.get("callback_id") == ASK_MODAL
        view_id = str(view["id"]) if asks else self.modals.open_or_reuse(body)
        question = self.modals.question(value_of(body), _person(body), view)
        if view_id:
            is_slow = is_expensive(question.request)  # it has a queue of its own
            answer = partial(self.modals.answer, view_id, question)
            self.modals.submit(body, answer, is_slow=is_slow)

    def submit(self, ack: Ack, body: Body) -> None:
        """Handle a typed question: acknowledge with the answer if ready in `IN_TIME` seconds."""
        view = body["view"]
        question = self.modals.question(typed_in(view, QUESTION), _person(body), view)
        if self.work.stopping:
            ack(response_action="update", view=failed_modal(question.text))
            return
        person = question.actor.id
        lane = "" if is_expensive(question.request) else person
        answer: Future[View] = Future()

        def work() -> None:
            try:
                answer.set_result(self.modals.build_answer(question))
            except Exception:
                answer.set_result(failed_modal(question.text))
                raise

        def refuse(why: str) -> None:
            answer.set_result(self.modals.build_refusal(question, why))

        waits = [wait_notice(question.request) or LOOKING]
        job = partial(run_or_queue, question.request, person, work, waits.append, refuse)
        if refusal := self.work.offer(job, lane):
            ack(response_action="update", view=self.modals.build_refusal(question, refusal))
            return
        try:
            ack(response_action="update", view=result_in_time(answer))
        except TimeoutError:
            ack(response_action="update", view=loading_modal(question.text, waits[-1]))
            answer.add_done_callback(lambda late: self._put(str(view["id"]), late.result(), person))

    def _put(self, view_id: str, view: View, person: str) -> None:
        time.sleep(SETTLED)
        self.modals.update(view_id, view, person=person)

    def fill(self, ack: Ack, body: Body, request: Request | Problem, page: int = 1) -> None:
        """Show the reply to a request in the open modal, or in a new one."""
        ack()
        self.modals.show_reply(body, request, page)

    def _entry(self, value: str) -> Request | Problem:
        entry_id, _, source = value.partition(" from=")
        request = Request("define", entry_id, {"from": source} if source else {})
        return validate(request, self.prefix)


def _person(body: Body) -> User:
    standing: Standing = "stranger" if body.get(OUTSIDE) else "guest"
    return User(id_of(body, "user"), name=user_name(body), standing=standing)
