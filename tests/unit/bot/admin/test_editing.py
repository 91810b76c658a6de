"""Editing entries: forms, saving, rollback, suggestions and permissions."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.admin.admin_service import AdminService
from bot.admin.entry_commands import EditingServices
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.identity import User
from bot.indexing import Indexer, IndexRequest
from bot.rendering.admin import lines_of
from bot.replies.base import Problem, Reply
from bot.replies.editing import Conflict, Form, History, NewSuggestion, Saved, SuggestionList
from bot.working_copy import WorkingCopy
from index.entry_draft import EntryDraft, digest_of
from index.errors import Cancelled, SourceError
from index.indexing.reindex import ReindexResult
from index.indexing.rollback import RollbackResult, roll_back
from index.progress import no_progress
from index.sources.source import Source
from index.storage import Store
from tests.support.command_line import write
from tests.support.editing import build_nothing
from tests.support.toy import ToyEmbedder
from tests.unit.bot.admin import ADA, CLEO

BOB = User("U2", admin=True, name="bob")
KEEL = EntryDraft("Keel", ("backbone",), "Ships", "The lowest timber of a ship.")
CLOTH = "Cloth that catches wind."

Wanted = TypeVar("Wanted")
Say = Callable[..., Reply]


def is_a(kind: type[Wanted], reply: object) -> Wanted:
    assert isinstance(reply, kind), reply
    return reply


def code(reply: object) -> str:
    return is_a(Problem, reply).code


@pytest.fixture
def editing(indexer: Indexer) -> EditingServices:
    return AdminService(indexer).editing


@pytest.fixture
def ledger_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write changes to the ledger, without building them into the index."""
    build_nothing(monkeypatch)


@pytest.fixture
def say(indexer: Indexer) -> Say:
    """Return a function that answers a line as an admin."""
    admin = AdminService(indexer)
    return lambda line: admin.answer(is_a(Request, parse(f"/near-admin {line}")), ADA)


def live(indexer: Indexer, entry: str) -> str | None:
    """Return the definition of an entry in the current index."""
    with indexer.store.reading() as generation:
        found = generation.entries.get(entry)
        return found.definition if found else None


def written(indexer: Indexer, entry: str) -> Any:
    """Return an entry with all edits applied, whether they are indexed or not."""
    with WorkingCopy.read(indexer.store) as glossary:
        return glossary.by_id(entry).current


# Changes that are built into the index.


def test_a_reindex_keeps_edits_and_restoring_change_0_restores_the_source_text(
    say: Say, editing: EditingServices, indexer: Indexer, bundled: Path
) -> None:
    saved = is_a(Saved, say("edit anchor = Ours."))
    assert (saved.live, saved.generation, saved.fields) == (True, "g000002", ("definition",))
    is_a(Saved, say("remove Buoy --yes"))
    form = is_a(Form, editing.forms.form("sail", ADA))
    write(bundled, "Sail", "Another text.")
    write(bundled, "Anchor", "Theirs, and newer.")
    write(bundled, "Buoy", "Newer too.")
    done = is_a(ReindexResult, indexer.run())
    assert (done.added, done.changed, done.removed) == (0, 1, 0), "edited entries are kept"
    mine = replace(form.fields, definition="Mine.")
    conflict = is_a(Conflict, editing.entries.save(mine, form.version, ADA, entry="sail"))
    assert (conflict.by, conflict.at, conflict.theirs.definition) == ("", None, "Another text.")
    assert (live(indexer, "anchor"), live(indexer, "buoy")) == ("Ours.", None)
    assert is_a(History, say("history anchor")).outdated
    back = is_a(Saved, say("history anchor restore=0"))
    assert (back.change, back.live) == ("put back", True)
    is_a(Saved, say("history Buoy restore=0"))
    assert (live(indexer, "anchor"), live(indexer, "buoy")) == ("Theirs, and newer.", "Newer too.")
    write(bundled, "Anchor", "Newest.")
    is_a(ReindexResult, indexer.run())
    assert live(indexer, "anchor") == "Newest.", "the entry follows its source again"
    assert code(say("history anchor restore=0")) == "unchanged"


def test_an_edit_is_kept_if_its_entry_is_removed_but_not_if_its_source_is(
    say: Say, editing: EditingServices, indexer: Indexer, tmp_path: Path
) -> None:
    words = tmp_path / "words.csv"
    words.write_text("term,definition\nMast,A tall pole.\nHull,The body of a ship.\n")
    is_a(ReindexResult, indexer.run(IndexRequest(extra=[Source.parse(str(words))])))
    is_a(Saved, say("edit mast = Carries sails."))
    words.write_text("term,definition\nHull,The body of a ship.\n")
    is_a(ReindexResult, indexer.run())
    assert live(indexer, "words/mast") == "Carries sails."
    history = is_a(History, say("history mast"))
    assert (history.outdated, history.gone) == (False, True)
    assert code(say("history mast restore=0")) == code(say("undo mast")) == "no_source"
    assert live(indexer, "words/mast") == "Carries sails."
    is_a(ReindexResult, indexer.run(IndexRequest(remove=["words"])))
    saved = is_a(Saved, editing.entries.alias("pole", "mast", ADA, no_progress))
    assert (saved.live, "words is not indexed" in saved.trouble) == (False, True)
    is_a(Saved, say("edit sail = Ours."))
    assert live(indexer, "words/mast") is None
    assert indexer.contents.pending_edits() == []


