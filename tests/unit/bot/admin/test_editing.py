"""Writing entries: forms, saving, going back, suggestions, and who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.admin.admin_service import AdminService
from bot.admin.drafts import ADD
from bot.admin.entry_commands import Editing
from bot.admin.status import status_of
from bot.admin.working_copy import WorkingCopy
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.identity import ANONYMOUS, User
from bot.indexing import Indexer, IndexRequest
from bot.rendering.admin import lines_of
from bot.replies.base import Problem, Reply
from bot.replies.editing import (
    Conflict,
    Form,
    History,
    Removal,
    Review,
    Reviews,
    Saved,
    Suggested,
)
from index.build.reindex import Reindexed
from index.build.rollback import RolledBack, roll_back
from index.editing.draft_check import Preview
from index.entry import Question, Related
from index.entry_draft import EntryDraft, digest_of
from index.sources.source import Source
from index.storage import Store
from tests.support.editing import build_nothing
from tests.support.toy import ToyEmbedder
from tests.unit.bot.admin import ADA, CLEO, write

BOB = User("U2", admin=True, name="bob")
KEEL = EntryDraft("Keel", ("backbone",), "Ships", "The lowest timber of a ship.")
CLOTH = "Cloth that catches wind."

Wanted = TypeVar("Wanted")
Said = Callable[..., Reply]


def is_a(kind: type[Wanted], reply: object) -> Wanted:
    assert isinstance(reply, kind), reply
    return reply


def code(reply: object) -> str:
    return is_a(Problem, reply).code


@pytest.fixture
def editing(indexer: Indexer) -> Editing:
    return AdminService(indexer).editing


@pytest.fixture
def ledger_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No change is built into the index: what is in the ledger is what forms show."""
    build_nothing(monkeypatch)


@pytest.fixture
def said(indexer: Indexer) -> Said:
    """The reply to an admin's line."""
    admin = AdminService(indexer)

    def reply(line: str, actor: User = ADA) -> Reply:
        return admin.answer(is_a(Request, parse(f"/near-admin {line}")), actor)

    return reply


def live(indexer: Indexer, entry: str) -> str | None:
    """The definition of an entry in the index."""
    with indexer.store.reading() as generation:
        found = generation.entries.get(entry)
        return found.definition if found else None


def written(indexer: Indexer, entry: str) -> Any:
    """An entry as it is to be."""
    with WorkingCopy.read(indexer.store) as glossary:
        return glossary.of_id(entry).there


# What is built into the index.


def test_a_reindex_keeps_what_people_wrote_and_put_back_takes_what_the_source_gives(
    said: Said, editing: Editing, indexer: Indexer, bundled: Path
) -> None:
    saved = is_a(Saved, said("edit anchor = Ours."))
    assert (saved.live, saved.generation, saved.fields) == (True, "g000002", ("definition",))
    is_a(Saved, said("remove Buoy --yes"))
    form = is_a(Form, editing.forms.form("sail", ADA))
    write(bundled, "Sail", "Another text.")
    write(bundled, "Anchor", "Theirs, and newer.")
    write(bundled, "Buoy", "Newer too.")
    done = is_a(Reindexed, indexer.run())
    assert (done.added, done.changed, done.removed) == (0, 1, 0), "what was edited stays"
    mine = replace(form.fields, definition="Mine.")
    told = is_a(Conflict, editing.entries.save(mine, form.version, ADA, entry="sail"))
    assert (told.by, told.at, told.theirs.definition) == ("", None, "Another text.")
    assert (live(indexer, "anchor"), live(indexer, "buoy")) == ("Ours.", None)
    assert is_a(History, said("history anchor")).outdated
    back = is_a(Saved, said("put-back anchor"))
    assert (back.change, back.live) == ("put back", True)
    is_a(Saved, said("put-back Buoy"))
    assert (live(indexer, "anchor"), live(indexer, "buoy")) == ("Theirs, and newer.", "Newer too.")
    write(bundled, "Anchor", "Newest.")
    is_a(Reindexed, indexer.run())
    assert live(indexer, "anchor") == "Newest.", "it follows its source again"
    assert code(said("put-back anchor")) == "unchanged"


