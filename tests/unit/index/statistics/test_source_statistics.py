"""The statistics of a source: what counts as covered by it, whatever else is in the index."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.entry import Entry
from index.errors import IndexCorrupted
from index.indexing.reindex import SourceContent, reindex
from index.statistics.source_statistics import (
    COVERED_SHARE,
    LOST_WAYS,
    PRIOR_TEXTS,
    USUAL_THRESHOLD,
    SourceStatistics,
    load_statistics,
    save_statistics,
    standardized_words,
)
from index.storage import Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

EACH, DIMENSIONS = 4, 64


def unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)


def passages(
    entries: int, seed: int = 1, *, each: int = EACH, spread: float = 0.5, field: float = 0
) -> NDArray[np.float32]:
    """Return entries as clusters of `each` passages. With a `field`, all are near one direction."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(entries, 1, DIMENSIONS))
    rows = centres + spread * random.normal(size=(entries, each, DIMENSIONS))
    rows[..., 0] += field
    return unit(rows.reshape(-1, DIMENSIONS))


def centres_of(vectors: NDArray[np.float32], each: int) -> NDArray[np.float32]:
    return unit(vectors.reshape(-1, each, DIMENSIONS).sum(axis=1).astype(np.float64))


def measure(
    vectors: NDArray[np.float32], each: int = EACH, ways: Sequence[int] = ()
) -> SourceStatistics:
    """Measure a source of entries with `each` passages. `ways` are the positions within each entry
    of its ways to ask."""
    count = len(vectors) // each
    is_way = np.tile(np.isin(np.arange(each), ways), count)
    return SourceStatistics.measure(
        vectors, np.full(count, each), centres_of(vectors, each), is_way
    )


def evidence_without(
    found: SourceStatistics, vectors: NDArray[np.float32], row: int, each: int
) -> float:
    """Return the evidence that a source covers one of its own passages, which is left out."""
    first = row - row % each
    rest = np.delete(vectors, row, axis=0)
    centres = centres_of(vectors, each)
    centres[row // each] = unit(
        (vectors[first : first + each].sum(axis=0) - vectors[row]).astype(np.float64)
    )
    point = vectors[row]
    return found.evidence(point, float((rest @ point).max()), float((centres @ point).max()))


def evidence_of(
    found: SourceStatistics, vectors: NDArray[np.float32], point: NDArray[np.float32]
) -> float:
    centres = centres_of(vectors, EACH)
    return found.evidence(point, float((vectors @ point).max()), float((centres @ point).max()))


def test_few_ways_to_ask_are_below_the_threshold_when_each_is_left_out() -> None:
    each, ways = 18, range(3, 18)
    vectors = passages(150, each=each, spread=1.5)
    found = measure(vectors, each, ways)
    rows = [row for row in range(0, len(vectors), 5) if row % each in ways]
    lost = np.mean([evidence_without(found, vectors, row, each) < 0 for row in rows])
    assert 0.5 * LOST_WAYS < lost < 1.5 * LOST_WAYS


def test_ways_to_ask_that_are_far_from_their_entries_lower_the_threshold() -> None:
    near, far = passages(100), passages(100)
    random = np.random.default_rng(2)
    far[EACH - 1 :: EACH] = unit(
        far[EACH - 1 :: EACH] + 0.5 * random.normal(size=(100, DIMENSIONS))
    )
    assert measure(far, ways=[EACH - 1]).threshold < measure(near, ways=[EACH - 1]).threshold - 0.02


def test_a_few_ways_to_ask_change_the_threshold_less_than_many() -> None:
    vectors = passages(400)
    is_way = np.tile(np.arange(EACH) == EACH - 1, 400)
    few = is_way & (np.arange(len(vectors)) < 5 * EACH)
    thresholds = [
        SourceStatistics.measure(
            vectors, np.full(400, EACH), centres_of(vectors, EACH), ways
        ).threshold
        for ways in (np.zeros_like(is_way), few, is_way)
    ]
    none, some, many = thresholds
    assert abs(some - none) < 0.2 * abs(many - none)


