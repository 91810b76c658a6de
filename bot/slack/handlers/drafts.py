"""Keeps what is typed into forms, as it is typed: closing one by accident loses nothing.

Slack does not say what stood in a form that is closed, so that it cannot be kept only then.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from bot.ops.bounded_dict import BoundedDict
from bot.slack.api_errors import only_logged
from bot.slack.queue.worker_pool import WorkerPool
from bot.slack.views.form_state import FormState
from index.entry_draft import EntryDraft
from index.storage import Store
from index.storage.db.drafts import SavedDraft

REMEMBERED = 1_000  # forms that are done with, of which something typed may still arrive
MOST = 5  # drafts that a person has of forms for the same; older ones are dropped

Key = tuple[str, str]
"""A person, by their id, and the name of a draft."""


class DraftStore:
    """The drafts that people have in Slack. Threads may share it."""

    def __init__(self, store: Store, work: WorkerPool) -> None:
        self._store = store
        self._work = work
        self._writing = threading.Lock()  # what is older is never written last
        self._lock = threading.Lock()  # of the fields below
        self._newest: dict[Key, SavedDraft] = {}  # to be written
        self._done = BoundedDict[Key, None](REMEMBERED)

    def typed(self, person: str, purpose: FormState, fields: EntryDraft) -> None:
        """Keeps what was just typed, soon. What is typed faster than it can be written is written
        once."""
        key = (person, purpose.draft)
        with self._lock:
            if key in self._done:
                return
            waits = key in self._newest
            self._newest[key] = _draft(purpose, fields)
        if not waits:
            self._work.submit(lambda: self._write(key))

    def keep(self, person: str, purpose: FormState, fields: EntryDraft) -> None:
        """Keeps what was submitted, at once. Raises `NearsayError` where it cannot be written."""
        key = (person, purpose.draft)
        with self._writing:
            with self._lock:
                self._newest.pop(key, None)
                self._done.pop(key, None)
            self._store.ledger.drafts.keep(person, _draft(purpose, fields))

    def get(self, person: str, purpose: FormState) -> EntryDraft | None:
        """What is kept of a form. Raises `NearsayError` where it cannot be read."""
        draft = self._store.ledger.drafts.get(person, purpose.draft)
        return draft.fields if draft else None

    def unsaved(self, person: str, purpose: FormState, now: EntryDraft) -> SavedDraft | None:
        """The person's newest draft of another form for the same, unless it is what would stand in
        the form anyway. None where it cannot be read."""
        found: list[SavedDraft] = []
        with only_logged("drafts cannot be read"):
            found = self._store.ledger.drafts.like(person, purpose.same)
        others = [draft for draft in found if draft.what != purpose.draft]
        for draft in others[MOST:]:
            self._drop((person, draft.what))
        return next((draft for draft in others if draft.fields != now), None)

    def done(self, person: str, what: str) -> None:
        """Drops the draft of a form that was saved or discarded; what arrives of it afterwards is
        not kept."""
        key = (person, what)
        with self._writing:
            with self._lock:
                self._newest.pop(key, None)
                self._done[key] = None
            self._drop(key)

    def _write(self, key: Key) -> None:
        """Writes what was typed last of a draft."""
        with self._writing:
            with self._lock:
                draft = self._newest.pop(key, None)
            if draft is None:
                return
            with only_logged("a draft could not be kept"):
                self._store.ledger.drafts.keep(key[0], draft)

    def _drop(self, key: Key) -> None:
        with only_logged("a draft could not be dropped"):
            self._store.ledger.drafts.drop(*key)


def _draft(purpose: FormState, fields: EntryDraft) -> SavedDraft:
    return SavedDraft(purpose.draft, fields, purpose.version, datetime.now(UTC))
