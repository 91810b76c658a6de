"""Checksums find damage to the files of a generation; opening a generation changes none."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.storage.checksums import GRAPH_FILES, SAVED_GRAPH_FILE, damage, digests_of
from index.storage.chroma.vector_index import VectorIndex
from tests.unit.index.storage.damages import DAMAGES, FILES, copied

DATABASE = "chroma/chroma.sqlite3"


@pytest.fixture(scope="module")
def digests(whole: Path) -> dict[str, str]:
    return digests_of(whole)


@pytest.fixture
def few(harbour_directory: Path, tmp_path: Path) -> Path:
    """A generation of so few passages that their graph is not saved."""
    return copied(harbour_directory / "generations" / "g000001", tmp_path)


def answers(folder: Path) -> list[Any]:
    """All contents of Chroma and the distances of query results. The order of equally near passages
    may differ between openings, so it is left out."""
    index = VectorIndex.open(folder / "chroma")
    try:
        held = index._collection.get(include=["embeddings"])
        vectors = np.asarray(held["embeddings"], dtype=np.float32)
        found = [index.nearest(vector, 5) for vector in vectors[:10]]
        cosines = [[hit.cosine for hit in hits] for hits in found]
        return [held["ids"], vectors.tobytes(), cosines]
    finally:
        index.close()


@pytest.mark.parametrize(
    ("file", "how"),
    [
        *((file, how) for file in FILES for how in ("removed", "last bit")),
        *(("vectors.npy", how) for how in DAMAGES if how not in ("removed", "last bit")),
    ],
)
def test_damage_to_a_file_is_reported(
    whole: Path, digests: dict[str, str], file: str, how: str
) -> None:
    path = next(whole.glob(file))
    content = path.read_bytes()
    DAMAGES[how](path)
    what = "is missing" if how == "removed" else "has the wrong checksum"
    try:
        assert damage(whole, digests) == f"{path.relative_to(whole).as_posix()} {what}"
    finally:
        path.write_bytes(content)


def test_locks_journals_and_hidden_files_are_ignored(folder: Path, digests: dict[str, str]) -> None:
    (folder / "readers").mkdir(exist_ok=True)
    (folder / "readers" / "4711").write_text("")
    (folder / ".DS_Store").write_text("")
    (folder / "chroma" / "chroma.sqlite3-journal").write_bytes(b"")
    assert damage(folder, digests) == ""
    assert digests_of(folder) == digests


def test_opening_and_querying_writes_nothing(folder: Path, digests: dict[str, str]) -> None:
    before = (folder / DATABASE).read_bytes()
    changed = (folder / DATABASE).stat().st_mtime_ns
    for _ in range(5):
        answers(folder)
    assert (folder / DATABASE).read_bytes() == before
    assert (folder / DATABASE).stat().st_mtime_ns == changed
    assert damage(folder, digests) == ""


def test_an_unsaved_graph_is_never_read(few: Path) -> None:
    digests = digests_of(few)
    before = answers(few)
    (folder,) = (few / "chroma").glob("*/")
    for name in GRAPH_FILES:
        (folder / name).write_bytes(b"garbage")
    assert damage(few, digests) == ""
    assert answers(few) == before
    assert damage(few, digests) == ""


def test_an_unexpected_saved_graph_is_reported(few: Path) -> None:
    digests = digests_of(few)
    (folder,) = (few / "chroma").glob("*/")
    saved = folder / SAVED_GRAPH_FILE
    saved.write_bytes(b"garbage")
    assert damage(few, digests) == f"{saved.relative_to(few).as_posix()} is an unexpected file"
