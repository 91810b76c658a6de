import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.errors import IndexCorrupted
from index.storage.chroma.vector_index import DATABASE, VectorIndex

COUNT, DIMENSIONS = 60, 12
IDS = [f"e{row}#definition" for row in range(COUNT)]


def unit_vectors() -> NDArray[np.float32]:
    vectors = np.random.default_rng(1).normal(size=(COUNT, DIMENSIONS))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


VECTORS = unit_vectors()


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


def test_vectors_are_read_back_after_reopening(index: VectorIndex) -> None:
    assert len(index) == COUNT
    assert index.vectors(["e7#definition"])[0] == pytest.approx(VECTORS[7], abs=1e-6)


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


def test_vectors_are_replaced_and_removed(tmp_path: Path) -> None:
    build(tmp_path / "chroma")
    index = VectorIndex.open(tmp_path / "chroma")
    index.put(IDS[:1], VECTORS[1:2])
    index.remove(["e5#definition"])
    assert len(index) == COUNT - 1
    assert index.vectors(["e0#definition"])[0] == pytest.approx(VECTORS[1], abs=1e-6)
    assert "e5#definition" not in {hit.passage_id for hit in index.nearest(VECTORS[5], COUNT)}
    index.close()


def _a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("no folder", encoding="utf-8")


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / DATABASE).write_bytes(b"garbage" * 1_000),
        lambda folder: (folder / DATABASE).write_bytes((folder / DATABASE).read_bytes()[:20_000]),
        lambda folder: (folder / DATABASE).write_bytes(b""),
        shutil.rmtree,
        _a_file,
    ],
    ids=["garbage", "cut off", "emptied", "gone", "a file"],
)
def test_a_damaged_index_is_reported_with_a_hint(
    folder: Path, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "chroma"))
    damage(copy)
    with pytest.raises(IndexCorrupted) as caught:  # noqa: PT012  # some damage shows when it is read
        index = VectorIndex.open(copy)
        len(index)
        index.nearest(VECTORS[0], 5)
    assert "nearsay index --full" in caught.value.hint


def test_a_missing_passage_is_reported_as_corruption(index: VectorIndex) -> None:
    with pytest.raises(IndexCorrupted):
        index.vectors(["e7#definition", "nobody#definition"])
