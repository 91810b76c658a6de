"""What is purged, or forgotten of a person, is in no file of the data directory any more."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.admin.admin_service import AdminService
from bot.admin.removal import NotRemovable, export_person, forget_person, purge, traces_of
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.identity import User
from bot.indexing import Indexer, IndexRequest
from bot.replies.base import Problem
from index.errors import NotFound
from index.indexing.reindex import ReindexResult
from index.indexing.rollback import roll_back
from index.progress import no_progress
from index.sources.source import Source
from index.storage.db.questions import QuestionRecord
from tests.support.questions import question_record
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

WORD = "quixotrope"  # in no other text
ADA = User("U012ADA", admin=True, name="ada")


def built(indexer: Indexer, **scope: object) -> None:
    done = indexer.run(IndexRequest(by=ADA.label, **scope))  # type: ignore[arg-type]
    assert isinstance(done, ReindexResult), done


def files_with(folder: Path, word: str) -> list[str]:
    """Return the files below a folder that contain a word."""
    return [
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and word.encode() in file.read_bytes()
    ]


@pytest.fixture
def indexer(tmp_path: Path) -> Indexer:
    for name, word in (("kept", "rope"), ("secret", WORD)):
        rows = "".join(f"{name} item {at},A {word} of kind {at}.\n" for at in range(9))
        (tmp_path / f"{name}.csv").write_text(f"term,definition\n{rows}")
    sources = (Source("kept", str(tmp_path / "kept.csv")),)
    store = open_store(tmp_path / "data")
    made = Indexer(store, ToyEmbedder(), sources, encyclopedia=False)
    built(made)
    return made


def test_a_purged_source_is_in_no_file(
    indexer: Indexer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.db.traces.AT_ONCE", 4)  # several statements for each table
    data = tmp_path / "data"
    secret = Source("secret", str(tmp_path / "secret.csv"))
    built(indexer, extra=(secret,))
    ledger = indexer.store.ledger
    entry = next(one for one in indexer.store.current().entries if one.startswith("secret"))
    answered = {"entries": (entry,), "answer": f"A {WORD}.", "person": "U1"}
    ledger.questions.keep(question_record("1", **answered))
    with pytest.raises(NotRemovable, match="still in the index"):
        traces_of(indexer, "secret")
    built(indexer, remove=("secret",))
    assert files_with(data, WORD), "it is still in earlier generations and the ledger"
    found = traces_of(indexer, "secret")
    assert (len(found.entries), len(found.versions)) == (9, 9)
    assert found.since is not None
    assert not isinstance(purge(indexer, "secret", no_progress), Problem)
    indexer.store.close()
    assert files_with(data, WORD) == []
    with pytest.raises(NotFound, match="nothing of a source or term"):
        traces_of(indexer, "secret")
    with pytest.raises(NotFound, match="are gone: purged on 20"):
        roll_back(indexer.store, by="x")
    assert len(indexer.store.current().entries) == 9
    asked = indexer.store.ledger.questions.get("1")
    assert isinstance(asked, QuestionRecord)
    assert (asked.answer, asked.entries) == ("", ())


def test_a_purged_term_that_was_written_is_in_no_file(indexer: Indexer, tmp_path: Path) -> None:
    service = AdminService(indexer, ())

    def done(line: str) -> None:
        request = parse(line, "")
        assert isinstance(request, Request)
        reply = service.answer(request, ADA, no_progress)
        assert not isinstance(reply, Problem), reply

    done(f"/near-admin add Xebec = A {WORD} with three masts, and a lateen sail on each of them.")
    with pytest.raises(NotRemovable):
        traces_of(indexer, "xebec")
    done("/near-admin remove Xebec --yes")
    assert traces_of(indexer, "xebec").edits == 2
    assert not isinstance(purge(indexer, "xebec", no_progress), Problem)
    indexer.store.close()
    assert files_with(tmp_path / "data", WORD) == []


def test_a_forgotten_person_is_in_no_file_and_what_they_wrote_stays(
    indexer: Indexer, tmp_path: Path
) -> None:
    ledger = indexer.store.ledger
    asked = {"person": ADA.id, "text": f"what is a {WORD}?"}
    ledger.questions.keep(question_record("1", **asked))
    ledger.questions.keep(question_record("2", person="U9", text="what is a rope?"))
    ledger.questions.vote("2", ADA.id, helpful=True, at=datetime.now(UTC))
    ledger.audit.note(ADA.label, "reindex", "done", "", None)
    found = export_person(indexer, ADA.id)
    assert [row["text"] for row in found["questions"]] == [asked["text"]]
    assert set(found) >= {"questions", "votes", "generations, signed", "audit, signed"}
    done = forget_person(indexer, ADA.id)
    assert (done["questions"], done["votes"]) == (1, 1)
    assert done["signed"] >= 2
    assert export_person(indexer, ADA.id) == {}
    assert export_person(indexer, "U9")["questions"], "of others, nothing is deleted"
    indexer.store.close()
    for word in (WORD, ADA.id):
        assert files_with(tmp_path / "data", word) == []
    assert len(indexer.store.current().entries) == 9
