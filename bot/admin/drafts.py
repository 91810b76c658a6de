"""Forms for entries, prefilled or with the user's draft, and previews of the entries."""

from datetime import UTC, datetime

from bot.admin.editing_service import EditingService, for_admins, for_everybody, today
from bot.identity import User
from bot.rendering.editing import LABELS
from bot.replies.base import Problem
from bot.replies.editing import Form, UnsavedDraft
from bot.working_copy import WorkingCopy
from index.editing.draft_check import FieldProblem, Preview
from index.editing.plaintext import text_of
from index.editing.preview import preview
from index.editing.validation import entry_from_draft, find_problems, normalize
from index.entry_draft import EntryDraft, FieldName, draft_of
from index.storage import Store
from index.storage.db.drafts import SavedDraft

ADD = "add"  # key of drafts of new entries
# Maximum characters per field of a suggestion; the sum fits in one Slack message.
LONGEST: dict[FieldName, int] = {
    "term": 120,
    "aliases": 500,
    "category": 120,
    "definition": 2_000,
    "example": 1_500,
    "related": 1_500,
    "questions": 3_000,
}


class EntryForms(EditingService):
    """Prefilled forms and previews for the entries of one index."""

    @for_admins("edit {term}".format)
    def form(self, term: str, actor: User) -> Form:
        """Return the form for the entry with the name or id `term`."""
        with WorkingCopy.read(self._store) as glossary:
            found = glossary.find(term)
        entry = found.required()
        fields = draft_of(entry)
        return Form(
            entry=entry.id,
            version=found.version,
            fields=fields,
            source=entry.source,
            edited=found.edit is not None and bool(found.edit.base),
            meanings=max(1, len(entry.senses)),
            unshown=tuple(section.heading for section in entry.sections),
            draft=self._unsaved(draft_key(entry.id), fields, actor),
        )

    @for_admins("add {term}".format)
    def blank(self, term: str, actor: User) -> Form | Problem:
        """Return the form for a new entry, or a `Problem` if the name is taken."""
        return self._blank(
            term, "Change it with: /near-admin edit", self._unsaved(ADD, EntryDraft(), actor)
        )

    @for_everybody
    def blank_suggestion(self, term: str) -> Form | Problem:
        """Return the form for a suggestion, or a `Problem` if the name is taken."""
        return self._blank(term, "Show it with: /define")

    @for_everybody
    def preview(
        self, fields: EntryDraft, entry: str = "", *, suggested: bool = False
    ) -> Preview | Problem:
        """Return a preview of the entry in a form, or a `Problem` with its invalid fields.

        `entry` is the id of the edited entry, empty for a new one. With `suggested`, the length
        limits of suggestions apply. Saves nothing.
        """
        if suggested and (problems := too_long(fields)):
            return Problem.of_fields(problems)
        fields = normalize(fields)
        with WorkingCopy.read(self._store) as glossary:
            before = glossary.by_id(entry).last if entry else None
            problems = find_problems(fields, before, glossary.name_checker(entry))
            if problems:
                return Problem.of_fields(problems)
            return preview(
                glossary.generation,
                self._indexer.embedder,
                entry_from_draft(fields, before, today(), glossary.ids()),
            )

    def _blank(self, term: str, hint: str, draft: UnsavedDraft | None = None) -> Form | Problem:
        fields = normalize(EntryDraft(term=term))
        with WorkingCopy.read(self._store) as glossary:
            other = glossary.term_named(fields.term) if fields.term else None
        if other:
            return Problem(
                code="exists",
                message=f'There is already an entry called "{other}".',
                hint=f"{hint} {other}",
            )
        return Form(entry="", version="", fields=fields, source="", edited=False, draft=draft)

    def _unsaved(self, what: str, now: EntryDraft, actor: User) -> UnsavedDraft | None:
        draft = self._store.ledger.drafts.get(actor.id, what)
        return UnsavedDraft(draft.fields.completed_from(now), draft.at) if draft else None


def keep_draft(store: Store, what: str, fields: EntryDraft, version: str, actor: User) -> None:
    """Store the input to a form for a week, under the key `what`. Raises `LedgerError`."""
    store.ledger.drafts.keep(actor.id, SavedDraft(what, fields, version, datetime.now(UTC)))


def draft_key(entry: str) -> str:
    """Return the draft key for the entry with the id `entry`, or for a new entry if it is empty."""
    return f"edit {entry}" if entry else ADD


def too_long(fields: EntryDraft) -> tuple[FieldProblem, ...]:
    """Return a problem for each field that exceeds its length limit for suggestions."""
    lengths = {name: len(text_of(fields, name)) for name in LONGEST}
    return tuple(
        FieldProblem(
            name, f"{LABELS[name]}: {length:,} characters; at most {LONGEST[name]:,} are allowed."
        )
        for name, length in lengths.items()
        if length > LONGEST[name]
    )
