"""The displayed similarity of a score: a number from 0 to 1 and a band."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.similarity import band_of, similarity_of

SCORES = st.lists(st.floats(min_value=-20, max_value=20, width=32), min_size=1)


@pytest.mark.parametrize(
    ("similarity", "band"),
    [
        (0.2499, "far"),
        (0.25, "related"),
        (0.4999, "related"),
        (0.5, "close"),
        (0.7999, "close"),
        (0.8, "very close"),
    ],
)
def test_a_band_includes_its_minimum_similarity(similarity: float, band: str) -> None:
    assert band_of(similarity) == band


@given(SCORES, st.booleans())
def test_similarity_increases_with_the_score(scores: list[float], out_of_domain: bool) -> None:
    rising = np.array(sorted(scores), dtype=np.float32)
    found = similarity_of(rising, out_of_domain=out_of_domain)
    assert found.tolist() == sorted(found.tolist())
    assert all(0 <= one <= 1 for one in found.tolist())
