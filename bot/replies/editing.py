"""The replies about entries that people write, and about what others suggest."""

from __future__ import annotations

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
class Unsaved:
    """What the one who asks has typed into this form and not saved, and when."""

    fields: EntryDraft
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(BaseReply):
    """A form of an entry, to be filled in.

    `entry` is its id, empty for one that is to be added; `version` is what `save` is told, so that
    nobody's change is overwritten unseen. `source` is the glossary that it comes from, and
    `edited` says that people have edited what that gives.
    """

    kind: Literal["form"] = "form"
    entry: str
    version: str
    fields: EntryDraft
    source: str
    edited: bool
    draft: Unsaved | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved(BaseReply):
    """An entry has been changed.

    `change` is what was done, and `fields` are the names of those that changed. With `live` the
    change is in `generation`, which took `seconds`; without, it is kept and goes live with a
    reindex after the one that is going on, unless `trouble` says what stands in the way. `number`
    is the change's in the history, and `suggestion` the id of the one that was approved.
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


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field in which two texts of an entry differ, each as plain text."""

    field: FieldName
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict(BaseReply):
    """Somebody else has changed the entry since the form was opened, and nothing was saved.

    `by` and `at` say who did that and when; empty and None where its source was read anew. What
    was to be saved is kept as a draft; `version` is what `save` is told to put it on top. `theirs`
    is the entry as it is now; `removed` says that it is not there any more.
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
class Removal(BaseReply):
    """What would go if an entry were removed: nothing was changed. `referring` are the entries
    that name it as related."""

    kind: Literal["removal"] = "removal"
    entry: str
    term: str
    definition: str
    source: str
    passages: int
    referring: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an entry: its number among all changes of the glossary, who did it, when, and
    in which fields; `definition` is what it was from then on, empty when it was removed."""

    number: int
    change: EditChange
    at: datetime
    by: str
    fields: tuple[FieldName, ...]
    term: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History(BaseReply):
    """What people changed in an entry, the newest first. `source` is where it comes from, and
    `outdated` says that its source gives another text by now than the one that was edited."""

    kind: Literal["history"] = "history"
    entry: str
    term: str
    source: str
    state: Literal["written", "edited", "removed", "imported"]
    outdated: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested(BaseReply):
    """Somebody's suggestion waits for the glossary's owners."""

    kind: Literal["suggested"] = "suggested"
    id: str
    term: str
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(BaseReply):
    """A suggestion, with what it would be like as an entry, as far as that can be told. While it
    waits its fields are what approving publishes, and `digest` is theirs, which approving asks
    for."""

    kind: Literal["suggestion"] = "suggestion"
    suggestion: Suggestion
    digest: str
    preview: Preview | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews(BaseReply):
    """The suggestions that wait for a decision, the oldest first, and how many there are."""

    kind: Literal["review"] = "review"
    suggestions: tuple[Suggestion, ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(BaseReply):
    """A suggestion was declined, with a reason or none."""

    kind: Literal["declined"] = "declined"
    id: str
    term: str
    note: str
