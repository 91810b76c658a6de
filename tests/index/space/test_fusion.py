"""Scores of words, standardised only where they are looked at, and the support of neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from index.space.fusion import SUPPORT, SUPPORTED, Worded, supported


@pytest.mark.parametrize("count", [500, 5_000])
@pytest.mark.parametrize("share", [0.02, 0.5, 1.0])
def test_scores_are_standardised_as_all_together_would_be(share: float, count: int) -> None:
    chance = np.random.default_rng(7)
    scores = np.where(chance.random(count) < share, chance.random(count) * 9, 0)
    scores = scores.astype(np.float32)
    whole = (scores - scores.mean()) / scores.std()
    worded = Worded.of(scores)
    rows = chance.permutation(count)[:200]
    assert worded.at(rows) == pytest.approx(whole[rows], abs=1e-4)
    above = np.flatnonzero(whole > 0)
    assert set(worded.most(30)) == set(above[np.argsort(-whole[above])][:30].tolist())


@pytest.mark.parametrize("score", [0.0, 3.3])
def test_where_all_are_alike_none_is_told_from_the_others(score: float) -> None:
    worded = Worded.of(np.full(40, score, dtype=np.float32))
    assert worded.most(30) == []
    assert not worded.at(np.arange(40)).any()


def places(*angles: float) -> np.ndarray:
    """Points on a circle, `float32[k, 2]`, at these angles in degrees."""
    radians = np.radians(angles)
    return np.column_stack([np.cos(radians), np.sin(radians)]).astype(np.float32)


def test_an_entry_among_others_that_fit_comes_before_one_whose_neighbours_do_not() -> None:
    centres = places(0, 4, 8, 82, 86, 90)
    scores = np.array([2.0, 3.0, 3.0, 2.1, 0.1, 0.1], dtype=np.float32)
    with_support = supported(centres, np.arange(6), scores)
    assert with_support[0] > with_support[3]  # which scored more by itself
    assert with_support[0] == pytest.approx(2.0 + SUPPORT * 3.0, abs=0.05)
    assert with_support[3] == pytest.approx(2.1 + SUPPORT * 0.1, abs=0.1)


def test_entries_are_told_by_their_numbers() -> None:
    centres = places(0, 90, 2, 88)
    with_support = supported(centres, np.array([1, 3]), np.array([1.0, 2.0], dtype=np.float32))
    assert with_support == pytest.approx([1.0 + SUPPORT * 2.0, 2.0 + SUPPORT * 1.0])


def test_one_entry_alone_has_nobody_to_support_it() -> None:
    score = np.array([1.5], dtype=np.float32)
    assert supported(places(0), np.array([0]), score) == pytest.approx(score)


def test_only_the_best_are_supported_and_support() -> None:
    centres = places(*([0.0] * (SUPPORTED + 5)))
    scores = np.linspace(5, 1, SUPPORTED + 5, dtype=np.float32)
    with_support = supported(centres, np.arange(SUPPORTED + 5), scores)
    assert with_support[SUPPORTED:] == pytest.approx(scores[SUPPORTED:])
    assert (with_support[:SUPPORTED] > scores[:SUPPORTED]).all()
    assert (np.diff(with_support[:SUPPORTED]) < 0).all()
