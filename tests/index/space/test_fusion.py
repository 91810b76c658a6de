"""Scores of words, standardised only where they are looked at."""

from __future__ import annotations

import numpy as np
import pytest

from index.space.fusion import Worded


@pytest.mark.parametrize("share", [0.02, 0.5, 1.0])
def test_scores_are_standardised_as_all_together_would_be(share: float) -> None:
    chance = np.random.default_rng(7)
    scores = np.where(chance.random(500) < share, chance.random(500) * 9, 0).astype(np.float32)
    whole = (scores - scores.mean()) / scores.std()
    worded = Worded.of(scores)
    rows = chance.permutation(500)[:200]
    assert worded.at(rows) == pytest.approx(whole[rows], abs=1e-4)
    above = np.flatnonzero(whole > 0)
    assert set(worded.most(30)) == set(above[np.argsort(-whole[above])][:30].tolist())


@pytest.mark.parametrize("score", [0.0, 3.3])
def test_where_all_are_alike_none_is_told_from_the_others(score: float) -> None:
    worded = Worded.of(np.full(40, score, dtype=np.float32))
    assert worded.most(30) == []
    assert not worded.at(np.arange(40)).any()
