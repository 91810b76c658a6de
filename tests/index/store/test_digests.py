"""Damage to a generation is found by the digests of its files, and opening it is none."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.errors import StoreDamaged
from index.store.digests import damage, digests_of
from index.store.vectors import VectorIndex
from tests.index.store.damages import (
    DAMAGES,
    FILES,
    build_with_saved_graph,
    copied,
    flip,
    flip_at_random,
)

ROOT = Path(__file__).parents[3]
DATABASE = "chroma/chroma.sqlite3"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generation whose graph is saved; never changed."""
    return build_with_saved_graph(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def digests(whole: Path) -> dict[str, str]:
    return digests_of(whole)


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return copied(whole, tmp_path)


@pytest.fixture
def older(folder: Path) -> Path:
    """A generation that Chroma writes to whenever it opens it, as earlier versions built them."""
    execute(folder, "DROP TRIGGER opened_unchanged")
    return folder


@pytest.fixture
def few(harbour_directory: Path, tmp_path: Path) -> Path:
    """A generation of so few passages that their graph is not saved."""
    return copied(harbour_directory / "generations" / "g000001", tmp_path)


def answers(folder: Path) -> list[Any]:
    """All that Chroma holds, and how near what it answers is; which of equally near passages
    comes first may differ from one opening to the next."""
    index = VectorIndex.open(folder / "chroma")
    try:
        held = index._collection.get(include=["embeddings"])
        vectors = np.asarray(held["embeddings"], dtype=np.float32)
        found = [index.nearest(vector, 5) for vector in vectors[:10]]
        cosines = [[hit.cosine for hit in hits] for hits in found]
        return [held["ids"], vectors.tobytes(), cosines]
    finally:
        index.close()


def run(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT)


def execute(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute(statement)


def test_every_file_has_a_digest(whole: Path, digests: dict[str, str]) -> None:
    named = {next(whole.glob(file)).relative_to(whole).as_posix() for file in FILES}
    assert digests.keys() == named
    assert all(len(digest) == 64 for digest in digests.values())


@pytest.mark.parametrize(
    ("file", "how"),
    [
        *((file, how) for file in FILES if file != DATABASE for how in ("removed", "last bit")),
        *(("vectors.npy", how) for how in DAMAGES if how not in ("removed", "last bit")),
    ],
)
def test_damage_to_a_file_is_told(
    folder: Path, digests: dict[str, str], file: str, how: str
) -> None:
    path = next(folder.glob(file))
    DAMAGES[how](path)
    what = "is missing" if how == "removed" else "is not what was written"
    assert damage(folder, digests) == f"{path.relative_to(folder).as_posix()} {what}"


@pytest.mark.parametrize("how", ["removed", "emptied", "half", "a byte short", "first bit"])
def test_damage_to_the_database_is_told(folder: Path, digests: dict[str, str], how: str) -> None:
    DAMAGES[how](folder / DATABASE)
    assert damage(folder, digests).startswith(f"{DATABASE} ")


@pytest.mark.parametrize(
    "seed", [*range(5), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(5, 20))]
)
def test_a_bit_of_the_database_is_told_or_changes_no_answer(
    folder: Path, digests: dict[str, str], seed: int
) -> None:
    before = answers(folder)
    flip_at_random(seed)(folder / DATABASE)
    assert damage(folder, digests) or answers(folder) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE embeddings SET embedding_id = 'x' WHERE id = 7",
        "UPDATE embeddings SET embedding_id = CAST(embedding_id AS BLOB) WHERE id = 7",
        "UPDATE collections SET rowid = rowid + 1",
        "UPDATE embeddings_queue SET vector = zeroblob(length(vector))",
        "UPDATE collections SET dimension = 255",
        "UPDATE segments SET type = 'x'",
        "UPDATE max_seq_id SET seq_id = seq_id + 1",
        "DELETE FROM embeddings WHERE id = 7",
        "DROP INDEX embedding_metadata_string_value",
        "CREATE TABLE another (id INTEGER)",
        "PRAGMA user_version = 1",
    ],
)
def test_a_change_in_the_database_is_told(
    folder: Path, digests: dict[str, str], statement: str
) -> None:
    execute(folder, statement)
    assert damage(folder, digests).startswith(f"{DATABASE} ")


