"""What is typed is kept once, the newest of it, and nothing of a form that is done with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from bot.slack.handlers.drafts import MOST, DraftKeeper
from bot.slack.queue.worker_pool import Work
from bot.slack.views.form_state import Purpose
from index.entry_draft import NOTHING, Fields
from index.storage import Store
from index.storage.db.drafts import Draft, Drafts

ADA = "U012ABCDEF"


class Later(Work):
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
def keeper(harbour_store: Store, work: Later) -> DraftKeeper:
    return DraftKeeper(harbour_store, work)


def test_what_is_typed_fast_is_written_once(keeper: DraftKeeper, work: Later) -> None:
    form = Purpose("write")
    for typed, last in ((("C", "Ca", "Cap"), "Cap"), (("Caps",), "Caps")):
        for term in typed:
            keeper.typed(ADA, form, Fields(term=term))
        assert len(work.jobs) == 1
        work.run()
        assert keeper.get(ADA, form) == Fields(term=last)
    assert keeper.get("U0OTHER", form) is None


def test_what_was_typed_before_is_never_written_after_what_was_submitted(
    keeper: DraftKeeper, work: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, keep = Purpose("write"), Drafts.keep
    writing, submitted = threading.Event(), threading.Event()

    def slow(self: Drafts, person: str, draft: Draft) -> None:
        if draft.fields.term == "Cap":
            writing.set()
            submitted.wait(0.3)  # for what is not to happen meanwhile
        keep(self, person, draft)
        if draft.fields.term == "Capstan":
            submitted.set()

    monkeypatch.setattr(Drafts, "keep", slow)
    keeper.typed(ADA, form, Fields(term="Cap"))
    typing = threading.Thread(target=work.run)
    typing.start()
    assert writing.wait(5)
    keeper.keep(ADA, form, Fields(term="Capstan"))
    typing.join()
    assert keeper.get(ADA, form) == Fields(term="Capstan")


@pytest.mark.parametrize("before_it_is_written", [True, False])
def test_what_arrives_of_a_form_that_is_done_with_is_not_kept(
    keeper: DraftKeeper, work: Later, *, before_it_is_written: bool
) -> None:
    form = Purpose("write")
    keeper.typed(ADA, form, Fields(term="Cap"))
    if not before_it_is_written:
        work.run()
    keeper.done(ADA, form.draft)
    keeper.typed(ADA, form, Fields(term="Caps"))
    work.run()
    assert keeper.get(ADA, form) is None
    keeper.keep(ADA, form, Fields(term="Capstan"))
    assert keeper.get(ADA, form) == Fields(term="Capstan"), "it was submitted again"


def test_the_newest_draft_of_another_form_for_the_same_is_offered(keeper: DraftKeeper) -> None:
    for at in range(MOST + 3):
        keeper.keep(ADA, Purpose("write"), Fields(term=f"number {at}"))
    keeper.keep(ADA, Purpose("write", entry="dock"), Fields(term="Dock"))
    keeper.keep(ADA, Purpose("suggest"), Fields(term="Suggestion"))
    keeper.keep("U0OTHER", Purpose("write"), Fields(term="Another's"))
    form = Purpose("write", entry="dock")
    assert keeper.unsaved(ADA, form, Fields(term="Dock")) is None, "it stands there anyway"
    assert keeper.unsaved(ADA, form, NOTHING) is not None
    form = Purpose("write")
    found = []
    while draft := keeper.unsaved(ADA, form, NOTHING):
        found.append(draft.fields.term)
        keeper.done(ADA, draft.what)
    assert found == [f"number {at}" for at in range(MOST + 2, 2, -1)], "older ones are dropped"
