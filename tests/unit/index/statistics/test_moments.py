import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.statistics.moments import Moments


def unit_vectors(seed: int, rows: int = 300, dimensions: int = 24) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(rows, dimensions)) + random.normal(size=dimensions)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@given(st.integers(min_value=0, max_value=10_000))
def test_standardized_cosines_agree_with_numpy(seed: int) -> None:
    vectors = unit_vectors(seed)
    point = unit_vectors(seed + 1)[0]
    cosines = vectors @ point
    direct = (cosines - cosines.mean()) / cosines.std()
    assert Moments.measure(vectors).standardized(point, cosines) == pytest.approx(direct, abs=2e-3)


@given(st.integers(min_value=0, max_value=10_000), st.integers(min_value=2, max_value=60))
def test_pair_statistics_agree_with_numpy(seed: int, rows: int) -> None:
    vectors = unit_vectors(seed, rows)
    cosines = (vectors @ vectors.T)[~np.eye(rows, dtype=bool)]
    mean, deviation = Moments.measure(vectors).pairs(rows)
    assert mean == pytest.approx(cosines.mean(), abs=2e-3)
    assert deviation == pytest.approx(max(cosines.std(), 1e-3), abs=3e-3)