def test_an_entry_with_an_added_phrase_follows_its_source(
    say: Say, indexer: Indexer, tmp_path: Path
) -> None:
    words = tmp_path / "words.csv"
    words.write_text("term,definition\nMast,A tall pole.\nHull,The body of a ship.\n")
    is_a(ReindexResult, indexer.run(IndexRequest(extra=[Source.parse(str(words))])))
    is_a(Saved, say("phrase mast = what holds the sails"))
    words.write_text("term,definition\nMast,Newer.\nHull,The body of a ship.\n")
    is_a(ReindexResult, indexer.run())
    assert live(indexer, "words/mast") == "Newer."
    assert not is_a(History, say("history mast")).outdated
    is_a(Saved, say("phrase mast = the long pole"))
    words.write_text("term,definition\nMast,Newest.\nHull,The body of a ship.\n")
    is_a(ReindexResult, indexer.run())
    assert live(indexer, "words/mast") == "Newest."
    phrases = written(indexer, "words/mast").search_phrases
    assert phrases == ("what holds the sails", "the long pole")
    words.write_text("term,definition\nHull,The body of a ship.\n")
    is_a(ReindexResult, indexer.run())
    assert live(indexer, "words/mast") is None


def test_an_entry_of_several_meanings_is_not_edited_with_one_text(
    say: Say, indexer: Indexer, tmp_path: Path
) -> None:
    words = tmp_path / "words.csv"
    words.write_text("term,definition\nMast,A tall pole.\nMast,Fruit of the beech.\n")
    is_a(ReindexResult, indexer.run(IndexRequest(extra=[Source.parse(str(words))])))
    assert code(say("edit mast = Carries sails.")) == "several_meanings"
    assert live(indexer, "words/mast") == "A tall pole."


def test_a_rollback_sets_edits_aside_until_they_are_restored(
    say: Say, indexer: Indexer, bundled: Path
) -> None:
    """Check that an entry that was edited and put back also returns to its earlier state."""
    is_a(Saved, say("edit sail = Ours."))
    done = is_a(RollbackResult, roll_back(indexer.store, by="bob (U2)"))
    (item,) = done.set_aside
    assert "Sail: edited by ada (U1)" in " ".join(lines_of(done))
    assert (item.entry, item.change, item.by) == ("sail", "edited", "ada (U1)")
    write(bundled, "Sail", "A bad import.")
    is_a(ReindexResult, indexer.run())
    assert live(indexer, "sail") == "A bad import.", "a reindex does not apply the edit"
    assert is_a(History, say("history sail")).changes[0].change == "set aside"
    roll_back(indexer.store, "g000001", by="ada (U1)")
    assert (written(indexer, "sail").definition, indexer.contents.pending_edits()) == (CLOTH, [])
    is_a(Saved, say("edit anchor = Edited."))
    assert indexer.store.ledger.generations.pointer().paused, "scheduled reindexing is still paused"
    assert live(indexer, "sail") == CLOTH
    is_a(Saved, say(f"history sail restore={item.number}"))
    assert live(indexer, "sail") == "Ours."
    is_a(Saved, say("history sail restore=0"))
    assert live(indexer, "sail") == CLOTH
    is_a(ReindexResult, indexer.run())
    assert live(indexer, "sail") == "A bad import."


