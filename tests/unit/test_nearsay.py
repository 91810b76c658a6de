"""`nearsay`, the face for programs: it reads indexes and glossaries, and writes nothing."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import nearsay
from index.indexing.reindex import SourceContent, reindex
from index.storage import Store
from nearsay import NearsayError, open_index
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

GLOSSARY = (
    "term,definition\nBurn rate,Money spent in a month.\nRunway,Months until no money is left.\n"
)


@pytest.fixture(autouse=True)
def toy_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearsay, "SentenceEmbedder", lambda *_, **__: ToyEmbedder())


@pytest.fixture
def glossary(tmp_path: Path) -> Path:
    file = tmp_path / "money.csv"
    file.write_text(GLOSSARY)
    return file


@pytest.fixture
def copied(harbour_store: Store) -> Path:
    """Return the data directory of a store that no process has open."""
    harbour_store.close()
    return harbour_store.directory


def state_of(folder: Path) -> dict[str, tuple[str, int]]:
    """Return the digest and the time of the last change of every file and folder, except SQLite's
    shared memory, in which readers of a log announce themselves."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mtime_ns,
        )
        for path in folder.rglob("*")
        if path.suffix != ".sqlite3-shm"
    }


def answers_of(index: nearsay.Index) -> tuple[list[str], str, str]:
    near = [neighbour.term for neighbour in index.near("a thick rope for towing", n=2).neighbours]
    return near, index.define("hawsr").entry.term, index.ask("what is a hawser?").text


@pytest.mark.on_files
def test_data_directory_answers_like_the_installation_and_stays_as_it_was(copied: Path) -> None:
    before = state_of(copied)
    with open_index(copied) as index:
        assert len(index) == len(index.entries) == len(harbour())
        near, defined, said = answers_of(index)
    assert near[0] == defined == "Hawser"
    assert said == "Hawser: A thick rope for mooring or towing a ship."
    assert state_of(copied) == before


@pytest.mark.on_files
def test_directory_of_a_running_installation_is_read_without_writing(harbour_store: Store) -> None:
    reindex(harbour_store, SourceContent(harbour()[:8]), ToyEmbedder())
    assert (harbour_store.directory / "ledger.sqlite3-wal").stat().st_size  # the switch is there
    before = state_of(harbour_store.directory)
    with open_index(harbour_store.directory) as index:
        assert len(index) == 8
        assert answers_of(index)[1] == "Hawser"
    assert state_of(harbour_store.directory) == before


def test_glossary_and_folder_of_glossaries_are_indexed_elsewhere(glossary: Path) -> None:
    before = state_of(glossary.parent)
    for path in (glossary, str(glossary), glossary.parent, glossary.parent / "*.csv"):
        with open_index(path) as index:
            assert index.near("money spent in a month", n=1).neighbours[0].term == "Burn rate"
            assert index.define("runway").entry.id.endswith("/runway")
            assert [source.entries for source in index.sources] == [2]
    assert state_of(glossary.parent) == before


def test_temporary_folder_is_removed_with_the_index(
    glossary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    index = open_index(glossary)
    assert list(tmp_path.glob("nearsay-*"))
    index.close()
    del index
    assert not list(tmp_path.glob("nearsay-*"))


def test_encyclopedia_is_searched_with_a_glossary_if_wanted(glossary: Path) -> None:
    with open_index(glossary) as alone, open_index(glossary, encyclopedia=True) as both:
        assert {source.name for source in alone.sources} == {"money"}
        assert both.define("RAG").entry.source == "encyclopedia"


def test_unread_rows_are_reported(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("term,definition\nKeel,The lowest timber.\nMast,\n")
    with open_index(tmp_path) as index:
        assert [refused.line for refused in index.sources[0].refused] == [3]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("missing.csv", None, "does not exist"),
        ("empty.csv", "", "There are no entries to index. .*empty.csv"),
        ("data", {"generations": None}, "has no ledger.sqlite3"),
    ],
)
def test_path_without_an_index_or_entries_is_refused(
    tmp_path: Path, name: str, text: str | dict[str, None] | None, complaint: str
) -> None:
    if isinstance(text, str):
        (tmp_path / name).write_text(text)
    for folder in text if isinstance(text, dict) else ():
        (tmp_path / name / folder).mkdir(parents=True)
    with pytest.raises(NearsayError, match=complaint):
        open_index(tmp_path / name)


def test_web_address_is_refused_without_its_query() -> None:
    with pytest.raises(NearsayError, match="is a web address") as refused:
        open_index("https://example.org/terms.csv?key=secret")
    assert "secret" not in refused.value.message + refused.value.hint


@pytest.mark.on_files
@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("DELETE FROM pointer", "Nothing has been indexed"),
        ("UPDATE generations SET format = 1", "older version"),
        ("UPDATE generations SET format = 99", "newer version"),
        ("DROP TABLE pointer", "cannot be read"),
    ],
)
def test_index_that_this_version_cannot_read_is_refused(
    copied: Path, change: str, complaint: str
) -> None:
    with closing(sqlite3.connect(copied / "ledger.sqlite3")) as ledger, ledger:
        ledger.execute(change)
    with pytest.raises(NearsayError, match=complaint):
        open_index(copied)


def test_unknown_term_has_suggestions(glossary: Path) -> None:
    with open_index(glossary) as index, pytest.raises(NearsayError) as unknown:
        index.define("burn ratio of the ship")
    assert unknown.value.hint
