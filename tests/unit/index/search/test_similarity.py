"""The displayed similarity of a score: a number from 0 to 1 and a band."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.similarity import MAX_SIMILARITY, band_of, similarity_of

SCORES = st.lists(st.floats(min_value=-20, max_value=20, width=32), min_size=1)
EVIDENCE = st.floats(min_value=-2, max_value=2)


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


@given(SCORES, EVIDENCE, st.booleans())
def test_similarity_increases_with_the_score(
    scores: list[float], evidence: float, out_of_domain: bool
) -> None:
    rising = np.array(sorted(scores), dtype=np.float32)
    found = similarity_of(rising, evidence, out_of_domain=out_of_domain)
    assert found.tolist() == sorted(found.tolist())
    assert np.all((found >= 0) & (found <= np.float32(MAX_SIMILARITY)))


@given(EVIDENCE, EVIDENCE, st.booleans())
def test_similarity_increases_with_the_evidence_for_the_source(
    one: float, other: float, out_of_domain: bool
) -> None:
    scores = np.linspace(-3, 12, 16, dtype=np.float32)
    less, more = (
        similarity_of(scores, evidence, out_of_domain=out_of_domain)
        for evidence in sorted((one, other))
    )
    assert np.all(less <= more)


@given(SCORES, EVIDENCE)
def test_no_entry_of_a_source_that_does_not_cover_the_text_is_close(
    scores: list[float], evidence: float
) -> None:
    found = similarity_of(np.array(scores, dtype=np.float32), evidence, out_of_domain=True)
    assert {band_of(one) for one in found.tolist()} <= {"far", "related"}


def test_the_evidence_changes_the_similarity_of_an_entry() -> None:
    scores = np.array([5.0], dtype=np.float32)
    near, far = (similarity_of(scores, one, out_of_domain=False) for one in (0.5, 0.0))
    assert near[0] > far[0] + 0.1
