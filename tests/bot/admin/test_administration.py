"""What admins' commands do, who may give them, and what the audit log keeps of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.actors import NOBODY, OPERATOR, Actor
from bot.admin.administration import Administration
from bot.admin.replies import AuditLog, Generations, Status, Stopping
from bot.admin.upkeep import SCHEDULE
from bot.grammar import Request
from bot.indexing import Indexer, IndexRequest
from bot.replies import Problem
from index.embedder import Vectors
from index.errors import LedgerError, NearsayError, NotFound
from index.export.exported import Exported
from index.reindex import Plan, Reindexed
from index.sources.source import Source
from index.store import Store
from tests.support.bundled import replace_bundled
from tests.support.toy import ToyEmbedder

ADA = Actor("U1", admin=True, name="ada")
BEN = Actor("U2", name="ben")


def request(verb: str, text: str = "", **options: Any) -> Request:
    return Request("near-admin", text, {k.replace("_", "-"): v for k, v in options.items()}, verb)


def page(folder: Path, term: str, text: str = "A part of a ship.") -> None:
    (folder / f"{term}.md").write_text(f"---\nterm: {term}\n---\n{text}\n")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page in `words`, and one in the encyclopedia `bundled`, indexed in `data` as g000001."""
    folder = tmp_path_factory.mktemp("ships")
    for name, term in (("bundled", "Anchor"), ("words", "Sail")):
        (folder / name).mkdir()
        page(folder / name, term)
    store = Store(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch_bundled(patch, folder / "bundled")
        assert isinstance(
            indexer_of(store, folder / "words").run(IndexRequest(by="operator")), Reindexed
        )
    store.close()
    return folder


def patch_bundled(patch: pytest.MonkeyPatch, folder: Path) -> None:
    replace_bundled(folder, patch.setattr)


def indexer_of(store: Store, words: Path) -> Indexer:
    return Indexer(store, ToyEmbedder(), (Source("words", str(words)),))


@pytest.fixture
def words(base: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of pages, as it was indexed."""
    patch_bundled(monkeypatch, base / "bundled")
    shutil.rmtree(base / "words", ignore_errors=True)
    (base / "words").mkdir()
    page(base / "words", "Sail")
    return base / "words"


@pytest.fixture
def indexer(base: Path, words: Path, tmp_path: Path) -> Iterator[Indexer]:
    """An index of two entries as g000001, of one's own."""
    shutil.copytree(base / "data", tmp_path / "data")
    store = Store(tmp_path / "data")
    yield indexer_of(store, words)
    store.close()


@pytest.fixture
def admin(indexer: Indexer) -> Administration:
    return Administration(indexer)


def log(admin: Administration) -> list[tuple[str, str, str, str]]:
    """Who, what, outcome and detail, the oldest first."""
    reply = admin.answer(request("log", n=100), ADA)
    assert isinstance(reply, AuditLog)
    return [(r.who, r.action, r.outcome, r.detail) for r in reply.records[::-1]]


def reindexed(admin: Administration, actor: Actor = ADA, **options: Any) -> Reindexed:
    reply = admin.answer(request("reindex", **options), actor)
    assert isinstance(reply, Reindexed), reply
    return reply


VERBS = ("status", "reindex", "generations", "rollback", "keep", "export", "log")


@pytest.mark.parametrize("verb", VERBS)
def test_who_is_no_admin_is_refused_and_told_what_to_do_and_it_is_noted(
    admin: Administration, verb: str
) -> None:
    reply = admin.answer(request(verb), BEN)
    assert isinstance(reply, Problem)
    assert reply.code == "not_admin"
    assert "U2" in reply.hint
    assert log(admin) == [("ben (U2)", verb, "refused", "not an admin")]
    assert isinstance(admin.answer(request(verb), NOBODY), Problem)


def test_what_only_looks_is_not_noted(admin: Administration) -> None:
    assert isinstance(admin.answer(request("status"), ADA), Status)
    assert isinstance(admin.answer(request("generations"), ADA), Generations)
    assert isinstance(admin.answer(request("reindex", dry_run="yes"), ADA), Plan)
    assert log(admin) == []


def test_what_changes_or_takes_out_is_noted_with_its_options(
    admin: Administration, words: Path
) -> None:
    page(words, "Mast")
    reindexed(admin)
    reindexed(admin, full="yes")
    admin.answer(request("rollback", "g000002", **{"from": "g000003"}), ADA)
    admin.answer(request("keep"), ADA)
    assert isinstance(admin.answer(request("export", **{"as": "csv"}), ADA), Exported)
    assert log(admin) == [
        ("ada (U1)", "reindex", "done", "1 added, 0 changed, 0 removed; passages embedded: 1"),
        (
            "ada (U1)",
            "reindex --full",
            "done",
            "0 added, 0 changed, 0 removed; passages embedded: 3",
        ),
        ("ada (U1)", "rollback g000002 from=g000003", "done", "from g000003 to g000002"),
        ("ada (U1)", "keep", "done", ""),
        ("ada (U1)", "export as=csv", "done", "3 entries as csv"),
    ]


def test_what_fails_is_noted_and_still_raised(admin: Administration) -> None:
    with pytest.raises(NotFound):
        admin.answer(request("rollback", "g000009"), ADA)
    assert isinstance(admin.answer(request("reindex", "nothing"), ADA), Problem)
    assert [record[1:3] for record in log(admin)] == [
        ("rollback g000009", "failed"),
        ("reindex nothing", "failed"),
    ]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError("no")])
