"""What is typed is kept once, the newest of it, and nothing of a form that is done with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from bot.slack.handlers.drafts import MOST, DraftStore
from bot.slack.queue.worker_pool import WorkerPool
from bot.slack.views.form_state import FormState
from index.entry_draft import NOTHING, EntryDraft
from index.storage import Store
from index.storage.db.drafts import Drafts, SavedDraft

ADA = "U012ABCDEF"


class Later(WorkerPool):
    """Runs jobs when it is told to."""

    def __init__(self) -> None:
        super().__init__(1)
        self.jobs: list[Callable[[], object]] = []

    def submit(self, job: Callable[[], object], lane: str = "") -> None:
        self.jobs.append(job)

    def run(self) -> None:
        jobs, self.jobs = self.jobs, []
        for job in jobs:
            job()


@pytest.fixture
def work() -> Iterator[Later]:
    made = Later()
    yield made
    made.drain(1)


@pytest.fixture
def keeper(harbour_store: Store, work: Later) -> DraftStore:
    return DraftStore(harbour_store, work)


def test_what_is_typed_fast_is_written_once(keeper: DraftStore, work: Later) -> None:
    form = FormState("write")
    for typed, last in ((("C", "Ca", "Cap"), "Cap"), (("Caps",), "Caps")):
        for term in typed:
            keeper.typed(ADA, form, EntryDraft(term=term))
        assert len(work.jobs) == 1
        work.run()
        assert keeper.get(ADA, form) == EntryDraft(term=last)
    assert keeper.get("U0OTHER", form) is None


def test_what_was_typed_before_is_never_written_after_what_was_submitted(
    keeper: DraftStore, work: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, keep = FormState("write"), Drafts.keep
    writing, submitted = threading.Event(), threading.Event()

    def slow(self: Drafts, person: str, draft: SavedDraft) -> None:
        if draft.fields.term == "Cap":
            writing.set()
            submitted.wait(0.3)  # for what is not to happen meanwhile
        keep(self, person, draft)
        if draft.fields.term == "Capstan":
            submitted.set()

    monkeypatch.setattr(Drafts, "keep", slow)
    keeper.typed(ADA, form, EntryDraft(term="Cap"))
    typing = threading.Thread(target=work.run)
    typing.start()
    assert writing.wait(5)
    keeper.keep(ADA, form, EntryDraft(term="Capstan"))
    typing.join()
    assert keeper.get(ADA, form) == EntryDraft(term="Capstan")


@pytest.mark.parametrize("before_it_is_written", [True, False])
def test_what_arrives_of_a_form_that_is_done_with_is_not_kept(
    keeper: DraftStore, work: Later, *, before_it_is_written: bool
) -> None:
    form = FormState("write")
    keeper.typed(ADA, form, EntryDraft(term="Cap"))
    if not before_it_is_written:
        work.run()
    keeper.done(ADA, form.draft)
    keeper.typed(ADA, form, EntryDraft(term="Caps"))
    work.run()
    assert keeper.get(ADA, form) is None
    keeper.keep(ADA, form, EntryDraft(term="Capstan"))
    assert keeper.get(ADA, form) == EntryDraft(term="Capstan"), "it was submitted again"


def test_the_newest_draft_of_another_form_for_the_same_is_offered(keeper: DraftStore) -> None:
    for at in range(MOST + 3):
        keeper.keep(ADA, FormState("write"), EntryDraft(term=f"number {at}"))
    keeper.keep(ADA, FormState("write", entry="dock"), EntryDraft(term="Dock"))
    keeper.keep(ADA, FormState("suggest"), EntryDraft(term="Suggestion"))
    keeper.keep("U0OTHER", FormState("write"), EntryDraft(term="Another's"))
    form = FormState("write", entry="dock")
    assert keeper.unsaved(ADA, form, EntryDraft(term="Dock")) is None, "it stands there anyway"
    assert keeper.unsaved(ADA, form, NOTHING) is not None
    form = FormState("write")
    found = []
    while draft := keeper.unsaved(ADA, form, NOTHING):
        found.append(draft.fields.term)
        keeper.done(ADA, draft.what)
    assert found == [f"number {at}" for at in range(MOST + 2, 2, -1)], "older ones are dropped"