def first_cell(database: Path, index: str) -> int:
    """Where the first cell of an index's root page begins."""
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = connection.execute(query, (index,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    start = (page - 1) * size
    content = database.read_bytes()[start : start + size]
    pointer = 12 if content[0] == 2 else 8  # an inner page's header is longer than a leaf's
    return int(start + int.from_bytes(content[pointer : pointer + 2], "big"))


def test_an_index_that_leaves_its_table_is_told(folder: Path, digests: dict[str, str]) -> None:
    index = "sqlite_autoindex_embeddings_1"
    flip(folder / DATABASE, first_cell(folder / DATABASE, index) + 16)
    said = damage(folder, digests)
    assert said.startswith(f"{DATABASE} cannot be read (")
    assert index in said


def test_a_schema_that_is_no_text_is_told(folder: Path, digests: dict[str, str]) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET name = CAST(x'ed' AS TEXT), sql = 'CREATE' "
            "WHERE name = 'maintenance_log'"
        )
    assert damage(folder, digests) == f"{DATABASE} cannot be read (a name in it is damaged)"


def test_several_damages_are_counted(folder: Path, digests: dict[str, str]) -> None:
    (folder / "manifest.json").unlink()
    (folder / "spread.npz").unlink()
    flip(folder / "entries.jsonl", 5)
    assert damage(folder, digests) == "manifest.json is missing (and 2 more)"


def test_a_folder_that_is_gone_is_told(tmp_path: Path, digests: dict[str, str]) -> None:
    assert f"is missing (and {len(digests) - 1} more)" in damage(tmp_path / "gone", digests)


def test_a_file_that_should_not_be_there_is_told(folder: Path, digests: dict[str, str]) -> None:
    (folder / "words" / "more.json").write_text("{}")
    assert damage(folder, digests) == "words/more.json should not be there"


def test_locks_journals_and_hidden_files_are_no_damage(
    folder: Path, digests: dict[str, str]
) -> None:
    (folder / "readers").mkdir(exist_ok=True)
    (folder / "readers" / "4711").write_text("")
    (folder / ".DS_Store").write_text("")
    (folder / "chroma" / "chroma.sqlite3-journal").write_bytes(b"")
    assert damage(folder, digests) == ""
    assert digests_of(folder) == digests


def test_a_damaged_database_has_no_digest(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"garbage" * 1_000)
    with pytest.raises(StoreDamaged, match="not a database") as raised:
        digests_of(folder)
    assert "nearsay index --full" in raised.value.hint


def test_opening_and_asking_writes_nothing(folder: Path, digests: dict[str, str]) -> None:
    before = (folder / DATABASE).read_bytes()
    changed = (folder / DATABASE).stat().st_mtime_ns
    for _ in range(5):
        answers(folder)
    assert (folder / DATABASE).read_bytes() == before
    assert (folder / DATABASE).stat().st_mtime_ns == changed
    assert damage(folder, digests) == ""


def test_opening_and_asking_one_that_is_written_to_is_no_damage(older: Path) -> None:
    digests = digests_of(older)
    before = (older / DATABASE).read_bytes()
    for _ in range(5):
        answers(older)
    assert (older / DATABASE).read_bytes() != before
    assert damage(older, digests) == ""
    assert digests_of(older) == digests


def test_thousands_of_opens_are_no_damage(older: Path) -> None:
    digests = digests_of(older)
    pages = (older / DATABASE).read_bytes()[28:40]  # how many there are, and which are free
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) "
    execute(older, f"{many} INSERT INTO acquire_write (lock_status) SELECT 1 FROM n")
    assert (older / DATABASE).read_bytes()[28:40] != pages
    assert damage(older, digests) == ""


def test_processes_that_open_meanwhile_are_no_damage(older: Path) -> None:
    digests = digests_of(older)
    code = (
        "import sys; from pathlib import Path; from index.store.vectors import VectorIndex\n"
        "for _ in range(30): VectorIndex.open(Path(sys.argv[1])).close()"
    )
    openers = [run(code, older / "chroma") for _ in range(3)]
    while any(opener.poll() is None for opener in openers):
        assert damage(older, digests) == ""
    assert [opener.returncode for opener in openers] == [0, 0, 0]
    assert damage(older, digests) == ""


def test_an_open_that_was_killed_is_no_damage(older: Path) -> None:
    digests = digests_of(older)
    code = (
        "import os, signal, sys; from pathlib import Path; from index.store.vectors import *\n"
        "VectorIndex.open(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert run(code, older / "chroma").wait() == -signal.SIGKILL
    assert damage(older, digests) == ""


def test_a_write_that_was_killed_is_taken_back(older: Path) -> None:
    digests = digests_of(older)
    code = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 1'); c.execute('BEGIN IMMEDIATE')\n"
        "c.executemany('INSERT INTO acquire_write (lock_status) VALUES (?)', [(1,)] * 50_000)\n"
        "os._exit(0)"
    )
    assert run(code, older / DATABASE).wait() == 0
    journal = older / "chroma" / "chroma.sqlite3-journal"
    assert journal.stat().st_size
    assert damage(older, digests) == ""
    assert not journal.exists()


def test_a_graph_that_was_never_saved_is_never_read(few: Path) -> None:
    digests = digests_of(few)
    before = answers(few)
    graph = list(few.glob("chroma/*/*"))
    assert len(graph) == 4
    for file in graph:
        file.write_bytes(b"garbage")
    assert damage(few, digests) == ""
    assert answers(few) == before
    assert damage(few, digests) == ""


def test_a_saved_graph_where_there_was_none_is_told(few: Path) -> None:
    digests = digests_of(few)
    saved = next(few.glob("chroma/*/header.bin")).with_name("index_metadata.pickle")
    saved.write_bytes(b"garbage")
    assert damage(few, digests) == f"{saved.relative_to(few).as_posix()} should not be there"
