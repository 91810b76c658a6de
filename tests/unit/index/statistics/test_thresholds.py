import numpy as np
import pytest
from numpy.typing import NDArray

from index.statistics.thresholds import Calibration, measure

ENTRIES, EACH, DIMENSIONS = 120, 4, 16
COUNTS = np.full(ENTRIES, EACH)


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


@pytest.fixture(scope="module")
def measured() -> Calibration:
    return measure(unit_vectors(1), COUNTS)


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
    assert Calibration((0.0, 0.25, 0.5, 0.5, 1.0)).percentile(similarity) == percentile


def test_quantiles_are_measured_on_pairs_of_a_passage_and_another_entry(
    measured: Calibration,
) -> None:
    direct = np.quantile(pairs(unit_vectors(1)), [0.1, 0.5, 0.9])
    assert [measured.quantiles[at] for at in (100, 500, 900)] == pytest.approx(direct, abs=1e-4)


def test_a_single_entry_gets_a_neutral_calibration() -> None:
    calibration = measure(unit_vectors(1)[:EACH], np.array([EACH]))
    assert len(calibration.quantiles) == 1_001
    assert [calibration.percentile(value) for value in (-1, 0, 1)] == [0.0, 50.0, 100.0]
