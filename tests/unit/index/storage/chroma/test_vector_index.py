import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexCorrupted
from index.storage.chroma.vector_index import DATABASE, VectorIndex
from tests.unit.index.vectors import scattered

COUNT = 60
VECTORS = scattered(COUNT, 1)
IDS = [f"e{row}#definition" for row in range(COUNT)]


def build(folder: Path) -> None:
    index = VectorIndex.create(folder)
    index.put(IDS, VECTORS)
    index.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index") / "chroma"
    build(folder)
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> Iterator[VectorIndex]:
    index = VectorIndex.open(folder)
    yield index
    index.close()


def test_the_nearest_passages_come_first_with_their_cosines(index: VectorIndex) -> None:
    point = VECTORS[3] + 0.1 * VECTORS[4]
    point /= np.linalg.norm(point)
    cosines = VECTORS @ point
    best = np.argsort(-cosines)[:10]
    hits = index.nearest(point, 10)
    assert [hit.passage_id for hit in hits] == [f"e{row}#definition" for row in best]
    assert [hit.cosine for hit in hits] == pytest.approx(cosines[best], abs=1e-5)


def test_concurrent_queries_give_the_same_results_as_single_ones(index: VectorIndex) -> None:
    asked = [(point, 3 + row % 2) for row, point in enumerate(VECTORS)]
    alone = [index.nearest(*one) for one in asked]
    with ThreadPoolExecutor(12) as pool:
        at_once = list(pool.map(lambda one: index.nearest(*one), asked))
    assert at_once == alone


def test_a_small_index_leaves_no_files_with_the_memory_of_the_process(
    folder: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "chroma"))
    opened = VectorIndex.open(copy)
    first = opened.nearest(VECTORS[0], 3)
    assert list(copy.rglob("*.bin")) == []
    assert opened.nearest(VECTORS[0], 3) == first
    opened.close()
    assert list(copy.rglob("*.bin")) == []


@pytest.mark.parametrize("damage", ["garbage", "emptied", "gone"])
def test_a_damaged_index_is_reported_with_a_hint(folder: Path, tmp_path: Path, damage: str) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "chroma"))
    if damage == "gone":
        shutil.rmtree(copy)
    else:
        (copy / DATABASE).write_bytes(b"garbage" * 1_000 if damage == "garbage" else b"")
    with pytest.raises(IndexCorrupted) as caught:  # noqa: PT012  # some damage shows when it is read
        index = VectorIndex.open(copy)
        len(index)
        index.nearest(VECTORS[0], 5)
    assert "nearsay index --full" in caught.value.hint
