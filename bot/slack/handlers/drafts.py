"""Saves drafts of forms after each change, since Slack does not send a closed form's content."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

from bot.slack.api_errors import log_errors
from bot.slack.queue.worker_pool import WorkerPool
from bot.slack.views.form_state import FormState
from index.entry_draft import EntryDraft
from index.storage import Store
from index.storage.db.drafts import SavedDraft

Key = tuple[str, str]
"""The id of a user and the name of a draft."""


class DraftStore:
    """The drafts of all users' forms. Thread-safe."""

    def __init__(self, store: Store, work: WorkerPool) -> None:
        self._store = store
        self._work = work
        self._writing = threading.Lock()  # keeps the writes in order
        self._newest: dict[Key, SavedDraft] = {}  # changes that are not yet written

    def save_later(self, person: str, purpose: FormState, fields: EntryDraft) -> None:
        """Save a change on a worker. Of several pending changes, only the newest is written."""
        key = (person, purpose.draft)
        self._newest[key] = _draft(purpose, fields)
        self._work.submit(lambda: self._write(key), "drafts")

    def keep(self, person: str, purpose: FormState, fields: EntryDraft) -> None:
        """Save submitted fields immediately. Raises `NearsayError` if that fails."""
        with self._writing:
            self._newest.pop((person, purpose.draft), None)
            self._store.ledger.drafts.keep(person, _draft(purpose, fields))

    def get(self, person: str, purpose: FormState) -> EntryDraft | None:
        """Return the draft of a form, or None. Raises `NearsayError` if it cannot be read."""
        draft = self._store.ledger.drafts.get(person, purpose.draft)
        return draft.fields if draft else None

    def find_unsaved(self, person: str, purpose: FormState, now: EntryDraft) -> SavedDraft | None:
        """Return the newest draft that differs from `now` in other forms for the entry, or None.
        Fields that it lacks are those of `now`."""
        found: list[SavedDraft] = []
        with log_errors("drafts could not be read"):
            found = self._store.ledger.drafts.with_prefix(person, purpose.same)
        others = (
            replace(draft, fields=draft.fields.completed_from(now))
            for draft in found
            if draft.what != purpose.draft
        )
        return next((draft for draft in others if draft.fields != now), None)

    def discard(self, person: str, what: str) -> None:
        """Delete the draft named `what`, with any pending change. Logs errors."""
        with self._writing, log_errors("a draft could not be deleted"):
            self._newest.pop((person, what), None)
            self._store.ledger.drafts.drop(person, what)

    def _write(self, key: Key) -> None:
        with self._writing, log_errors("a draft could not be saved"):
            if draft := self._newest.pop(key, None):
                self._store.ledger.drafts.keep(key[0], draft)


def _draft(purpose: FormState, fields: EntryDraft) -> SavedDraft:
    return SavedDraft(purpose.draft, fields, purpose.version, datetime.now(UTC))
