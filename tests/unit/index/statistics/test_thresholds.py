import numpy as np
import pytest
from numpy.typing import NDArray

from index.statistics.background import Background, mean_of_highest
from index.statistics.thresholds import Calibration, measure, nearness

ENTRIES, EACH, DIMENSIONS = 120, 4, 16
OWNERS = [f"e{row // EACH}" for row in range(ENTRIES * EACH)]


NOTHING = Background(np.empty((0, DIMENSIONS), dtype=np.float32), ())


def unit_vectors(seed: int) -> NDArray[np.float32]:
    """Entries as clusters of passages, as in a real index."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(ENTRIES, 1, DIMENSIONS))
    rows = (centres + 0.5 * random.normal(size=(ENTRIES, EACH, DIMENSIONS))).reshape(-1, DIMENSIONS)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def pairs(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The similarity of every passage to the best passage of every other entry."""
    best = (vectors @ vectors.T).reshape(len(vectors), ENTRIES, EACH).max(axis=2)
    others = np.arange(ENTRIES) != (np.arange(len(vectors)) // EACH)[:, np.newaxis]
    return np.asarray(best[others], dtype=np.float32)


def distant_background(seed: int, fields: int = 30) -> Background:
    """Fields of ten texts each, far from the entries."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(fields, 1, DIMENSIONS))
    rows = (centres + 0.5 * random.normal(size=(fields, 10, DIMENSIONS))).reshape(-1, DIMENSIONS)
    vectors = np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
    return Background(vectors, tuple(f"f{row // 10}" for row in range(len(rows))))


@pytest.fixture(scope="module")
def measured() -> Calibration:
    return measure(unit_vectors(1), OWNERS, NOTHING)[0]


@pytest.mark.parametrize(
    ("similarity", "percentile"),
    [
        pytest.param(-0.5, 0.0, id="below all"),
        pytest.param(0.25, 25.0, id="a quantile"),
        pytest.param(0.3, 30.0, id="between two"),
        pytest.param(1.5, 100.0, id="above all"),
    ],
)
def test_percentiles_are_interpolated_between_quantiles(
    similarity: float, percentile: float
) -> None:
    assert Calibration((0.0, 0.25, 0.5, 0.5, 1.0), 0.0).percentile(similarity) == percentile


def test_quantiles_are_measured_on_pairs_of_a_passage_and_another_entry(
    measured: Calibration,
) -> None:
    direct = np.quantile(pairs(unit_vectors(1)), [0.1, 0.5, 0.9])
    assert [measured.quantiles[at] for at in (100, 500, 900)] == pytest.approx(direct, abs=1e-4)


@pytest.mark.parametrize(
    "background", [NOTHING, distant_background(5)], ids=["nothing", "thirty fields"]
)
def test_four_percent_of_passages_are_below_the_sparse_threshold(background: Background) -> None:
    vectors = unit_vectors(1)
    calibration, apart = measure(vectors, OWNERS, background)
    owners = np.array(OWNERS)
    cosines = np.where(owners == owners[:, np.newaxis], -np.inf, vectors @ vectors.T)
    densities = mean_of_highest(cosines.astype(np.float32), 10)
    places = nearness(densities, apart.nearness(vectors), vectors @ vectors.mean(axis=0))
    share = np.mean(places < calibration.sparse_below)
    # An empty background needs no higher threshold.
    assert share == pytest.approx(0.04, abs=0.005) or (apart.fields and share < 0.04)


def test_the_threshold_excludes_most_background_texts() -> None:
    """Measure an index of one narrow field, far from everything else."""
    vectors = unit_vectors(1)
    vectors[:, 0] = 3
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    background = distant_background(5)
    calibration, apart = measure(vectors, OWNERS, background)
    densities = mean_of_highest(apart.vectors @ vectors.T, 10)
    places = nearness(densities, apart.own_nearness(), apart.vectors @ vectors.mean(axis=0))
    assert np.mean(places < calibration.sparse_below) == pytest.approx(0.97, abs=0.005)


def test_fields_covered_by_the_index_are_left_out_of_the_background() -> None:
    background = distant_background(5)
    own = background.vectors[:100]  # the first ten fields
    _, apart = measure(own, [f"e{row}" for row in range(100)], background)
    assert not {f"f{field}" for field in range(10)} & {*apart.fields}
    assert len({*apart.fields}) > 15


def test_a_single_entry_gets_a_neutral_calibration() -> None:
    calibration, _ = measure(unit_vectors(1)[:EACH], ["only"] * EACH, NOTHING)
    assert len(calibration.quantiles) == 1_001
    assert [calibration.percentile(value) for value in (-1, 0, 1)] == [0.0, 50.0, 100.0]
    assert calibration.sparse_below == 0.0
