"""Fills entry forms, checks submissions, and builds previews and reviews."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from bot.admin.entry_commands import EditingServices
from bot.identity import User
from bot.rendering.admin import prefixed
from bot.rendering.editing import decided_line, unshown_line
from bot.rendering.entry import source_name
from bot.replies.base import Problem
from bot.replies.editing import Form, Review
from bot.slack.handlers.drafts import DraftStore
from bot.slack.views.entry_form import FormContent, errors_in, fields_in, form_state_in, form_view
from bot.slack.views.form_state import FormState, Mode
from bot.slack.views.modal import View, modal_of
from bot.slack.views.preview import message_view, preview_view, review_view
from bot.working_copy import WorkingCopy
from index.entry_draft import EntryDraft, FieldName, digest_of
from index.errors import NearsayError
from index.sources.source import WRITTEN
from index.storage import Store
from index.text import one_line

CHANGED = "The suggestion has changed since you opened it. This is its current text."
CATEGORIES = 100  # number of categories offered in a form, the largest first
LONGEST_TERM = 60  # characters
WORDS = 5  # longest term, in words

FormKind = Literal["any", "suggest", "write", "edit", "review"]


@dataclass(frozen=True, slots=True)
class FormRequest:
    """A request to open a form.

    `what` is the kind of form. `any` opens an entry form for admins and a suggestion form for
    others; `edit` needs an existing entry, and `review` opens an existing suggestion. `of` is a
    term, or the id of an entry or suggestion. `used_in` is the address of a message that has the
    term; it is put into the example of a new entry.
    """

    what: FormKind
    of: str = ""
    used_in: str = ""


FormCheck = tuple[dict[str, str], View]
"""The errors in a form by block id, and a view with the preview or the reason for refusal."""


@dataclass(frozen=True, eq=False)
class EntryFormHandler:
    """Builds and checks forms. Thread-safe."""

    editing: EditingServices
    store: Store
    drafts: DraftStore
    prefix: str = ""

    def form(self, wanted: FormRequest, actor: User) -> View:
        """Build the form, or a view that explains why the user cannot open it."""
        found = self._form(wanted, actor)
        if isinstance(found, Problem):
            return modal_of(found, self.prefix)
        return form_view(self._with_draft(found, actor))

    def review(self, suggestion: str, actor: User, page: int = 1, digest: str = "") -> View:
        """Build a page of a suggestion, or the first page if it has changed since `digest`."""
        review = self._open_review(suggestion, actor)
        if isinstance(review, Problem):
            return modal_of(review, self.prefix)
        if digest and digest != review.digest:
            return review_view(review.suggestion, note=CHANGED)
        return review_view(review.suggestion, page)

    def with_draft(self, given: View, actor: User, *, use: bool) -> View:
        """Rebuild the form with the offered draft; unless `use` is true, discard the draft."""
        purpose = form_state_in(given)
        now = self._base(purpose, actor)
        if isinstance(now, Problem):
            return modal_of(now, self.prefix)
        draft = self.drafts.find_unsaved(actor.id, purpose, now.fields)
        if draft is not None and use:
            slot = draft.what.rpartition(" ")[2]
            used = replace(purpose, slot=slot, version=draft.version)
            return form_view(replace(now, purpose=used, fields=draft.fields))
        if draft is not None:
            self.drafts.discard(actor.id, draft.what)
        return form_view(self._with_draft(now, actor))

    def save_draft(self, given: View, person: str) -> None:
        fields = fields_in(given)
        if fields is not None:
            self.drafts.save_later(person, form_state_in(given), fields)

    def check(self, given: View, actor: User) -> FormCheck:
        """Save a submitted form as a draft, check it and build its preview."""
        purpose, typed = form_state_in(given), fields_in(given) or EntryDraft()
        try:
            before = self._base(purpose, actor)
            if isinstance(before, Problem):
                return self._refused(given, before)
            kept = {name: getattr(before.fields, name) for name in purpose.kept}
            fields = replace(typed, **kept).completed_from(before.fields)
            suggested = purpose.mode != "write"
            fields = self.editing.suggestions.published(fields) if suggested else fields
            self.drafts.keep(actor.id, purpose, fields)
            found = self.editing.forms.preview(fields, purpose.entry, suggested=suggested)
        except NearsayError as error:
            return self._refused(given, Problem.of(error))
        if isinstance(found, Problem):
            return self._refused(given, found)
        purpose = replace(purpose, typed=digest_of(fields))
        return {}, preview_view(fields, found, purpose)

    def _refused(self, given: View, problem: Problem) -> FormCheck:
        text = prefixed(problem.text, self.prefix)
        faults: dict[FieldName, str] = {item.field: item.message for item in problem.fields}
        return errors_in(given, faults or {"term": text}), message_view("Not saved", text)

    def _form(self, wanted: FormRequest, actor: User) -> FormContent | Problem:
        what = wanted.what
        if what == "any":
            what = "write" if actor.admin else "suggest"
        if what == "review":
            review = self._open_review(wanted.of, actor)
            if isinstance(review, Problem):
                return review
            purpose = FormState("review", suggestion=wanted.of)
            return FormContent(purpose, review.suggestion.fields, self._categories())
        if what == "suggest":
            found = self.editing.forms.blank_suggestion(term_in(wanted.of))
        elif what == "edit" or (wanted.of and actor.admin and self._is_there(wanted.of)):
            what, found = "write", self.editing.forms.form(wanted.of, actor)
        else:
            found = self.editing.forms.blank(wanted.of, actor)
        if isinstance(found, Problem):
            return found
        if wanted.used_in and not found.entry:
            found = replace(found, fields=replace(found.fields, example=wanted.used_in))
        return self._shown(found, what)

    def _base(self, purpose: FormState, actor: User) -> FormContent | Problem:
        """Build the content that an open form would have if it were opened now."""
        what: FormKind = "edit" if purpose.entry else purpose.mode
        found = self._form(FormRequest(what, purpose.entry or purpose.suggestion), actor)
        return found if isinstance(found, Problem) else replace(found, purpose=purpose)

    def _open_review(self, suggestion: str, actor: User) -> Review | Problem:
        review = self.editing.suggestions.review(suggestion, actor)
        if isinstance(review, Problem) or review.suggestion.state == "open":
            return review
        return Problem(code="decided", message=decided_line(review.suggestion))

    def _is_there(self, term: str) -> bool:
        with WorkingCopy.read(self.store) as glossary:
            return glossary.term_named(term) is not None or term in glossary.generation.entries

    def _shown(self, form: Form, mode: Mode) -> FormContent:
        purpose = FormState(mode, entry=form.entry, version=form.version)
        return FormContent(purpose, form.fields, self._categories(), _note(form))

    def _with_draft(self, form: FormContent, actor: User) -> FormContent:
        draft = self.drafts.find_unsaved(actor.id, form.purpose, form.fields)
        if draft is None:
            return form
        age = (datetime.now(UTC) - draft.at).total_seconds()
        other = draft.fields.term if draft.fields.term != form.fields.term else ""
        return replace(form, draft_age=max(0.0, age), draft_term=other)

    def _categories(self) -> list[str]:
        with self.store.reading() as generation:
            counts = Counter(
                name for entry in generation.entries.values() for name in entry.categories
            )
        most = [name for name, _ in counts.most_common(CATEGORIES)]
        return sorted(most)


def term_in(asked: str) -> str:
    """Return `asked` without quotes and final punctuation, or "" if it is unlikely to be a term."""
    text = one_line(asked).strip(" ?!.…\"'“”")
    is_question = asked.rstrip().endswith("?") or len(text.split()) > WORDS
    return "" if is_question or len(text) > LONGEST_TERM else text


def _note(form: Form) -> str:
    if not form.entry or form.source == WRITTEN:
        return ""
    source = source_name(form.source)
    origin = f"From {source}, whose text your edit replaces."
    if form.edited:
        origin = f"From {source}, with later edits."
    return f"{origin} {unshown_line(form)}" if form.unshown else origin