def test_what_breaks_off_is_noted_and_still_raised(
    admin: Administration, monkeypatch: pytest.MonkeyPatch, error: Any
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Indexer, "run", breaks)
    with pytest.raises((KeyboardInterrupt, RuntimeError)):
        admin.answer(request("reindex"), ADA)
    assert [record[1:3] for record in log(admin)] == [("reindex", "failed")]
    assert "It broke off: " in log(admin)[0][3]


def test_a_log_that_cannot_be_written_lets_nobody_in_and_stops_no_admin(
    admin: Administration,
    indexer: Indexer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object) -> None:
        raise LedgerError("The disk is full.")

    monkeypatch.setattr(indexer.store.ledger.audit, "note", full)
    refused = admin.answer(request("keep"), BEN)
    assert isinstance(refused, Problem)
    assert refused.code == "not_admin"
    assert not isinstance(admin.answer(request("keep"), ADA), Problem)
    assert "an action of U2 could not be noted" in caplog.text


def test_a_reindex_compares_answers_and_status_knows_it_later(
    admin: Administration, words: Path
) -> None:
    page(words, "Mast", "A tall pole.\n\n## Questions\n### Who climbs the mast?\nThe crew.")
    done = reindexed(admin)
    assert done.churn is not None
    assert (done.churn.questions, done.churn.changed) == (1, 1)
    assert done.churn.worst[0].question == "Who climbs the mast?"
    status = admin.answer(request("status"), ADA)
    assert isinstance(status, Status)
    assert status.last["churn"]["changed"] == 1
    assert status.by == "ada (U1)"


