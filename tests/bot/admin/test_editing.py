"""Writing entries: forms, saving, going back, suggestions, and who may."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from bot.actors import NOBODY, Actor
from bot.admin.administration import Administration
from bot.admin.editing import ADD, SUGGEST, Editing, draft_key
from bot.admin.editing_replies import (
    Conflict,
    Declined,
    Form,
    History,
    Removal,
    Review,
    Reviews,
    Saved,
    Suggested,
)
from bot.admin.phrases import lines_of
from bot.admin.status import status_of
from bot.grammar import Request, parse
from bot.indexing import Indexer, IndexRequest
from bot.replies import Problem
from index.editing.fields import Fields, digest_of
from index.editing.results import Preview
from index.entry import Question, Related
from index.reindex import Reindexed
from index.rollback import RolledBack, roll_back
from index.sources.source import Source
from index.store import Store
from tests.support.bundled import replace_bundled
from tests.support.toy import ToyEmbedder

ADA = Actor("U1", admin=True, name="ada")
BOB = Actor("U2", admin=True, name="bob")
CLEO = Actor("U3", name="cleo")
PAGE = "---\nterm: {term}\n---\n{text}\n\n## Questions\n### Who needs a {term}?\nThe crew.\n"
KEEL = Fields("Keel", ("backbone",), "Ships", "The lowest timber of a ship.")

Wanted = TypeVar("Wanted")


def write(folder: Path, term: str, text: str) -> None:
    (folder / f"{term.casefold()}.md").write_text(PAGE.format(term=term, text=text))


def is_a(kind: type[Wanted], reply: object) -> Wanted:
    assert isinstance(reply, kind), reply
    return reply


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encyclopedia of three pages in `bundled`, indexed in `data` as g000001."""
    folder = tmp_path_factory.mktemp("ships")
    (folder / "bundled").mkdir()
    write(folder / "bundled", "Anchor", "An iron hook that holds a ship.")
    write(folder / "bundled", "Buoy", "A floating mark.")
    write(folder / "bundled", "Sail", "Cloth that catches wind.")
    store = Store(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch_bundled(patch, folder / "bundled")
        is_a(Reindexed, Indexer(store, ToyEmbedder()).run())
    store.close()
    return folder


def patch_bundled(patch: pytest.MonkeyPatch, folder: Path) -> None:
    replace_bundled(folder, patch.setattr)


@pytest.fixture
def bundled(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The encyclopedia, of one's own."""
    folder = tmp_path / "bundled"
    shutil.copytree(base / "bundled", folder)
    patch_bundled(monkeypatch, folder)
    return folder


@pytest.fixture
def indexer(base: Path, bundled: Path, tmp_path: Path) -> Iterator[Indexer]:
    """The index of the encyclopedia, of one's own."""
    shutil.copytree(base / "data", tmp_path / "data")
    store = Store(tmp_path / "data")
    yield Indexer(store, ToyEmbedder())
    store.close()


@pytest.fixture
def editing(indexer: Indexer) -> Editing:
    return Administration(indexer).editing


def definition(indexer: Indexer, entry: str) -> str | None:
    with indexer.store.reading() as generation:
        found = generation.entries.get(entry)
        return found.definition if found else None


def edited(editing: Editing, term: str, text: str, actor: Actor = ADA) -> Saved:
    form = is_a(Form, editing.form(term, actor))
    fields = replace(form.fields, definition=text)
    return is_a(Saved, editing.save(fields, form.version, actor, entry=form.entry))


def test_a_new_entry_is_live_when_save_returns(editing: Editing, indexer: Indexer) -> None:
    form = is_a(Form, editing.blank(" Keel ", ADA))
    assert (form.entry, form.version, form.fields.term) == ("", "", "Keel")
    saved = is_a(Saved, editing.save(KEEL, form.version, ADA))
    assert (saved.change, saved.live, saved.generation) == ("added", True, "g000002")
    assert (saved.entry, saved.term, saved.trouble) == ("written/keel", "Keel", "")
    with indexer.store.reading() as generation:
        entry = generation.entries["written/keel"]
        assert generation.names.exact("backbone")[0].entry_id == entry.id
    assert (entry.source, entry.category, entry.updated) == (
        "written",
        "Ships",
        datetime.now(UTC).date(),
    )
    again = is_a(Form, editing.form("keel", ADA))
    assert (again.fields, again.source, again.edited) == (KEEL, "written", False)


def test_an_edit_of_an_imported_entry_keeps_what_has_no_field(
    editing: Editing, indexer: Indexer, bundled: Path
) -> None:
    (bundled / "anchor.md").write_text(
        PAGE.format(term="Anchor", text="A hook.") + "\n## What it is\nIron.\n"
    )
    indexer.run()
    saved = edited(editing, "anchor", "Holds a ship.")
    assert (saved.change, saved.fields, saved.entry) == ("edited", ("definition",), "anchor")
    with indexer.store.reading() as generation:
        entry = generation.entries["anchor"]
    assert (entry.definition, entry.sections[0].text) == ("Holds a ship.", "Iron.")
    assert (entry.source, entry.path) == ("encyclopedia", "anchor.md")
    assert is_a(Form, editing.form("Anchor", ADA)).edited


def test_a_reindex_keeps_what_people_wrote_and_put_back_takes_what_the_source_gives(
    editing: Editing, indexer: Indexer, bundled: Path
) -> None:
    edited(editing, "anchor", "Ours.")
    is_a(Saved, editing.save(KEEL, "", ADA))
    is_a(Saved, editing.remove("Buoy", ADA, yes=True))
    write(bundled, "Anchor", "Theirs, and newer.")
    write(bundled, "Buoy", "Newer too.")
    done = is_a(Reindexed, indexer.run())
    assert (done.added, done.changed, done.removed) == (0, 0, 0), "nothing shown is another"
    assert definition(indexer, "anchor") == "Ours."
    assert definition(indexer, "buoy") is None
    assert definition(indexer, "written/keel") == KEEL.definition
    assert is_a(History, editing.history("anchor", ADA)).outdated
    back = is_a(Saved, editing.put_back("anchor", ADA))
    assert (back.change, back.live) == ("put back", True)
    assert definition(indexer, "anchor") == "Theirs, and newer."
    is_a(Saved, editing.put_back("Buoy", ADA))
    assert definition(indexer, "buoy") == "Newer too."
    write(bundled, "Anchor", "Newest.")
    is_a(Reindexed, indexer.run())
    assert definition(indexer, "anchor") == "Newest.", "it follows its source again"
    assert is_a(Problem, editing.put_back("anchor", ADA)).code == "unchanged"
    assert is_a(Problem, editing.put_back("Keel", ADA)).code == "no_source"


def test_an_edit_stays_when_its_source_drops_the_entry_but_goes_with_the_whole_source(
    editing: Editing, indexer: Indexer, tmp_path: Path
) -> None:
    words = tmp_path / "words.csv"
    words.write_text("term,definition\nMast,A tall pole.\nHull,The body of a ship.\n")
    source = Source.parse(str(words))
    is_a(Reindexed, indexer.run(IndexRequest(extra=[source])))
    edited(editing, "mast", "Carries sails.")
    words.write_text("term,definition\nHull,The body of a ship.\n")
    is_a(Reindexed, indexer.run())
    assert definition(indexer, "words/mast") == "Carries sails."
    assert is_a(Problem, editing.put_back("mast", ADA)).code == "no_source"
    is_a(Reindexed, indexer.run(IndexRequest(remove=["words"])))
    assert definition(indexer, "words/mast") is None
    is_a(Saved, editing.save(KEEL, "", ADA))
    assert definition(indexer, "words/mast") is None
    assert indexer.waiting() == []


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(editing: Editing) -> None:
    wrong = Fields(
        "Sail",
        ("buoy", "!!"),
        "c" * 200,
        "",
        "",
        (Related("Sail", "why"),),
        (Question("Why?", ""),),
    )
    problem = is_a(Problem, editing.save(wrong, "", ADA))
    assert problem.code == "fields"
    said = {item.field: item.message for item in problem.fields}
    assert list(said) == ["term", "aliases", "definition", "category", "related", "questions"]
    assert said["term"].startswith('"Sail" is an entry already')
    assert said["aliases"] == '"buoy" is a name of Buoy: leave it away here.'
    draft = editing.draft(draft_key("", ADD), ADA)
    assert draft is not None
    assert draft.fields.aliases == ("buoy", "!!")
    offered = is_a(Form, editing.blank("Keel", ADA)).draft
    assert offered is not None
    assert offered.fields == draft.fields
    is_a(Saved, editing.save(KEEL, "", ADA))
    assert editing.draft(draft_key("", ADD), ADA) is None


def test_the_second_of_two_is_told_what_the_first_changed_and_can_save_on_top(
    editing: Editing, indexer: Indexer
) -> None:
    mine = is_a(Form, editing.form("sail", ADA))
    theirs = is_a(Form, editing.form("sail", BOB))
    ours = replace(theirs.fields, definition="Bob's.", category="Rig")
    is_a(Saved, editing.save(ours, theirs.version, BOB, entry="sail"))
    fields = replace(mine.fields, definition="Ada's.")
    told = is_a(Conflict, editing.save(fields, mine.version, ADA, entry="sail"))
    assert (told.by, told.removed, told.theirs, told.yours) == ("bob (U2)", False, ours, fields)
    assert [(d.field, d.theirs, d.yours) for d in told.differences] == [
        ("category", "Rig", ""),
        ("definition", "Bob's.", "Ada's."),
    ]
    assert definition(indexer, "sail") == "Bob's."
    offered = is_a(Form, editing.form("sail", ADA)).draft
    assert offered is not None
    assert offered.fields == fields
    saved = is_a(Saved, editing.save(fields, told.version, ADA, entry="sail"))
    assert (saved.fields, definition(indexer, "sail")) == (("category", "definition"), "Ada's.")


def test_a_conflict_with_a_source_and_with_a_removal(
    editing: Editing, indexer: Indexer, bundled: Path
) -> None:
    form = is_a(Form, editing.form("sail", ADA))
    write(bundled, "Sail", "Another text.")
    is_a(Reindexed, indexer.run())
    fields = replace(form.fields, definition="Mine.")
    told = is_a(Conflict, editing.save(fields, form.version, ADA, entry="sail"))
    assert (told.by, told.at, told.theirs.definition) == ("", None, "Another text.")
    is_a(Saved, editing.remove("sail", BOB, yes=True))
    gone = is_a(Conflict, editing.save(fields, told.version, ADA, entry="sail"))
    assert (gone.by, gone.removed, gone.version) == ("bob (U2)", True, "")
    saved = is_a(Saved, editing.save(fields, gone.version, ADA, entry="sail"))
    assert (saved.change, definition(indexer, "sail")) == ("restored", "Mine.")
    assert is_a(Problem, editing.save(fields, "", ADA, entry="nothing")).code == "not_found"


def test_removing_asks_first_and_says_what_refers_to_it(editing: Editing, indexer: Indexer) -> None:
    is_a(Saved, editing.save(replace(KEEL, related=(Related("Buoy", "x"),)), "", ADA))
    asked = is_a(Removal, editing.remove("buoy", ADA))
    assert (asked.entry, asked.term, asked.passages) == ("buoy", "Buoy", 3)
    assert [item.id for item in asked.referring] == ["written/keel"]
    assert definition(indexer, "buoy") == "A floating mark."
    done = is_a(Saved, editing.remove("buoy", ADA, yes=True))
    assert (done.change, done.live, definition(indexer, "buoy")) == ("removed", True, None)
    assert is_a(Problem, editing.form("buoy", ADA)).code == "not_found"
    assert is_a(Saved, editing.undo("", ADA)).change == "put back"
    assert definition(indexer, "buoy") == "A floating mark."


def test_undo_takes_back_ones_own_last_change_or_that_of_an_entry(
    editing: Editing, indexer: Indexer
) -> None:
    assert is_a(Problem, editing.undo("", ADA)).code == "nothing_to_undo"
    assert is_a(Problem, editing.undo("sail", ADA)).code == "nothing_to_undo"
    edited(editing, "sail", "One.")
    edited(editing, "sail", "Two.")
    is_a(Saved, editing.undo("", ADA))
    assert definition(indexer, "sail") == "One."
    is_a(Saved, editing.undo("", ADA))
    assert definition(indexer, "sail") == "Two.", "undo can be undone"
    edited(editing, "sail", "Bob's.", BOB)
    told = is_a(Problem, editing.undo("", ADA))
    assert (told.code, told.hint) == ("outdated", "To take that back: undo Sail")
    is_a(Saved, editing.undo("sail", ADA))
    assert definition(indexer, "sail") == "Two."
    is_a(Saved, editing.save(KEEL, "", ADA))
    assert is_a(Saved, editing.undo("", ADA)).change == "removed"
    assert definition(indexer, "written/keel") is None
    is_a(Saved, editing.undo("keel", ADA))
    assert definition(indexer, "written/keel") == KEEL.definition


def test_an_alias_is_one_line(editing: Editing, indexer: Indexer) -> None:
    saved = is_a(Saved, editing.alias("canvas", "sail", ADA))
    assert (saved.change, saved.fields) == ("alias", ("aliases",))
    with indexer.store.reading() as generation:
        assert [one.entry_id for one in generation.names.exact("Canvas")] == ["sail"]
    assert is_a(Problem, editing.alias("Canvas", "sail", ADA)).code == "unchanged"
    assert is_a(Problem, editing.alias("buoy", "sail", ADA)).code == "fields"
    assert is_a(Problem, editing.alias("x1", "zeppelin", ADA)).code == "not_found"


def phrases(indexer: Indexer, entry: str) -> tuple[str, ...]:
    with indexer.store.reading() as generation:
        return generation.entries[entry].search_phrases


def test_a_question_becomes_a_search_phrase_and_can_be_taken_back(
    editing: Editing, indexer: Indexer
) -> None:
    saved = is_a(Saved, editing.phrase("sail", " what drives\n a ship? ", ADA))
    assert (saved.change, saved.fields, saved.live) == ("phrase", (), True)
    assert phrases(indexer, "sail") == ("what drives a ship?",)
    edited(editing, "sail", "Canvas that catches wind.")
    assert phrases(indexer, "sail") == ("what drives a ship?",), "an edit leaves them as they are"
    told = lines_of(is_a(History, editing.history("sail", ADA)))
    assert not any("what drives" in line for line in told)
    is_a(Saved, editing.restore("sail", 1, ADA))
    is_a(Saved, editing.put_back("sail", ADA))
    assert phrases(indexer, "sail") == ()
    is_a(Saved, editing.phrase("sail", "what drives a ship?", ADA))
    is_a(Saved, editing.undo("sail", ADA))
    assert phrases(indexer, "sail") == ()
    noted = [(r.action, r.outcome, r.detail) for r in indexer.store.ledger.audit.last(9)]
    assert ("phrase sail = what drives a ship?", "done", "sail phrase") in noted


def test_a_search_phrase_is_new_short_and_one_of_few(
    editing: Editing, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_a(Saved, editing.phrase("sail", "what drives a ship", ADA))
    for known in ("What drives a ship?", "SAIL", "who needs a sail"):
        assert is_a(Problem, editing.phrase("sail", known, ADA)).code == "unchanged"
    for wrong in ("", "?!"):
        assert is_a(Problem, editing.phrase("sail", wrong, ADA)).code == "usage"
    assert is_a(Problem, editing.phrase("sail", "x" * 201, ADA)).code == "too_long"
    assert is_a(Problem, editing.phrase("zeppelin", "what flies", ADA)).code == "not_found"
    monkeypatch.setattr("bot.admin.changes.MOST_PHRASES", 1)
    assert is_a(Problem, editing.phrase("sail", "what catches wind", ADA)).code == "too_many"
    assert phrases(indexer, "sail") == ("what drives a ship",)


def test_history_says_who_changed_what_and_any_state_can_be_restored(
    editing: Editing, indexer: Indexer
) -> None:
    before = is_a(History, editing.history("sail", ADA))
    assert (before.state, before.changes) == ("imported", ())
    first = edited(editing, "sail", "One.")
    edited(editing, "sail", "Two.", BOB)
    is_a(Saved, editing.remove("sail", BOB, yes=True))
    told = is_a(History, editing.history("sail", ADA))
    assert (told.state, told.source, told.outdated) == ("removed", "encyclopedia", False)
    assert [(c.change, c.by, c.fields, c.definition) for c in told.changes] == [
        ("removed", "bob (U2)", (), ""),
        ("edited", "bob (U2)", ("definition",), "Two."),
        ("edited", "ada (U1)", ("definition",), "One."),
    ]
    assert told.changes[-1].number == first.number
    back = is_a(Saved, editing.restore("sail", first.number, ADA))
    assert (back.change, definition(indexer, "sail")) == ("restored", "One.")
    assert is_a(Problem, editing.restore("sail", first.number, ADA)).code == "unchanged"
    assert is_a(Problem, editing.restore("buoy", first.number, ADA)).code == "not_found"


def test_a_rollback_sets_edits_aside_and_says_how_to_get_them_back(
    editing: Editing, indexer: Indexer
) -> None:

    kept = edited(editing, "anchor", "Kept.")
    aside = edited(editing, "sail", "Aside.")
    done = is_a(RolledBack, roll_back(indexer.store, by="bob (U2)"))
    (item,) = done.set_aside
    assert (item.entry, item.change, item.by, item.number) == (
        "sail",
        "edited",
        "ada (U1)",
        aside.number,
    )
    assert definition(indexer, "sail") == "Cloth that catches wind."
    assert definition(indexer, "anchor") == "Kept."
    is_a(Reindexed, indexer.run())
    assert definition(indexer, "sail") == "Cloth that catches wind.", "a reindex leaves it aside"
    assert is_a(History, editing.history("sail", ADA)).changes[0].change == "set aside"
    is_a(Saved, editing.restore("sail", item.number, ADA))
    assert definition(indexer, "sail") == "Aside."
    first = is_a(RolledBack, roll_back(indexer.store, kept.generation or "", by="bob (U2)"))
    assert [one.entry for one in first.set_aside] == ["sail"]


def test_saving_after_a_rollback_leaves_scheduled_reindexing_waiting(
    editing: Editing, indexer: Indexer, bundled: Path
) -> None:

    write(bundled, "Sail", "A bad import.")
    is_a(Reindexed, indexer.run())
    roll_back(indexer.store, by="ada (U1)")
    edited(editing, "anchor", "Edited.")
    assert indexer.store.ledger.generations.pointer().paused
    assert definition(indexer, "sail") == "Cloth that catches wind."


def test_saving_after_a_rollback_brings_nothing_of_a_later_import(
    editing: Editing, indexer: Indexer, bundled: Path
) -> None:
    """An entry that was edited, and is as its source has it again, is as it was then."""
    edited(editing, "sail", "Ours.")
    roll_back(indexer.store, by="ada (U1)")
    write(bundled, "Sail", "A bad import.")
    is_a(Reindexed, indexer.run())
    assert definition(indexer, "sail") == "A bad import."
    roll_back(indexer.store, "g000001", by="ada (U1)")
    assert is_a(Form, editing.form("sail", ADA)).fields.definition == "Cloth that catches wind."
    assert indexer.waiting() == []
    edited(editing, "anchor", "Edited.")
    assert definition(indexer, "sail") == "Cloth that catches wind."
    edited(editing, "sail", "Ours once more.")
    is_a(Saved, editing.undo("sail", ADA))
    assert definition(indexer, "sail") == "Cloth that catches wind."
    is_a(Reindexed, indexer.run())
    assert definition(indexer, "sail") == "A bad import."


def test_saving_after_a_reindex_that_failed_brings_nothing_of_it(
    editing: Editing, indexer: Indexer, bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(editing, "sail", "Ours.")
    roll_back(indexer.store, by="ada (U1)")
    write(bundled, "Sail", "A bad import.")
    with monkeypatch.context() as patched:
        patched.setattr(Store, "put", lambda *_: pytest.fail("the disk is full"))
        with pytest.raises(pytest.fail.Exception):
            indexer.run()
    edited(editing, "anchor", "Edited.")
    assert definition(indexer, "sail") == "Cloth that catches wind."


def test_a_change_while_another_builds_is_kept_and_goes_live_with_a_reindex_after_it(
    editing: Editing, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.admin.changes.PATIENCE", 0.0)
    other = Store(indexer.store.directory)
    with other.writing("somebody else"):
        saved = edited(editing, "sail", "Waiting.")
        assert (saved.live, saved.trouble) == (False, "")
        assert [edit.entry for edit in indexer.waiting()] == ["sail"]
        assert is_a(Form, editing.form("sail", ADA)).fields.definition == "Waiting."
        assert status_of(indexer).health == (), "whoever builds takes it in"
    other.close()
    assert definition(indexer, "sail") == "Cloth that catches wind."
    assert status_of(indexer).health == ("1 change is not live yet: reindex.",)
    is_a(Reindexed, indexer.run())
    assert status_of(indexer).health == ()
    assert (definition(indexer, "sail"), indexer.waiting()) == ("Waiting.", [])


def test_what_is_saved_during_a_reindex_is_indexed_by_it(
    editing: Editing, indexer: Indexer, bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.admin.changes.PATIENCE", 0.0)
    other = Store(indexer.store.directory)
    saved: list[Saved] = []

    def meanwhile(phase: str, _done: int, _total: int) -> None:
        if phase == "embedding" and not saved:
            saved.append(edited(Administration(indexer).editing, "buoy", "Meanwhile."))

    write(bundled, "Sail", "Newer.")
    done = is_a(Reindexed, Indexer(other, ToyEmbedder()).run(progress=meanwhile))
    other.close()
    assert [item.live for item in saved] == [False]
    assert (done.before, done.generation, done.changed) == ("g000001", "g000003", 2)
    indexer.store.refresh()
    assert (definition(indexer, "sail"), definition(indexer, "buoy")) == ("Newer.", "Meanwhile.")


def test_a_suggestion_becomes_an_entry_once(editing: Editing, indexer: Indexer) -> None:
    made = is_a(Suggested, editing.suggest(KEEL, CLEO))
    assert (made.term, made.waiting) == ("Keel", 1)
    assert is_a(Suggested, editing.suggest(KEEL, CLEO)).id == made.id, "said twice, kept once"
    editing.posted(made.id, "C1", "1.2")
    (waiting,) = is_a(Reviews, editing.suggestions(ADA)).suggestions
    assert (waiting.person, waiting.name, waiting.fields) == ("U3", "cleo", KEEL)
    seen = is_a(Review, editing.review(made.id, ADA))
    assert seen.preview is not None
    assert seen.preview.term == "Keel"
    changed = replace(KEEL, example="The keel of a brig.")
    saved = is_a(Saved, editing.approve(made.id, digest_of(changed), ADA, fields=changed))
    assert (saved.suggestion, saved.live) == (made.id, True)
    with indexer.store.reading() as generation:
        assert generation.entries["written/keel"].example == "The keel of a brig."
    again = is_a(Problem, editing.approve(made.id, digest_of(KEEL), BOB))
    assert (again.code, again.message) == ("decided", "ada (U1) has approved it already.")
    kept = indexer.store.ledger.suggestions.get(made.id)
    assert (kept.state, kept.reviewer, kept.entry) == ("approved", "ada (U1)", "written/keel")


def test_a_suggestion_is_declined_with_a_reason(editing: Editing) -> None:
    made = is_a(Suggested, editing.suggest(KEEL, CLEO))
    done = is_a(Declined, editing.decline(made.id, "It is a word of another trade.", ADA))
    assert (done.term, done.note) == ("Keel", "It is a word of another trade.")
    assert is_a(Problem, editing.decline(made.id, "", BOB)).code == "decided"
    assert is_a(Problem, editing.approve(made.id, digest_of(KEEL), BOB)).code == "decided"
    assert is_a(Reviews, editing.suggestions(ADA)).waiting == 0


def test_a_suggestion_whose_term_has_been_added_meanwhile_still_waits(editing: Editing) -> None:
    made = is_a(Suggested, editing.suggest(KEEL, CLEO))
    is_a(Saved, editing.save(KEEL, "", ADA))
    assert is_a(Problem, editing.approve(made.id, digest_of(KEEL), ADA)).fields[0].field == "term"
    assert is_a(Reviews, editing.suggestions(ADA)).waiting == 1


def test_suggestions_that_wait_are_bounded(
    editing: Editing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.admin.suggesting.MOST_OF_ONE", 1)
    is_a(Suggested, editing.suggest(KEEL, CLEO))
    other = replace(KEEL, term="Rudder", aliases=())
    assert is_a(Problem, editing.suggest(other, CLEO)).code == "too_many"
    is_a(Suggested, editing.suggest(other, BOB))


def test_a_suggestion_that_cannot_be_kept_is_a_draft(editing: Editing) -> None:
    wrong = replace(KEEL, definition="")
    assert is_a(Problem, editing.suggest(wrong, CLEO)).fields[0].field == "definition"
    offered = is_a(Form, editing.blank_suggestion("Keel", CLEO)).draft
    assert offered is not None
    assert offered.fields == wrong
    editing.drop_draft(draft_key("", SUGGEST), CLEO)
    assert is_a(Form, editing.blank_suggestion("Keel", CLEO)).draft is None
    assert is_a(Problem, editing.blank_suggestion("sail", CLEO)).code == "exists"


def test_a_preview_says_where_it_lands_what_it_names_and_what_it_lacks(editing: Editing) -> None:
    seen = is_a(
        Preview,
        editing.preview(replace(KEEL, definition="Under the sail, a ship's lowest timber.")),
    )
    assert seen.nearest[0].term == "Sail"
    assert [item.id for item in seen.mentioned] == ["sail"]
    assert seen.missing == (
        "It has no example.",
        "It names no related terms.",
        "It answers no question.",
    )
    same = is_a(
        Preview, editing.preview(Fields("Sails of old", definition="Cloth that catches wind."))
    )
    assert [item.id for item in same.duplicates] == ["sail"]
    own = is_a(
        Preview,
        editing.preview(Fields("Sail", definition="Cloth that catches wind."), "sail"),
    )
    assert own.duplicates == (), "an entry is no duplicate of itself"
    assert is_a(Problem, editing.preview(Fields("Sail"))).code == "fields"


@pytest.mark.parametrize("actor", [NOBODY, CLEO])
def test_who_is_no_admin_changes_and_sees_nothing(
    editing: Editing, indexer: Indexer, actor: Actor
) -> None:
    made = is_a(Suggested, editing.suggest(KEEL, CLEO))
    refused = [
        editing.form("sail", actor),
        editing.blank("Keel", actor),
        editing.save(KEEL, "", actor),
        editing.save(KEEL, "", actor, entry="sail"),
        editing.remove("sail", actor, yes=True),
        editing.remove("sail", actor),
        editing.alias("canvas", "sail", actor),
        editing.phrase("sail", "what drives a ship", actor),
        editing.undo("", actor),
        editing.history("sail", actor),
        editing.restore("sail", 1, actor),
        editing.put_back("sail", actor),
        editing.suggestions(actor),
        editing.review(made.id, actor),
        editing.approve(made.id, digest_of(KEEL), actor),
        editing.decline(made.id, "", actor),
    ]
    assert [is_a(Problem, reply).code for reply in refused] == ["not_admin"] * len(refused)
    assert indexer.store.ledger.edits.last() == 0
    assert indexer.store.ledger.suggestions.get(made.id).state == "open"
    noted = indexer.store.ledger.audit.last(len(refused))
    assert [(record.outcome, record.who) for record in noted] == [("refused", actor.words)] * len(
        refused
    )


def test_what_was_done_is_in_the_audit_log(editing: Editing, indexer: Indexer) -> None:
    is_a(Saved, editing.save(KEEL, "", ADA))
    edited(editing, "keel", "Another.")
    is_a(Problem, editing.save(Fields("Keel"), "", ADA))
    editing.history("keel", ADA)
    told = [(r.action, r.outcome, r.detail) for r in indexer.store.ledger.audit.last(10)]
    assert told == [
        (
            "add Keel",
            "failed",
            '"Keel" is an entry already: edit that one, or name this otherwise. A definition is '
            "needed: one sentence that says what it is.",
        ),
        ("edit written/keel", "done", "written/keel edited: definition"),
        ("add Keel", "done", "written/keel added"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "add Keel",
        "add Keel = A timber.",
        "add Keel = A timber. --yes",
        "edit sail",
        "edit sail = Cloth.",
        "remove sail",
        "remove sail --yes",
        "undo",
        "undo sail",
        "alias canvas = sail",
        "phrase sail = what drives a ship",
        "alias sail",
        "history sail",
        "history sail restore=1",
        "put-back sail",
        "suggestions",
        "approve 1f2e3d4c",
        "decline 1f2e3d4c no",
        "log as=csv",
    ],
)
def test_no_line_lets_one_who_is_no_admin_in(indexer: Indexer, line: str) -> None:
    asked = parse(f"/near-admin {line}")
    reply = Administration(indexer).answer(is_a(Request, asked), CLEO)
    assert is_a(Problem, reply).code == "not_admin"
    (noted,) = indexer.store.ledger.audit.last(1)
    assert (noted.outcome, noted.who) == ("refused", "cleo (U3)")
    assert indexer.store.ledger.edits.last() == 0


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("add Keel", Form),
        ("add Keel = A timber.", Saved),
        ("edit sail", Form),
        ("edit sail = Canvas.", Saved),
        ("remove sail", Removal),
        ("remove sail --yes", Saved),
        ("remove sail —yes", Saved),
        ("undo", Problem),
        ("alias canvas = sail", Saved),
        ("alias sail", Problem),
        ("phrase sail = what drives a ship", Saved),
        ("phrase sail", Problem),
        ("history sail", History),
        ("history sail restore=1", Problem),
        ("put-back sail", Problem),
        ("suggestions", Reviews),
        ("approve 1f2e3d4c", Problem),
        ("decline 1f2e3d4c no", Problem),
        ("edit zeppelin", Problem),
    ],
)
def test_each_line_has_its_reply(indexer: Indexer, line: str, kind: type) -> None:
    asked = is_a(Request, parse(f"/near-admin {line}"))
    reply = Administration(indexer).answer(asked, ADA)
    assert isinstance(reply, kind), reply
    assert reply.model == "toy"
    assert all(lines_of(reply)) if not isinstance(reply, Problem) else reply.message