def test_an_edit_stays_when_its_source_drops_the_entry_but_goes_with_the_whole_source(
    said: Said, indexer: Indexer, tmp_path: Path
) -> None:
    words = tmp_path / "words.csv"
    words.write_text("term,definition\nMast,A tall pole.\nHull,The body of a ship.\n")
    is_a(Reindexed, indexer.run(IndexRequest(extra=[Source.parse(str(words))])))
    is_a(Saved, said("edit mast = Carries sails."))
    words.write_text("term,definition\nHull,The body of a ship.\n")
    is_a(Reindexed, indexer.run())
    assert live(indexer, "words/mast") == "Carries sails."
    assert code(said("put-back mast")) == "no_source"
    is_a(Reindexed, indexer.run(IndexRequest(remove=["words"])))
    is_a(Saved, said("edit sail = Ours."))
    assert live(indexer, "words/mast") is None
    assert indexer.waiting() == []


def test_a_rollback_sets_edits_aside_and_saving_brings_nothing_of_a_later_import(
    said: Said, indexer: Indexer, bundled: Path
) -> None:
    """An entry that was edited, and is as its source has it again, is as it was then."""
    is_a(Saved, said("edit sail = Ours."))
    done = is_a(RolledBack, roll_back(indexer.store, by="bob (U2)"))
    (item,) = done.set_aside
    assert "Sail: edited by ada (U1)" in " ".join(lines_of(done))
    assert (item.entry, item.change, item.by) == ("sail", "edited", "ada (U1)")
    write(bundled, "Sail", "A bad import.")
    is_a(Reindexed, indexer.run())
    assert live(indexer, "sail") == "A bad import.", "a reindex leaves the edit aside"
    assert is_a(History, said("history sail")).changes[0].change == "set aside"
    roll_back(indexer.store, "g000001", by="ada (U1)")
    assert (written(indexer, "sail").definition, indexer.waiting()) == (CLOTH, [])
    is_a(Saved, said("edit anchor = Edited."))
    assert indexer.store.ledger.generations.pointer().paused, "scheduled reindexing still waits"
    assert live(indexer, "sail") == CLOTH
    is_a(Saved, said(f"history sail restore={item.number}"))
    assert live(indexer, "sail") == "Ours."
    is_a(Saved, said("put-back sail"))
    assert live(indexer, "sail") == CLOTH
    is_a(Reindexed, indexer.run())
    assert live(indexer, "sail") == "A bad import."


