"""Index glossaries: add, keep and remove them."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.indexing import Indexer, IndexRequest
from bot.replies.base import Integrity, Problem
from index.entry import Entry
from index.indexing.reindex import Plan, ReindexResult
from index.search.results import EntryReply
from index.sources.source import Source


@pytest.fixture
def words(tmp_path: Path) -> Source:
    file = tmp_path / "words.csv"
    file.write_text("term,definition\nMast,A tall pole.\n")
    return Source("words", str(file))


def run(indexer: Indexer, *sources: Source, **options: object) -> ReindexResult:
    reply = indexer.run(IndexRequest(extra=sources, **options))  # type: ignore[arg-type]
    assert isinstance(reply, ReindexResult), reply
    return reply


@pytest.fixture
def anchors(tmp_path: Path) -> Source:
    """Return a glossary with a term that is also in the encyclopedia."""
    file = tmp_path / "anchors.csv"
    file.write_text("term,definition\nAnchor,What our team calls a pinned message.\n")
    return Source("anchors", str(file))


def test_an_imported_entry_takes_precedence_over_the_bundled_one(
    indexer: Indexer, anchors: Source
) -> None:
    run(indexer, anchors)
    desk = Assistant(indexer.store, indexer.embedder)
    reply = desk.ask("/define anchor")
    assert isinstance(reply, EntryReply)
    assert (reply.entry.source, reply.also_in) == ("anchors", ("encyclopedia",))
    twin = desk.ask("/define Anchor from=encyclopedia")
    assert isinstance(twin, EntryReply)
    assert (twin.entry.source, twin.also_in) == ("encyclopedia", ("anchors",))
    run(indexer, remove=["anchors"])
    reply = desk.ask("/define anchor")
    assert isinstance(reply, EntryReply)
    assert (reply.entry.source, reply.also_in) == ("encyclopedia", ())


def test_the_encyclopedia_can_be_disabled(indexer: Indexer, anchors: Source, words: Source) -> None:
    run(indexer, anchors)
    assert not indexer.is_stale()
    off = replace(indexer, encyclopedia=False)
    assert off.is_stale()
    done = run(off)
    assert (done.removed, done.unchanged, done.embedded) == (3, 1, 0)
    assert [report.name for report in done.sources] == ["anchors"]
    assert off.store.current().sources == ["anchors"]
    assert not off.is_stale()
    assert isinstance(off.check(), Integrity)
    run(off, words)
    assert [report.name for report in run(off, only=["words"]).sources] == ["anchors", "words"]
    assert off.store.current().sources == ["anchors", "words"]
    assert indexer.is_stale()
    assert run(indexer).added == 3


def test_a_dry_run_of_a_glossary_asks_questions_and_leaves_the_index_alone(
    indexer: Indexer, words: Source
) -> None:
    before = indexer.store.current().id
    planned = indexer.run(IndexRequest(extra=[words], dry_run=True, trial=True))
    assert isinstance(planned, Plan)
    assert planned.trial is not None
    asked = {one.question: one for one in planned.trial.questions}
    assert (asked["What is Mast?"].first, asked["What is Mast?"].source) == ("Mast", "words")
    assert {one.source for one in asked.values() if one.kind == "encyclopedia"} == {"encyclopedia"}
    assert indexer.store.current().id == before
    assert [source.name for source in indexer.known_sources()] == []
    without = replace(indexer, encyclopedia=False)
    planned = without.run(IndexRequest(extra=[words], dry_run=True, trial=True))
    assert isinstance(planned, Plan)
    assert planned.trial is not None
    assert not planned.trial.encyclopedia
    assert {one.source for one in planned.trial.questions} == {"words"}


def folder_of(tmp_path: Path, count: int) -> Path:
    folder = tmp_path / "terms"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.md").write_text(f"# Term {number}\n\nText number {number}.\n")
    return folder


@pytest.mark.parametrize(
    ("before", "after", "is_held"), [(3, 0, True), (21, 10, True), (21, 11, False), (5, 1, False)]
)
def test_a_reindex_that_would_remove_most_of_a_source_needs_a_confirmation(
    indexer: Indexer, tmp_path: Path, before: int, after: int, is_held: bool
) -> None:
    run(indexer, Source("terms", str(folder_of(tmp_path, before))))
    folder_of(tmp_path, after)
    if is_held:
        held = indexer.run()
        assert isinstance(held, Problem)
        assert held.code == "removal_held"
        assert f"terms would lose {before - after} of its {before} entries" in held.message
        assert "--confirm" in held.hint
        assert sum(entry.source == "terms" for entry in entries(indexer)) == before
    run(indexer, confirmed=is_held)
    assert sum(entry.source == "terms" for entry in entries(indexer)) == after


def test_only_the_source_that_would_lose_its_entries_is_held_back(
    indexer: Indexer, tmp_path: Path, words: Source
) -> None:
    run(indexer, Source("terms", str(folder_of(tmp_path, 3))), words)
    folder_of(tmp_path, 0)
    Path(words.path).write_text("term,definition\nMast,A tall pole.\nBoom,A long pole.\n")
    for _ in range(2):
        held = indexer.run()
        assert isinstance(held, Problem)
        assert (held.code, held.message.count("would lose")) == ("removal_held", 1)
        assert "All other sources were updated" in held.message
        found = [entry.term for entry in entries(indexer) if entry.source in ("terms", "words")]
        assert sorted(found) == ["Boom", "Mast", "Term 0", "Term 1", "Term 2"]
        reports = {report.name: report for report in indexer.store.current().manifest.reports}
        assert (reports["terms"].entries, reports["words"].entries) == (3, 2)
        assert [item.reason for item in reports["terms"].refused] == [
            f"terms would lose 3 of its 3 entries ({tmp_path / 'terms'}). "
            "Its entries stay as they were last read"
        ]
    run(indexer, confirmed=True)
    assert {entry.term for entry in entries(indexer) if entry.source == "words"} == {"Mast", "Boom"}
    assert not [entry for entry in entries(indexer) if entry.source == "terms"]


def test_edits_go_live_although_a_removal_is_held_back(indexer: Indexer, tmp_path: Path) -> None:
    run(indexer, Source("terms", str(folder_of(tmp_path, 3))))
    folder_of(tmp_path, 0)
    kept = next(entry for entry in entries(indexer) if entry.source == "terms")
    indexer.store.ledger.edits.put("edited", "written", replace(kept, definition="Ours."), by="U1")
    assert isinstance(indexer.run(), Problem)
    assert "Ours." in {entry.definition for entry in entries(indexer)}


def entries(indexer: Indexer) -> list[Entry]:
    return list(indexer.store.current().entries.values())