def test_a_comparison_that_fails_spoils_nothing(
    admin: Administration, words: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.admin.administration.churn", breaks)
    page(words, "Mast")
    done = reindexed(admin)
    assert (done.generation, done.churn) == ("g000002", None)


def test_after_going_back_nothing_reindexes_by_itself_until_an_admin_does(
    admin: Administration, indexer: Indexer, words: Path
) -> None:
    page(words, "Mast")
    reindexed(admin)
    admin.answer(request("rollback"), ADA)
    waits = admin.answer(request("reindex"), SCHEDULE)
    assert isinstance(waits, Problem)
    assert waits.code == "paused"
    assert indexer.store.current().id == "g000001"
    assert reindexed(admin).generation == "g000003"
    assert not indexer.store.ledger.generations.pointer().paused


@pytest.mark.parametrize("verb", ["keep", "reindex"])
def test_keeping_or_reindexing_ends_the_waiting(
    admin: Administration, indexer: Indexer, words: Path, verb: str
) -> None:
    page(words, "Mast")
    reindexed(admin)
    (words / "Mast.md").unlink()  # as it was, so that a reindex finds nothing to do
    admin.answer(request("rollback"), ADA)
    admin.answer(request(verb), ADA)
    assert indexer.store.current().id == "g000001"
    assert not indexer.store.ledger.generations.pointer().paused
    assert reindexed(admin, SCHEDULE).generation == "g000001"


def test_the_schedule_is_noted_when_it_changed_something_or_failed(
    admin: Administration, words: Path
) -> None:
    reindexed(admin, SCHEDULE)
    assert log(admin) == []
    page(words, "Mast")
    reindexed(admin, SCHEDULE)
    shutil.rmtree(words)
    admin.answer(request("reindex"), SCHEDULE)
    assert [record[:3] for record in log(admin)] == [
        ("schedule", "reindex", "done"),
        ("schedule", "reindex", "failed"),
    ]


@pytest.mark.parametrize("code", ["paused", "store_busy"])
def test_what_only_waits_is_noted_for_who_asked_and_not_for_the_schedule(
    admin: Administration, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(Indexer, "run", lambda *_, **__: Problem(code=code, message="Wait."))
    admin.answer(request("reindex"), SCHEDULE)
    admin.answer(request("reindex"), ADA)
    assert log(admin) == [("ada (U1)", "reindex", "failed", "Wait.")]


def health(admin: Administration) -> tuple[str, ...]:
    status = admin.answer(request("status"), ADA)
    assert isinstance(status, Status)
    return status.health


def test_health_tells_of_a_reindex_that_failed_until_one_succeeds(
    admin: Administration, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Indexer, "run", lambda *_, **__: Problem(code="x", message="No room."))
        admin.answer(request("reindex"), SCHEDULE)
    (told,) = health(admin)
    assert told.startswith("The last reindex failed, ")
    assert told.endswith(": No room.")
    admin.answer(request("reindex"), BEN)  # refused: says nothing of the index
    admin.answer(request("reindex", "nothing"), ADA)  # nor does a slip
    with monkeypatch.context() as patch:
        stopped = Problem(code="cancelled", message="The reindex was stopped; nothing has changed.")
        patch.setattr(Indexer, "run", lambda *_, **__: stopped)
        admin.answer(request("reindex"), ADA)  # nor does one that was stopped
    assert len(health(admin)) == 1
    reindexed(admin)
    assert health(admin) == ()


@pytest.mark.parametrize(
    "message", ["The reindex was stopped; x", "The index is being built already, by x"]
)
def test_a_reindex_that_was_stopped_or_the_second_of_two_is_no_ill_health(
    admin: Administration, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    monkeypatch.setattr(Indexer, "run", lambda *_, **__: Problem(code="x", message=message))
    admin.answer(request("reindex"), ADA)
    assert health(admin) == ()


def test_status_tells_who_builds_and_how_far_it_is_and_cancel_stops_it(
    admin: Administration, indexer: Indexer
) -> None:
    with indexer.store.writing("ada") as beat:
        beat.tell("embedding", 3, 9)
        status = admin.answer(request("status"), ADA)
        assert isinstance(status, Status)
        assert status.reindexing is not None
        assert status.reindexing.holder.startswith("ada (process ")
        stopping = admin.answer(request("reindex", "CANCEL"), ADA)
        assert isinstance(stopping, Stopping)
        assert stopping.holder == status.reindexing.holder
    with pytest.raises(NotFound):
        admin.answer(request("reindex", "cancel"), ADA)


def test_what_is_watched_is_what_is_there_and_of_a_pattern_its_folder(
    indexer: Indexer, words: Path
) -> None:
    sources = (
        Source("words", str(words)),
        Source("file", str(words / "Sail.md")),
        Source("pattern", str(words / "*" / "x?.md")),
        Source("gone", str(words / "nothing.md")),
    )
    admin = Administration(replace(indexer, sources=sources))
    assert admin.watched() == [words, words / "Sail.md"]


def test_a_rollback_is_pinned_to_what_is_current(admin: Administration) -> None:
    assert admin.pinned(request("rollback")).options == {"from": "g000001"}
    given = request("rollback", **{"from": "g000007"})
    assert admin.pinned(given) == given
    assert admin.pinned(request("reindex")) == request("reindex")


@pytest.mark.parametrize("form", ["markdown", "m", "CSV", "jsonl", "j"])
def test_a_form_may_be_shortened(admin: Administration, form: str) -> None:
    assert isinstance(admin.answer(request("export", **{"as": form}), ADA), Exported)


@pytest.mark.parametrize("form", ["", "doc", "csvs"])
def test_what_is_no_form_is_refused_with_those_there_are(admin: Administration, form: str) -> None:
    with pytest.raises(NotFound) as raised:
        admin.answer(request("export", **{"as": form}), ADA)
    assert raised.value.hint == "Forms: markdown, csv, jsonl."


def test_two_exports_at_once_do_not_meet(admin: Administration) -> None:
    first, second = (admin.answer(request("export", "words"), ADA) for _ in range(2))
    assert isinstance(first, Exported)
    assert isinstance(second, Exported)
    assert first.path != second.path
    assert Path(first.path).is_file()
    assert Path(second.path).is_file()


class Unasked(ToyEmbedder):
    """A model that must not be needed."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError("nothing is to be embedded")


def test_going_back_and_looking_embed_nothing(
    admin: Administration, indexer: Indexer, words: Path
) -> None:
    page(words, "Mast")
    reindexed(admin)
    other = Administration(replace(indexer, embedder=Unasked()))
    for verb in ("status", "generations", "rollback", "keep", "export", "log"):
        assert not isinstance(other.answer(request(verb), OPERATOR), Problem), verb


def test_the_operators_own_commands_can_be_noted_too(admin: Administration) -> None:
    def fails() -> Reindexed:
        raise NearsayError("No.")

    with pytest.raises(NearsayError):
        admin.audited(OPERATOR, "index --source x", fails)
    assert log(admin) == [("operator", "index --source x", "failed", "No.")]