def test_saving_after_a_reindex_that_failed_brings_nothing_of_it(
    said: Said, indexer: Indexer, bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_a(Saved, said("edit sail = Ours."))
    roll_back(indexer.store, by="ada (U1)")
    write(bundled, "Sail", "A bad import.")
    with monkeypatch.context() as patched:
        patched.setattr(Store, "put", lambda *_: pytest.fail("the disk is full"))
        with pytest.raises(pytest.fail.Exception):
            indexer.run()
    is_a(Saved, said("edit anchor = Edited."))
    assert live(indexer, "sail") == CLOTH


def test_a_change_while_another_builds_is_kept_and_goes_live_with_a_reindex_after_it(
    said: Said, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.admin.editing_service.PATIENCE", 0.0)
    other = Store(indexer.store.directory)
    with other.writing("somebody else"):
        saved = is_a(Saved, said("edit sail = Waiting."))
        assert (saved.live, saved.trouble) == (False, "")
        assert [edit.entry for edit in indexer.waiting()] == ["sail"]
        assert written(indexer, "sail").definition == "Waiting."
        assert status_of(indexer).health == (), "whoever builds takes it in"
    other.close()
    assert live(indexer, "sail") == CLOTH
    assert status_of(indexer).health == ("1 change is not live yet: reindex.",)
    is_a(Reindexed, indexer.run())
    assert status_of(indexer).health == ()
    assert (live(indexer, "sail"), indexer.waiting()) == ("Waiting.", [])


def test_what_is_saved_during_a_reindex_is_indexed_by_it(
    said: Said, indexer: Indexer, bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.admin.editing_service.PATIENCE", 0.0)
    other = Store(indexer.store.directory)
    saved: list[Saved] = []

    def meanwhile(phase: str, _done: int, _total: int) -> None:
        if phase == "embedding" and not saved:
            saved.append(is_a(Saved, said("edit buoy = Meanwhile.")))

    write(bundled, "Sail", "Newer.")
    done = is_a(Reindexed, Indexer(other, ToyEmbedder()).run(progress=meanwhile))
    other.close()
    assert [item.live for item in saved] == [False]
    assert (done.before, done.generation, done.changed) == ("g000001", "g000003", 2)
    indexer.store.refresh()
    assert (live(indexer, "sail"), live(indexer, "buoy")) == ("Newer.", "Meanwhile.")


# What is in the ledger.


@pytest.mark.usefixtures("ledger_only")
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    editing: Editing, indexer: Indexer
) -> None:
    wrong = EntryDraft(
        "Sail",
        ("buoy", "!!"),
        "c" * 200,
        related=(Related("Sail", "why"),),
        questions=(Question("Why?", ""),),
    )
    problem = is_a(Problem, editing.entries.save(wrong, "", ADA))
    said = {item.field: item.message for item in problem.fields}
    assert list(said) == ["term", "aliases", "category", "definition", "related", "questions"]
    assert said["term"].startswith('"Sail" is an entry already')
    assert said["aliases"] == '"buoy" is a name of Buoy: remove it here.'
    offered = is_a(Form, editing.forms.blank("Keel", ADA)).draft
    assert offered is not None
    assert offered.fields.aliases == ("buoy", "!!")
    is_a(Saved, editing.entries.save(KEEL, "", ADA))
    assert indexer.store.ledger.drafts.get(ADA.id, ADD) is None


@pytest.mark.usefixtures("ledger_only")
def test_the_second_of_two_is_told_what_the_first_changed_and_can_save_on_top(
    editing: Editing, indexer: Indexer
) -> None:
    form = is_a(Form, editing.forms.form("sail", ADA))
    ours = replace(form.fields, definition="Bob's.", category="Rig")
    is_a(Saved, editing.entries.save(ours, form.version, BOB, entry="sail"))
    fields = replace(form.fields, definition="Ada's.")
    told = is_a(Conflict, editing.entries.save(fields, form.version, ADA, entry="sail"))
    assert (told.by, told.removed, told.theirs, told.yours) == ("bob (U2)", False, ours, fields)
    assert [(d.field, d.theirs, d.yours) for d in told.differences] == [
        ("category", "Rig", ""),
        ("definition", "Bob's.", "Ada's."),
    ]
    offered = is_a(Form, editing.forms.form("sail", ADA)).draft
    assert offered is not None
    assert offered.fields == fields
    saved = is_a(Saved, editing.entries.save(fields, told.version, ADA, entry="sail"))
    assert saved.fields == ("category", "definition")
    assert written(indexer, "sail").definition == "Ada's."
    is_a(Saved, editing.entries.remove("sail", BOB, yes=True))
    gone = is_a(Conflict, editing.entries.save(fields, told.version, ADA, entry="sail"))
    assert (gone.by, gone.removed, gone.version) == ("bob (U2)", True, "")
    back = is_a(Saved, editing.entries.save(fields, gone.version, ADA, entry="sail"))
    assert back.change == "restored"
    assert code(editing.entries.save(fields, "", ADA, entry="nothing")) == "not_found"


@pytest.mark.usefixtures("ledger_only")
def test_undo_takes_back_ones_own_last_change_or_that_of_an_entry(
    said: Said, indexer: Indexer
) -> None:
    assert code(said("undo")) == code(said("undo sail")) == "nothing_to_undo"
    said("edit sail = One.")
    said("edit sail = Two.")
    is_a(Saved, said("undo"))
    assert written(indexer, "sail").definition == "One."
    is_a(Saved, said("undo"))
    assert written(indexer, "sail").definition == "Two.", "undo can be undone"
    said("edit sail = Bob's.", BOB)
    told = is_a(Problem, said("undo"))
    assert (told.code, told.hint) == ("outdated", "To take that back: undo Sail")
    is_a(Saved, said("undo sail"))
    assert written(indexer, "sail").definition == "Two."
    is_a(Saved, said("add Keel = A timber. --yes"))
    assert is_a(Saved, said("undo")).change == "removed"
    assert written(indexer, "written/keel") is None
    is_a(Saved, said("undo keel"))
    assert written(indexer, "written/keel").definition == "A timber."


@pytest.mark.usefixtures("ledger_only")
def test_history_says_who_changed_what_and_any_state_can_be_restored(
    said: Said, indexer: Indexer
) -> None:
    before = is_a(History, said("history sail"))
    assert (before.state, before.changes) == ("imported", ())
    first = is_a(Saved, said("edit sail = One."))
    said("edit sail = Two.", BOB)
    said("remove sail --yes", BOB)
    told = is_a(History, said("history sail"))
    assert (told.state, told.source, told.outdated) == ("removed", "encyclopedia", False)
    assert [(c.change, c.by, c.fields, c.definition) for c in told.changes] == [
        ("removed", "bob (U2)", (), ""),
        ("edited", "bob (U2)", ("definition",), "Two."),
        ("edited", "ada (U1)", ("definition",), "One."),
    ]
    back = is_a(Saved, said(f"history sail restore={first.number}"))
    assert (back.change, written(indexer, "sail").definition) == ("restored", "One.")
    assert code(said(f"history sail restore={first.number}")) == "unchanged"
    assert code(said(f"history buoy restore={first.number}")) == "not_found"


@pytest.mark.usefixtures("ledger_only")
def test_a_question_becomes_a_search_phrase_and_can_be_taken_back(
    said: Said, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = is_a(Saved, said("phrase sail = what drives a ship?"))
    assert (saved.change, saved.fields) == ("phrase", ())
    is_a(Saved, said("edit sail = Canvas that catches wind."))
    assert written(indexer, "sail").search_phrases == ("what drives a ship?",), "an edit keeps it"
    told = lines_of(is_a(History, said("history sail")))
    assert not any("what drives" in line for line in told)
    for known in ("What drives a ship", "SAIL", "who needs a sail"):
        assert code(said(f"phrase sail = {known}")) == "unchanged"
    wrong = {"?!": "usage", "x" * 201: "too_long"}
    assert [code(said(f"phrase sail = {one}")) for one in wrong] == list(wrong.values())
    assert code(said("phrase zeppelin = what flies")) == "not_found"
    with monkeypatch.context() as patched:
        patched.setattr("index.editing.validation.MOST_PHRASES", 1)
        assert code(said("phrase sail = what catches wind")) == "too_many"
    is_a(Saved, said("put-back sail"))
    assert written(indexer, "sail").search_phrases == ()
    is_a(Saved, said("phrase sail = what drives a ship?"))
    is_a(Saved, said("undo sail"))
    assert written(indexer, "sail").search_phrases == ()


@pytest.mark.usefixtures("ledger_only")
def test_a_suggestion_is_kept_once_within_bounds_and_approved_as_it_was_edited(
    editing: Editing, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggestions = editing.suggestions
    monkeypatch.setattr("bot.admin.suggestions.MOST_OF_ONE", 1)
    made = is_a(Suggested, suggestions.suggest(KEEL, CLEO))
    assert is_a(Suggested, suggestions.suggest(KEEL, CLEO)).id == made.id, "said twice, kept once"
    other = replace(KEEL, term="Rudder", aliases=())
    assert code(suggestions.suggest(other, CLEO)) == "too_many"
    is_a(Suggested, suggestions.suggest(other, BOB))
    (waiting,) = is_a(Reviews, suggestions.waiting(ADA)).suggestions
    assert (waiting.person, waiting.name, waiting.fields) == ("U3", "cleo", KEEL)
    seen = is_a(Review, suggestions.review(made.id, ADA))
    assert seen.preview is not None
    changed = replace(KEEL, example="The keel of a brig.")
    saved = is_a(Saved, suggestions.approve(made.id, digest_of(changed), ADA, fields=changed))
    assert saved.suggestion == made.id
    assert written(indexer, "written/keel").example == "The keel of a brig."
    again = is_a(Problem, suggestions.approve(made.id, digest_of(KEEL), BOB))
    assert (again.code, again.message) == ("decided", "ada (U1) has approved it already.")
    assert code(suggestions.decline(made.id, "", BOB)) == "decided"
    kept = indexer.store.ledger.suggestions.get(made.id)
    assert (kept.state, kept.reviewer, kept.entry) == ("approved", "ada (U1)", "written/keel")


@pytest.mark.usefixtures("ledger_only")
def test_a_suggestion_that_is_not_right_is_a_draft_or_still_waits(editing: Editing) -> None:
    suggestions, wrong = editing.suggestions, replace(KEEL, definition="")
    assert is_a(Problem, suggestions.suggest(wrong, CLEO)).fields[0].field == "definition"
    offered = is_a(Form, editing.forms.blank_suggestion("Keel", CLEO)).draft
    assert offered is not None
    assert offered.fields == wrong
    made = is_a(Suggested, suggestions.suggest(KEEL, CLEO))
    assert is_a(Form, editing.forms.blank_suggestion("Rudder", CLEO)).draft is None
    assert code(editing.forms.blank_suggestion("sail", CLEO)) == "exists"
    is_a(Saved, editing.entries.save(KEEL, "", ADA))
    late = is_a(Problem, suggestions.approve(made.id, digest_of(KEEL), ADA))
    assert late.fields[0].field == "term", "it has been added meanwhile"
    assert is_a(Reviews, suggestions.waiting(ADA)).waiting == 1


def test_a_preview_says_where_it_lands_what_it_names_and_what_it_lacks(editing: Editing) -> None:
    preview = editing.forms.preview
    under = replace(KEEL, definition="Under the sail, a ship's lowest timber.")
    seen = is_a(Preview, preview(under))
    assert seen.nearest[0].term == "Sail"
    assert [item.id for item in seen.mentioned] == ["sail"]
    assert seen.missing == ("No example yet.", "No related terms yet.", "No questions yet.")
    same = is_a(Preview, preview(EntryDraft("Sails of old", definition=CLOTH)))
    assert [item.id for item in same.duplicates] == ["sail"]
    own = is_a(Preview, preview(EntryDraft("Sail", definition=CLOTH), "sail"))
    assert own.duplicates == (), "an entry is no duplicate of itself"
    assert code(preview(EntryDraft("Sail"))) == "fields"


# Who may, and what each line does.


LINES: dict[str, type] = {
    "add Keel": Form,
    "add Sail": Problem,
    "add Keel = A timber.": Saved,
    "add Mast = A pole. --yes": Saved,
    "edit sail": Form,
    "edit sail = Canvas.": Saved,
    "remove sail": Removal,
    "remove buoy --yes": Saved,
    "remove anchor —yes": Saved,
    "undo": Saved,
    "undo anchor": Saved,
    "alias canvas = sail": Saved,
    "alias Canvas = sail": Problem,
    "alias keel = sail": Problem,
    "alias x1 = zeppelin": Problem,
    "alias sail": Problem,
    "phrase sail = what drives a ship": Saved,
    "phrase sail": Problem,
    "history sail": History,
    "history sail restore=999": Problem,
    "put-back keel": Problem,
    "suggestions": Reviews,
    "approve 1f2e3d4c": Problem,
    "decline 1f2e3d4c no": Problem,
    "edit zeppelin": Problem,
}


@pytest.mark.usefixtures("ledger_only")
def test_each_line_has_its_reply_and_what_was_done_is_in_the_audit_log(
    said: Said, indexer: Indexer
) -> None:
    for line, kind in LINES.items():
        reply = said(line)
        assert isinstance(reply, kind), (line, reply)
        assert reply.model == "toy"
        assert lines_of(reply)[0]
    noted = indexer.store.ledger.audit.last(100)
    told = {(record.action, record.outcome): record.detail for record in noted}
    assert told["add Keel", "done"] == "written/keel added"
    assert told["edit sail", "done"] == "sail edited: definition"
    assert told["add Sail", "failed"].startswith('There is an entry "Sail" of that name already.')


@pytest.mark.parametrize("actor", [ANONYMOUS, CLEO])
def test_no_line_and_no_form_lets_one_who_is_no_admin_in(
    said: Said, editing: Editing, indexer: Indexer, actor: User
) -> None:
    made = is_a(Suggested, editing.suggestions.suggest(KEEL, CLEO))
    asks: list[Callable[[], object]] = [
        lambda: editing.entries.save(KEEL, "", actor),
        lambda: editing.entries.save(KEEL, "", actor, entry="sail"),
        lambda: editing.suggestions.approve(made.id, digest_of(KEEL), actor),
    ]
    asks += [partial(said, line, actor) for line in (*LINES, "log as=csv")]
    for ask in asks:
        assert code(ask()) == "not_admin"
        (noted,) = indexer.store.ledger.audit.last(1)
        assert (noted.outcome, noted.who) == ("refused", actor.words)
    assert indexer.store.ledger.edits.last() == 0
    assert indexer.store.ledger.suggestions.get(made.id).state == "open"
