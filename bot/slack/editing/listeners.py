"""What happens when somebody writes: forms open, what is typed is kept, what is submitted is looked
through, saved, or reviewed.

As everywhere, nothing slow is done before Slack has its acknowledgement. Who somebody is comes from
the request that Slack has signed, and never from what a view or a button carries.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import Future

from slack_bolt import Ack, App

from bot.actors import Actor
from bot.admin.editing_commands import split
from bot.commands.spec import Request
from bot.replies import Problem
from bot.slack.admins import Admins
from bot.slack.editing.conflict_view import CONFLICT, TAKE_THEIRS
from bot.slack.editing.decline_view import DECLINE_FORM, decline_view, reason_in
from bot.slack.editing.form_courier import Checked, FormCourier, Wanted
from bot.slack.editing.form_view import (
    DISCARD_DRAFT,
    ENTRY_FORM,
    FIELD,
    USE_DRAFT,
    errors_in,
    purpose_in,
)
from bot.slack.editing.offers import EDIT_ENTRY, SUGGEST
from bot.slack.editing.preview_view import (
    MAKE_ALIAS,
    PREVIEW,
    REVIEW,
    TURN_REVIEW,
    looking_view,
    told_view,
    working_view,
)
from bot.slack.editing.review_message import DECLINE, MEND, REVIEW_ALL
from bot.slack.editing.save_courier import Outcome, SaveCourier
from bot.slack.entry_modal import turned
from bot.slack.insight_blocks import DEFINE
from bot.slack.manifest import ADD_ENTRY
from bot.slack.modal_courier import ModalCourier
from bot.slack.modals import View
from bot.slack.pressed import Body, id_of, user_name, value_of
from bot.slack.work import Work

logger = logging.getLogger(__name__)

IN_TIME = 2.0  # seconds that what a submitted form leads to may take to come with its
# acknowledgement, for which Slack waits three
SETTLED = 1.0  # seconds after which Slack shows what it was acknowledged with
WENT_WRONG = "Something went wrong here, not with what you wrote."
FAILED = f"{WENT_WRONG} It is kept as a draft."
SAVING = "It is being saved. You can close this: a direct message tells when it is live."
SENDING = "It is being sent …"


class EditListeners:
    """Takes what Slack delivers of forms; `register` binds it to a Bolt app."""

    def __init__(
        self,
        work: Work,
        modals: ModalCourier,
        forms: FormCourier,
        saves: SaveCourier,
        admins: Admins,
    ) -> None:
        self._work = work
        self._modals = modals
        self._forms = forms
        self._saves = saves
        self._admins = admins

    def register(self, app: App) -> None:
        """Binds the shortcut, the buttons that lead to forms, and the modals to their listeners."""
        app.shortcut(ADD_ENTRY)(self.add)
        app.action(SUGGEST)(self.suggest)
        app.action(re.compile(rf"^{DEFINE}_\d+$"))(self.define)
        app.action(EDIT_ENTRY)(self.define)
        app.action(re.compile(rf"^{MEND}(_\d+)?$"))(self.mend)
        app.action(REVIEW_ALL)(self.review)
        app.action(re.compile(rf"^{TURN_REVIEW}_\d$"))(self.turn)
        app.action(re.compile(rf"^{FIELD}"))(self.typed)
        app.action(USE_DRAFT)(self.use_draft)
        app.action(DISCARD_DRAFT)(self.discard_draft)
        app.action(re.compile(rf"^{MAKE_ALIAS}_\d+$"))(self.make_alias)
        app.action(TAKE_THEIRS)(self.take_theirs)
        app.action(DECLINE)(self.decline)
        app.view(ENTRY_FORM)(self.submit)
        app.view(PREVIEW)(self.save)
        app.view(CONFLICT)(self.save)
        app.view(REVIEW)(self.approve)
        app.view(DECLINE_FORM)(self.declined)
        app.view_closed(ENTRY_FORM)(self.closed)

    def add(self, ack: Ack, body: Body) -> None:
        """The shortcut "Add to the glossary": admins write, everybody else suggests."""
        self._open(ack, body, Wanted("any"))

    def suggest(self, ack: Ack, body: Body) -> None:
        """ "Suggest a definition"."""
        self._open(ack, body, Wanted("suggest", value_of(body)))

    def define(self, ack: Ack, body: Body) -> None:
        """ "Define this" and "Edit"."""
        self._open(ack, body, Wanted("write", value_of(body)))

    def mend(self, ack: Ack, body: Body) -> None:
        """ "Edit" under a suggestion."""
        self._open(ack, body, Wanted("review", value_of(body)))

    def review(self, ack: Ack, body: Body) -> None:
        """ "Review all": a suggestion page by page."""
        ack()
        view_id, suggestion = self._modals.opened(body), value_of(body)
        if view_id:
            self._show(
                view_id,
                id_of(body, "user"),
                lambda: self._forms.review(suggestion, self._actor(body)),
            )

    def turn(self, ack: Ack, body: Body) -> None:
        """ "Next page" and "Previous page" of a suggestion."""
        ack()
        purpose, page = purpose_in(body.get("view") or {}), turned(value_of(body))[0]
        self._show(
            _view_id(body),
            id_of(body, "user"),
            lambda: self._forms.review(purpose.suggestion, self._actor(body), page, purpose.typed),
        )

    def approve(self, ack: Ack, body: Body) -> None:
        """ "Approve" on the last page of a suggestion."""
        given = body["view"]
        ack(response_action="update", view=working_view("Nearsay", SAVING))
        self._into(body, lambda actor: self._saves.approve(given, actor))

    def wanted(self, line: str, request: Request | Problem, prefix: str) -> Wanted | None:
        """The form that a line, which asks for `request`, opens: that of `add`, `add TERM` or
        `edit TERM`, without what is to be written. None for any other line."""
        if line.casefold().split() == [f"/{prefix}near-admin", "add"]:
            return Wanted("write")
        if not isinstance(request, Request) or request.verb not in ("add", "edit"):
            return None
        says_what = split(request.text)[1] or request.options
        return None if says_what else Wanted("write", request.text)

    def command(self, ack: Ack, body: Body, wanted: Wanted) -> None:
        """A command that opens a form."""
        self._open(ack, body, wanted)

    def typed(self, ack: Ack, body: Body) -> None:
        """A character in a form."""
        ack()
        self._forms.typed(body.get("view") or {}, _person(body))

    def closed(self, ack: Ack) -> None:
        """A form was closed. What was typed is kept; Slack does not say what it was."""
        ack()

    def use_draft(self, ack: Ack, body: Body) -> None:
        self._draft(ack, body, use=True)

    def discard_draft(self, ack: Ack, body: Body) -> None:
        self._draft(ack, body, use=False)

    def submit(self, ack: Ack, body: Body) -> None:
        """ "Preview" under a form. What comes of it is the acknowledgement, where that is there in
        time."""
        given = body["view"]
        checked = self._soon(body, lambda actor: self._forms.checked(given, actor))
        try:
            found = checked.result(IN_TIME)
        except TimeoutError:
            looking = looking_view(purpose_in(given))
            ack(response_action="push", view=looking)
            checked.add_done_callback(
                lambda late: self._later(lambda: self._put_above(looking, late.result().view))
            )
            return
        if found.errors:
            ack(response_action="errors", errors=dict(found.errors))
        else:
            ack(response_action="push", view=found.view)

    def save(self, ack: Ack, body: Body) -> None:
        """ "Save", "Send" or "Approve" under a preview, and "Save mine on top" of another's."""
        given = body["view"]
        told = SENDING if purpose_in(given).mode == "suggest" else SAVING
        ack(response_action="update", view=working_view("Nearsay", told))
        self._into(body, lambda actor: self._saves.save(given, actor))

    def make_alias(self, ack: Ack, body: Body) -> None:
        """ "Make it an alias of …" in a preview."""
        ack()
        given, entry = body.get("view") or {}, value_of(body)
        self._into(body, lambda actor: self._saves.make_alias(given, entry, actor))

    def take_theirs(self, ack: Ack, body: Body) -> None:
        """ "Take theirs": the other's change stays, one's own is a draft."""
        ack()
        told = "Theirs stays. What you wrote is kept as a draft, which the form offers again."
        view_id = _view_id(body)
        self._work.submit(lambda: self._put(view_id, working_view("Nearsay", told)))

    def decline(self, ack: Ack, body: Body) -> None:
        """ "Decline" under a suggestion asks why."""
        ack()
        self._modals.open(body, decline_view(value_of(body)))

    def declined(self, ack: Ack, body: Body) -> None:
        """The reason was given, or none."""
        suggestion, reason = purpose_in(body["view"]).suggestion, reason_in(body["view"])
        ack(response_action="update", view=working_view("Nearsay", "One moment …"))
        self._into(body, lambda actor: self._saves.decline(suggestion, reason, actor))

    def _open(self, ack: Ack, body: Body, wanted: Wanted) -> None:
        """Opens a modal at once, and puts the form into it."""
        ack()
        view_id = self._modals.opened(body)
        if view_id:
            self._show(
                view_id, id_of(body, "user"), lambda: self._forms.form(wanted, self._actor(body))
            )

    def _draft(self, ack: Ack, body: Body, *, use: bool) -> None:
        ack()
        given, view_id = body.get("view") or {}, _view_id(body)
        self._show(
            view_id,
            id_of(body, "user"),
            lambda: self._forms.with_draft(given, self._actor(body), use=use),
        )

    def _show(self, view_id: str, person: str, do: Callable[[], View]) -> None:
        """Puts a form into a modal that is open."""

        def work() -> None:
            try:
                view = do()
            except Exception:
                logger.exception("a form could not be made")
                view = told_view("Nearsay", WENT_WRONG)
            self._put(view_id, view, person)

        self._work.submit(work)

    def _into(self, body: Body, do: Callable[[Actor], Outcome]) -> None:
        """Puts what comes of something that was just acknowledged into its modal; where that is
        closed, and it is told nowhere else, into a direct message."""
        view_id, acknowledged = _view_id(body), time.monotonic()

        def work() -> None:
            actor = self._actor(body)
            try:
                outcome = do(actor)
            except Exception:
                logger.exception("something that was submitted could not be done")
                outcome = Outcome(told_view("Nearsay", FAILED), FAILED)
            time.sleep(max(0.0, acknowledged + SETTLED - time.monotonic()))
            if not self._put(view_id, outcome.view) and outcome.told:
                self._saves.tell(actor.id, outcome.told)

        self._work.submit(work)

    def _soon(self, body: Body, do: Callable[[Actor], Checked]) -> Future[Checked]:
        """What `do` gives, worked on by a thread of the pool."""
        found: Future[Checked] = Future()

        def work() -> None:
            try:
                found.set_result(do(self._actor(body)))
            except Exception:
                logger.exception("a form could not be looked through")
                found.set_result(failed(body["view"]))

        self._work.submit(work)
        return found

    def _later(self, do: Callable[[], object]) -> None:
        time.sleep(SETTLED)
        do()

    def _put_above(self, looking: View, view: View) -> None:
        """Puts a view into the modal that was acknowledged with."""
        self._modals.put(looking["external_id"], view, told_view("Nearsay", FAILED), external=True)

    def _put(self, view_id: str, view: View, person: str = "") -> bool:
        return self._modals.put(view_id, view, told_view("Nearsay", FAILED), person=person)

    def _actor(self, body: Body) -> Actor:
        """Who sent something, and whether they are an admin, for which Slack may be asked."""
        return self._admins.actor(id_of(body, "user"), user_name(body))


def failed(given: Body) -> Checked:
    """A form that could not be looked through."""
    return Checked(errors_in(given, {"term": FAILED}), told_view("Not saved", FAILED))


def _person(body: Body) -> Actor:
    return Actor(id_of(body, "user"), name=user_name(body))


def _view_id(body: Body) -> str:
    return str((body.get("view") or {}).get("id") or "")