def test_a_reindex_includes_changes_saved_while_it_runs(
    say: Say, indexer: Indexer, bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.admin.editing_service.BUILD_TIMEOUT_S", 0.0)
    other = Store(indexer.store.directory)
    saved: list[Saved] = []

    def meanwhile(phase: str, _done: int, _total: int) -> None:
        if phase == "embedding" and not saved:
            saved.append(is_a(Saved, say("edit buoy = Meanwhile.")))

    write(bundled, "Sail", "Newer.")
    done = is_a(ReindexResult, Indexer(other, ToyEmbedder()).run(progress=meanwhile))
    other.close()
    assert [item.live for item in saved] == [False]
    assert (done.before, done.generation, done.changed) == ("g000001", "g000003", 2)
    indexer.store.refresh()
    assert (live(indexer, "sail"), live(indexer, "buoy")) == ("Newer.", "Meanwhile.")


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_change_that_waited_for_a_reindex_without_a_result_goes_live(
    say: Say, indexer: Indexer, monkeypatch: pytest.MonkeyPatch, cancelled: bool
) -> None:
    monkeypatch.setattr("bot.admin.editing_service.BUILD_TIMEOUT_S", 0.0)
    other = Store(indexer.store.directory)

    def meanwhile(_phase: str, _done: int, _total: int) -> None:
        is_a(Saved, say("edit buoy = Meanwhile."))
        raise Cancelled("Stopped.") if cancelled else SourceError(Path("words"), None, "is gone")

    is_a(Problem, Indexer(other, ToyEmbedder()).run(progress=meanwhile))
    other.close()
    indexer.store.refresh()
    assert live(indexer, "buoy") == "Meanwhile."


# Changes in the ledger.


@pytest.mark.usefixtures("ledger_only")
def test_a_question_can_be_added_as_a_search_phrase_until_the_entry_is_reset(
    say: Say, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = is_a(Saved, say("phrase sail = what drives a ship?"))
    assert (saved.change, saved.fields) == ("phrase", ())
    is_a(Saved, say("edit sail = Canvas that catches wind."))
    assert written(indexer, "sail").search_phrases == ("what drives a ship?",), (
        "an edit keeps search phrases"
    )
    for known in ("What drives a ship", "SAIL", "who needs a sail"):
        assert code(say(f"phrase sail = {known}")) == "unchanged"
    assert code(say(f"phrase sail = {'x' * 201}")) == "too_long"
    with monkeypatch.context() as patched:
        patched.setattr("index.editing.validation.MOST_PHRASES", 1)
        assert code(say("phrase sail = what catches wind")) == "too_many"
    is_a(Saved, say("history sail restore=0"))
    assert written(indexer, "sail").search_phrases == ()


@pytest.mark.usefixtures("ledger_only")
def test_a_suggestion_is_stored_once_and_their_number_is_bounded(
    editing: EditingServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggestions = editing.suggestions
    monkeypatch.setattr("bot.admin.suggestions.MAX_PER_USER", 1)
    made = is_a(NewSuggestion, suggestions.suggest(KEEL, CLEO))
    assert is_a(NewSuggestion, suggestions.suggest(KEEL, CLEO)).id == made.id, (
        "a repeated suggestion is stored once"
    )
    other = replace(KEEL, term="Rudder", aliases=())
    assert code(suggestions.suggest(other, CLEO)) == "too_many"
    is_a(NewSuggestion, suggestions.suggest(other, BOB))


@pytest.mark.usefixtures("ledger_only")
def test_an_invalid_suggestion_is_refused_or_stays_pending(editing: EditingServices) -> None:
    suggestions, wrong = editing.suggestions, replace(KEEL, definition="")
    assert is_a(Problem, suggestions.suggest(wrong, CLEO)).fields[0].field == "definition"
    made = is_a(NewSuggestion, suggestions.suggest(KEEL, CLEO))
    is_a(Form, editing.forms.blank_suggestion("Keel"))
    assert code(editing.forms.blank_suggestion("sail")) == "exists"
    is_a(Saved, editing.entries.save(KEEL, "", ADA))
    late = is_a(Problem, suggestions.approve(made.id, digest_of(KEEL), ADA))
    assert late.fields[0].field == "term", "the term was added in the meantime"
    assert is_a(SuggestionList, suggestions.waiting(ADA)).waiting == 1


def test_a_command_that_is_delivered_twice_changes_its_entry_once(
    indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check the second run of each command after a process that died before the publication."""
    admin, edits = AdminService(indexer), indexer.store.ledger.edits

    def run(line: str, delivery: str) -> Reply:
        request = is_a(Request, parse(f"/near-admin {line}"))
        return admin.answer(request, replace(ADA, delivery=delivery))

    lines = ("add Keel = A timber.", "edit keel = Ours.", "undo keel", "remove sail --yes")
    for number, line in enumerate(lines, start=1):
        with monkeypatch.context() as dying:
            build_nothing(dying)
            assert not is_a(Saved, run(line, f"delivery {number}")).live
        again = is_a(Saved, run(line, f"delivery {number}"))
        assert (again.live, again.number, edits.last()) == (True, number, number), line
    assert live(indexer, "sail") is None
    for press, definition in (("one press", "Ours."), ("another press", "A timber.")):
        pressed = is_a(Saved, run("undo keel", press))
        assert live(indexer, pressed.entry) == definition, "each press undoes"


def test_edits_of_a_process_that_died_are_published_at_the_next_start(
    say: Say, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        build_nothing(dying)
        is_a(Saved, say("edit sail = Ours."))
    AdminService(indexer).publish_edits()
    assert live(indexer, "sail") == "Ours."