def test_without_ways_to_ask_the_threshold_is_a_share_of_the_evidence_from_other_entries() -> None:
    vectors = passages(1_000)
    found = measure(vectors)
    centres = centres_of(vectors, EACH)
    evidence = []
    for row in range(0, len(vectors), 7):
        others = np.delete(vectors, np.s_[row - row % EACH : row - row % EACH + EACH], axis=0)
        nearest = (others @ vectors[row]).max()
        centre = (np.delete(centres, row // EACH, axis=0) @ vectors[row]).max()
        evidence.append(found.evidence(vectors[row], nearest, centre) + found.threshold)
    assert found.threshold == pytest.approx(COVERED_SHARE * np.mean(evidence), abs=0.02)


def test_a_source_with_few_entries_has_nearly_the_usual_threshold() -> None:
    """The threshold of a single entry cannot be measured, that of three hardly."""
    one, three, many = (measure(passages(count)).threshold for count in (1, 3, 300))
    assert one == USUAL_THRESHOLD
    assert abs(three - one) < abs(many - one) / 3
    assert abs(many - one) > 0.1


def test_texts_of_another_field_are_not_covered() -> None:
    vectors = passages(120, field=9)
    found = measure(vectors)
    inside, outside = (
        [evidence_of(found, vectors, point) > 0 for point in points]
        for points in (passages(30, seed=2, field=9), passages(30, seed=2))
    )
    assert np.mean(inside) == 1
    assert np.mean(outside) < 0.1


@pytest.mark.parametrize("entries", [1, 2, 3])
def test_no_text_is_far_from_the_mean_of_a_tiny_source(entries: int) -> None:
    """Three numbers have no meaningful deviation: it is measured with unrelated texts."""
    vectors = passages(entries, each=2)
    found = measure(vectors, 2)
    for moments, rows in ((found.passages, vectors), (found.centres, centres_of(vectors, 2))):
        scores = moments.standardized(vectors[0], rows @ vectors[0])
        assert 2 < scores[0] < 10
        unrelated = moments.standardized(vectors[0], np.zeros(1, dtype=np.float32))
        assert -2 < unrelated[0] < 1


def test_many_passages_outweigh_the_unrelated_texts() -> None:
    vectors = passages(1_000, field=2)
    point = vectors[0]
    cosines = vectors @ point
    direct = (cosines - cosines.mean()) / cosines.std()
    assert measure(vectors).passages.standardized(point, cosines) == pytest.approx(direct, abs=0.15)


def test_measuring_twice_gives_the_same_threshold() -> None:
    vectors = passages(400)  # more passages than are sampled
    assert measure(vectors, ways=[3]).threshold == measure(vectors, ways=[3]).threshold


def test_evidence_increases_with_each_cosine() -> None:
    found = measure(passages(50))
    point = passages(1, seed=9)[0]
    base = found.evidence(point, 0.5, 0.5)
    assert found.evidence(point, 0.6, 0.5) > base
    assert found.evidence(point, 0.5, 0.6) > base
    middle = unit(found.passages.mean.astype(np.float64))
    assert found.evidence(middle, 0.5, 0.5) > base


def test_word_scores_are_standardized_together_with_texts_without_a_common_word() -> None:
    scores = np.array([4, 1, 0, 0, 2], dtype=np.float32)
    measured = np.concatenate((scores, np.zeros(PRIOR_TEXTS)))
    expected = (scores - measured.mean()) / measured.std()
    assert standardized_words(scores) == pytest.approx(expected, abs=1e-5)


def test_a_word_of_the_only_entry_counts_as_much_as_of_one_in_many() -> None:
    alone = standardized_words(np.array([5], dtype=np.float32))
    among = standardized_words(np.array([5, *[0] * 20], dtype=np.float32))
    assert 3 < alone[0] < among[0] < 7


def test_scores_without_any_common_word_are_zero() -> None:
    assert standardized_words(np.zeros(3, dtype=np.float32)).tolist() == [0, 0, 0]


def test_statistics_are_saved_and_loaded(tmp_path: Path) -> None:
    sources = {
        "handbook": measure(passages(40)),
        "": measure(passages(3, seed=5)),
        "Wörter / 2": measure(passages(9, seed=6), ways=[1]),
    }
    file = tmp_path / "sources.npz"
    save_statistics(sources, file)
    loaded = load_statistics(file)
    assert list(loaded) == list(sources)
    for name, expected in sources.items():
        assert loaded[name].threshold == expected.threshold
        for found, saved in (
            (loaded[name].passages, expected.passages),
            (loaded[name].centres, expected.centres),
        ):
            assert np.array_equal(found.mean, saved.mean)
            assert np.array_equal(found.covariance, saved.covariance)


def test_the_statistics_of_a_source_do_not_depend_on_other_sources(tmp_path: Path) -> None:
    """The other source has ways to ask and a vocabulary of its own."""
    others = [
        Entry(
            f"e{at}",
            f"Term {at}",
            f"It bakes {at} loaves.",
            search_phrases=(f"what bakes {at} loaves",),
            source="bakery",
        )
        for at in range(40)
    ]
    found = []
    for name, entries in (("alone", harbour()), ("both", [*others, *harbour()])):
        store = Store(tmp_path / name)
        reindex(store, SourceContent(entries), ToyEmbedder())
        parts = {part.name: part for part in store.current().parts}
        found.append(parts["harbour"])
        store.close()
    alone, both = found
    assert len(alone.numbers) == len(both.numbers) == len(harbour())
    assert both.statistics.threshold == alone.statistics.threshold
    for one, other in (
        (both.statistics.passages, alone.statistics.passages),
        (both.statistics.centres, alone.statistics.centres),
    ):
        assert one.mean == pytest.approx(other.mean, abs=1e-6)
        assert one.covariance == pytest.approx(other.covariance, abs=1e-6)
    assert both.words.scores("iron hook") == pytest.approx(alone.words.scores("iron hook"))


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 damaged"])
def test_a_missing_or_damaged_file_of_statistics_is_reported(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "sources.npz"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(IndexCorrupted):
        load_statistics(file)
