"""The replies about editing entries and about suggestions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from index.editing.draft_check import Preview
from index.entry import Mention
from index.entry_draft import EntryDraft, FieldName
from index.reply import BaseReply
from index.storage.db.edits import EditChange
from index.storage.db.suggestions import Suggestion


@dataclass(frozen=True, slots=True)
class UnsavedDraft:
    """A user's unsaved input to a form, and its time."""

    fields: EntryDraft
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(BaseReply):
    """The form for a new or existing entry.

    `entry` is its id, empty for a new entry. `version` is passed to `save`, which rejects it if
    someone else has changed the entry since. `source` is the entry's glossary, and `edited` says
    whether users have edited its text. `fields` has the first of the `meanings`. `unshown` are the
    headings of the sections that a form does not have; saving keeps them.
    """

    kind: Literal["form"] = "form"
    entry: str
    version: str
    fields: EntryDraft
    source: str
    edited: bool
    meanings: int = 1
    draft: UnsavedDraft | None = None
    unshown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved(BaseReply):
    """An entry was changed.

    `change` is the kind of change, and `fields` are the changed fields. If `live`, the change is in
    `generation`, built in `seconds`. Otherwise it goes live when the running reindex has finished,
    or `trouble` is the reason why it is not live. `number` is the change's number in the history,
    `suggestion` the id of the approved suggestion. `returned` counts the accepted ways to ask that
    no longer fit the changed text and wait among those of `source` again, as far as known.
    """

    kind: Literal["saved"] = "saved"
    entry: str
    term: str
    change: EditChange
    fields: tuple[FieldName, ...] = ()
    number: int
    live: bool
    seconds: float
    trouble: str = ""
    suggestion: str = ""
    returned: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that differs between two versions of an entry, each as plain text."""

    field: FieldName
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict(BaseReply):
    """The change was not applied: someone else has changed the entry since the form was opened.

    `by` and `at` are the user and time of that change; empty and None if the source changed. The
    input is kept as a draft; passing `version` to `save` overwrites the change. `theirs` is the
    current entry; `removed` says whether it was removed.
    """

    kind: Literal["conflict"] = "conflict"
    entry: str
    term: str
    by: str
    at: datetime | None
    version: str
    removed: bool
    theirs: EntryDraft
    yours: EntryDraft
    differences: tuple[FieldDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalPreview(BaseReply):
    """A preview of an entry's removal; nothing was changed. `referring` are the entries that list
    it as related."""

    kind: Literal["removal"] = "removal"
    entry: str
    term: str
    definition: str
    source: str
    passages: int
    referring: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A change to an entry: its number in the history of all entries, its user, time and fields.
    `definition` is the definition after the change, empty if the entry was removed."""

    number: int
    change: EditChange
    at: datetime
    by: str
    fields: tuple[FieldName, ...]
    term: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History(BaseReply):
    """The changes to an entry, newest first. `source` is the entry's glossary, `outdated` says
    whether the text in the glossary has changed since the entry was edited, and `gone` whether the
    glossary no longer has the entry, so that only the edit keeps it."""

    kind: Literal["history"] = "history"
    entry: str
    term: str
    source: str
    state: Literal["written", "edited", "removed", "imported"]
    outdated: bool
    gone: bool = False
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSuggestion(BaseReply):
    """A suggestion was submitted for review."""

    kind: Literal["suggested"] = "suggested"
    id: str
    term: str
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(BaseReply):
    """A suggestion with a preview of its entry, if possible. While it is open, its fields are those
    that `approve` would publish, and `digest` identifies them for `approve`."""

    kind: Literal["suggestion"] = "suggestion"
    suggestion: Suggestion
    digest: str
    preview: Preview | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionList(BaseReply):
    """The oldest undecided suggestions, oldest first. `waiting` counts all undecided ones."""

    kind: Literal["review"] = "review"
    suggestions: tuple[Suggestion, ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionDeclined(BaseReply):
    """A suggestion was declined, with an optional reason."""

    kind: Literal["declined"] = "declined"
    id: str
    term: str
    note: str
