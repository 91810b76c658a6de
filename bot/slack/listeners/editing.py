"""Listeners for the entry form, its preview, and the review of suggestions.

The user is always read from the signed request, never from the metadata of a view or button.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace

from slack_bolt import Ack, App

from bot.admin.entry_commands import split_definition
from bot.commands.spec import Request
from bot.identity import User
from bot.replies.base import Problem
from bot.slack.blocks.admin import DEFINE, note
from bot.slack.blocks.elements import typed_in
from bot.slack.blocks.entry import EDIT_ENTRY, parse_page
from bot.slack.blocks.feedback import SUGGEST
from bot.slack.blocks.lists import DEFINE_TERM, parse_define_term
from bot.slack.blocks.review import DECLINE, EDIT_SUGGESTION, REVIEW_ALL
from bot.slack.handlers.entry_form import EntryFormHandler, FormCheck, FormKind, FormRequest
from bot.slack.handlers.modals import ModalHandler
from bot.slack.handlers.save_entry import Outcome, SaveEntryHandler
from bot.slack.listeners.views import SETTLED, result_in_time
from bot.slack.manifest import ADD_ENTRY
from bot.slack.payloads import Body, id_of, message_link, value_of
from bot.slack.progress_message import post
from bot.slack.queue.worker_pool import WorkerPool
from bot.slack.views.entry_form import (
    DISCARD_DRAFT,
    ENTRY_FORM,
    FIELD,
    USE_DRAFT,
    errors_in,
    form_state_in,
)
from bot.slack.views.modal import View
from bot.slack.views.preview import (
    CONFLICT,
    DECLINE_FORM,
    MAKE_ALIAS,
    PREVIEW,
    REASON,
    REVIEW,
    TURN_REVIEW,
    decline_view,
    loading_view,
    message_view,
    working_view,
)
from index.errors import NearsayError

logger = logging.getLogger(__name__)

FAILED = "Something went wrong in Nearsay. Your text is kept as a draft."
SAVING = "Saving … You can close this: you will get a direct message when the change is live."
SENDING = "Sending …"
RESTARTING = "Nearsay is restarting, and nothing was saved. Please try again in a minute."


@dataclass(frozen=True, eq=False)
class EditListeners:
    work: WorkerPool
    modals: ModalHandler
    forms: EntryFormHandler
    saves: SaveEntryHandler

    def register(self, app: App) -> None:
        app.shortcut(ADD_ENTRY)(self._opens("any"))  # admins write, everybody else suggests
        app.action(SUGGEST)(self._opens("suggest"))
        app.action(re.compile(rf"^{DEFINE_TERM}_\d+$"))(self.define_term)
        app.action(re.compile(rf"^{DEFINE}_\d+$"))(self._opens("write"))
        app.action(EDIT_ENTRY)(self._opens("edit"))
        app.action(re.compile(rf"^{EDIT_SUGGESTION}(_\d+)?$"))(self._opens("review"))
        app.action(REVIEW_ALL)(self.review)
        app.action(re.compile(rf"^{TURN_REVIEW}_\d$"))(self.turn)
        app.action(re.compile(rf"^{FIELD}"))(self.save_draft)
        app.action(USE_DRAFT)(self.draft)
        app.action(DISCARD_DRAFT)(self.draft)
        app.action(re.compile(rf"^{MAKE_ALIAS}_\d+$"))(self.make_alias)
        app.action(DECLINE)(self.decline)
        app.view(ENTRY_FORM)(self.submit)
        app.view(PREVIEW)(self.save)
        app.view(CONFLICT)(self.save)
        app.view(REVIEW)(self.approve)
        app.view(DECLINE_FORM)(self.submit_decline)

    def _opens(self, what: FormKind) -> Callable[[Ack, Body], None]:
        return lambda ack, body: self.open(ack, body, FormRequest(what, value_of(body)))

    def open(self, ack: Ack, body: Body, wanted: FormRequest) -> None:
        """Open a modal immediately, then show the form in it."""
        ack()
        self.modals.show(body, lambda by: self.forms.form(wanted, by))

    def define_term(self, ack: Ack, body: Body) -> None:
        """Open the form for an undefined term, with a link to the message that has it."""
        term, message = parse_define_term(value_of(body))
        self.open(ack, body, FormRequest("any", term, message_link(body, message)))

    def review(self, ack: Ack, body: Body) -> None:
        ack()
        self.modals.show(body, lambda by: self.forms.review(value_of(body), by))

    def turn(self, ack: Ack, body: Body) -> None:
        ack()
        of, page = form_state_in(body.get("view") or {}), parse_page(value_of(body))[0]
        self.modals.show(body, lambda by: self.forms.review(of.suggestion, by, page, of.typed))

    def wanted(self, line: str, request: Request | Problem, prefix: str) -> FormRequest | None:
        """Return the form for `add`, `add TERM` or `edit TERM`, or None for other command lines."""
        if line.casefold().split() == [f"/{prefix}near-admin", "add"]:
            return FormRequest("write")
        if not isinstance(request, Request) or request.verb not in ("add", "edit"):
            return None
        says_what = split_definition(request.text)[1] or request.options
        kind: FormKind = "edit" if request.verb == "edit" else "write"
        return None if says_what else FormRequest(kind, request.text)

    def save_draft(self, ack: Ack, body: Body) -> None:
        ack()
        self.forms.save_draft(body.get("view") or {}, id_of(body, "user"))

    def draft(self, ack: Ack, body: Body) -> None:
        ack()
        given, use = body.get("view") or {}, body["actions"][0]["action_id"] == USE_DRAFT
        self.modals.show(body, lambda by: self.forms.with_draft(given, by, use=use))

    def submit(self, ack: Ack, body: Body) -> None:
        """Handle "Preview": acknowledge with the result if ready in `IN_TIME` seconds."""
        given, person = body["view"], id_of(body, "user")
        checked: Future[FormCheck] = Future()

        def check() -> None:
            try:
                actor = self.modals.actor(body)
                with self.modals.reading_as(actor):
                    checked.set_result(self.forms.check(given, actor))
            except Exception:
                logger.exception("a form could not be checked")
                failed = message_view("Not saved", FAILED)
                checked.set_result((errors_in(given, {"term": FAILED}), failed))

        if refusal := RESTARTING if self.work.stopping else self.work.offer(check, person):
            ack(response_action="errors", errors=errors_in(given, {"term": refusal}))
            return
        try:
            errors, view = result_in_time(checked)
        except TimeoutError:
            looking = loading_view(form_state_in(given))
            ack(response_action="push", view=looking)
            checked.add_done_callback(lambda late: self._put_above(looking, late.result()[1]))
            return
        if errors:
            ack(response_action="errors", errors=errors)
        else:
            ack(response_action="push", view=view)

    def save(self, ack: Ack, body: Body) -> None:
        given = body["view"]
        text = SENDING if form_state_in(given).mode == "suggest" else SAVING
        self._submit(ack, body, text, lambda by: self.saves.save(given, by))

    def approve(self, ack: Ack, body: Body) -> None:
        purpose = form_state_in(body["view"])
        self._submit(ack, body, SAVING, lambda by: self.saves.approve(purpose, by))

    def make_alias(self, ack: Ack, body: Body) -> None:
        ack()
        purpose, entry = form_state_in(body.get("view") or {}), value_of(body)
        self._finish(body, lambda by: self.saves.make_alias(purpose, entry, by))

    def decline(self, ack: Ack, body: Body) -> None:
        ack()
        self.modals.open(body, decline_view(value_of(body)))

    def submit_decline(self, ack: Ack, body: Body) -> None:
        suggestion, reason = form_state_in(body["view"]).suggestion, typed_in(body["view"], REASON)
        self._submit(
            ack, body, "Declining …", lambda by: self.saves.decline(suggestion, reason, by)
        )

    def _submit(self, ack: Ack, body: Body, text: str, do: Callable[[User], Outcome]) -> None:
        """Show `text` in the modal while `do` runs; during shutdown, do nothing and say so."""
        if self.work.stopping:
            ack(response_action="update", view=message_view("Nearsay", RESTARTING))
            return
        ack(response_action="update", view=working_view("Nearsay", text))
        self._finish(body, do)

    def _finish(self, body: Body, do: Callable[[User], Outcome]) -> None:
        """Call `do` and show the outcome in the modal, or as a direct message if it is closed."""
        acknowledged = time.monotonic()

        def work() -> None:
            actor = replace(self.modals.actor(body), delivery=f"form {secrets.token_hex(8)}")
            try:
                with self.modals.reading_as(actor):
                    outcome = do(actor)
            except NearsayError as error:
                outcome = self.saves.failure(Problem.of(error))
            except Exception:
                logger.exception("a submission could not be processed")
                outcome = Outcome(message_view("Nearsay", FAILED), FAILED)
            time.sleep(max(0.0, acknowledged + SETTLED - time.monotonic()))
            if not self.modals.update(body["view"]["id"], outcome.view) and outcome.notice:
                post(self.modals.client, actor.id, note(outcome.notice))

        self.modals.submit(body, work, is_slow=True)  # it may wait for a reindex

    def _put_above(self, shown: View, view: View) -> None:
        time.sleep(SETTLED)
        self.modals.update(shown["external_id"], view, external=True)
