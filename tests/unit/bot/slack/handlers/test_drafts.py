"""Tests of form drafts: only the newest is stored, and none for a closed form."""

import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from bot.slack.handlers.drafts import DraftStore
from bot.slack.views.form_state import FormState
from index.entry_draft import EntryDraft
from index.storage import Store
from index.storage.db.drafts import Drafts, SavedDraft

ADA = "U012ABCDEF"


Jobs = list[Callable[[], object]]


@pytest.fixture
def jobs() -> Jobs:
    """Return the list of submitted jobs."""
    return []


@pytest.fixture
def drafts(harbour_store: Store, jobs: Jobs) -> DraftStore:
    work = SimpleNamespace(submit=lambda job, _lane: jobs.append(job))
    return DraftStore(harbour_store, work)  # type: ignore[arg-type]


def run(jobs: Jobs) -> None:
    while jobs:
        jobs.pop(0)()


def test_draft_never_overwrites_a_later_submission(
    drafts: DraftStore, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, keep = FormState("write"), Drafts.keep
    writing, submitted = threading.Event(), threading.Event()

    def slow(self: Drafts, person: str, draft: SavedDraft) -> None:
        if draft.fields.term == "Cap":
            writing.set()
            submitted.wait(0.3)  # the submission must not be written yet
        keep(self, person, draft)
        if draft.fields.term == "Capstan":
            submitted.set()

    monkeypatch.setattr(Drafts, "keep", slow)
    drafts.save_later(ADA, form, EntryDraft(term="Cap"))
    typing = threading.Thread(target=run, args=(jobs,))
    typing.start()
    assert writing.wait(5)
    drafts.keep(ADA, form, EntryDraft(term="Capstan"))
    typing.join()
    assert drafts.get(ADA, form) == EntryDraft(term="Capstan")


@pytest.mark.parametrize("before_it_is_written", [True, False])
def test_discarded_draft_is_not_written_again(
    drafts: DraftStore, jobs: Jobs, *, before_it_is_written: bool
) -> None:
    form = FormState("write")
    drafts.save_later(ADA, form, EntryDraft(term="Cap"))
    if not before_it_is_written:
        run(jobs)
    drafts.discard(ADA, form.draft)
    run(jobs)
    assert drafts.get(ADA, form) is None
    drafts.keep(ADA, form, EntryDraft(term="Capstan"))
    assert drafts.get(ADA, form) == EntryDraft(term="Capstan"), "a new submission is stored"
