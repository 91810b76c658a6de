"""What a similarity means in a generation: measured on its own passages when it is built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.statistics.background import Background, mean_of_highest

SAMPLE = 1_000  # passages drawn as queries
STEPS = 1_000  # quantiles kept
AT_ONCE = 100  # queries compared with all passages in one step
SPARSE_SHARE = 0.04  # of passages that may be called sparse, were their own entry not there
EMPTY_SHARE = 0.97  # of the background's texts that are called sparse: a higher threshold is idle
OWN_SHARE = 0.1  # of passages, whose nearness makes a field of the background the index's own
CROWD = 10  # nearest passages that tell how populated a place is
FIELD = 2.0  # the weight of lying in the field of the whole index, against that of the crowd

Number = TypeVar("Number", float, NDArray[np.float32])


@dataclass(frozen=True, slots=True)
class Calibration:
    """How similar random pairs are, and how near a populated place's nearest entry is.

    `quantiles` are 1,001 similarities: entry i is exceeded by 1 - i/1000 of random pairs, where
    a pair is a passage and another entry (its best passage). A text whose `nearness` is below
    `sparse_below` stands where the index has nothing.
    """

    quantiles: Sequence[float]
    sparse_below: float

    def percentile(self, similarity: float) -> float:
        """The share of random pairs less similar than this, 0…100, to one decimal."""
        shares = np.linspace(0, 100, len(self.quantiles))
        return round(float(np.interp(similarity, self.quantiles, shares)), 1)


def nearness(crowd: Number, elsewhere: Number, field: Number) -> Number:
    """How much more a text is about the index than about anything else: `crowd` is the mean cosine
    of its `CROWD` nearest passages, `elsewhere` that of the background's texts nearest to it (see
    `Background.crowds`), and `field` its cosine to the mean of all passages, which tells another
    field with the same words from this one."""
    return crowd - elsewhere + FIELD * field


def measure(
    vectors: NDArray[np.float32], owners: Sequence[str], background: Background, seed: int = 0
) -> tuple[Calibration, Background]:
    """Calibrates on `vectors` (`float32[n, d]`, unit rows), where `owners[i]` names the entry of
    row i, and gives the `background` without the fields that the index is itself about. The same
    input gives the same calibration."""
    random = np.random.default_rng(seed)
    names, entry_of = np.unique(np.asarray(owners), return_inverse=True)
    if len(names) == 1:  # one entry alone: nothing to compare with
        return Calibration(tuple(np.linspace(-1, 1, STEPS + 1).tolist()), 0.0), background
    order = np.argsort(entry_of, kind="stable")
    grouped = vectors[order]
    starts = np.searchsorted(entry_of[order], np.arange(len(names)))
    ends = np.append(starts[1:], len(vectors))
    sample = random.permutation(len(vectors))[:SAMPLE]
    others = random.permutation(len(names))[: STEPS + 1]
    pairs: list[NDArray[np.float32]] = []
    crowds: list[NDArray[np.float32]] = []
    for start in range(0, len(sample), AT_ONCE):
        rows = sample[start : start + AT_ONCE]
        own = entry_of[rows]
        cosines = grouped @ vectors[rows].T
        best = np.maximum.reduceat(cosines, starts)
        pairs.append(best[others][others[:, np.newaxis] != own])
        for column, entry in enumerate(own):
            cosines[starts[entry] : ends[entry], column] = -np.inf
        crowds.append(mean_of_highest(cosines.T, CROWD))
    quantiles = np.quantile(np.concatenate(pairs), np.linspace(0, 1, STEPS + 1))
    sparse_below, apart = _emptiness(vectors, vectors[sample], np.concatenate(crowds), background)
    return Calibration(
        tuple(round(float(value), 5) for value in quantiles), round(sparse_below, 5)
    ), apart


def _emptiness(
    vectors: NDArray[np.float32],
    points: NDArray[np.float32],
    crowds: NDArray[np.float32],
    background: Background,
) -> tuple[float, Background]:
    """The nearness below which a text is sparse, and what of the background is not the index's own;
    `crowds` (`float32[k]`) tell how populated the places of `points` (`float32[k, d]`), a sample of
    `vectors`, are without their own entries."""
    mean = vectors.mean(axis=0)
    texts = [
        mean_of_highest(background.vectors[start : start + AT_ONCE] @ vectors.T, CROWD)
        for start in range(0, len(background.vectors), AT_ONCE)
    ]
    of_texts = np.concatenate([*texts, np.empty(0, dtype=np.float32)])
    fields = np.array(background.fields, dtype=np.str_)
    populated = np.quantile(crowds, OWN_SHARE)
    own = {field for field in {*fields} if of_texts[fields == field].mean() >= populated}
    apart = background.without(own)
    places = nearness(crowds, apart.crowds(points), points @ mean)
    below = float(np.quantile(places, SPARSE_SHARE))
    if apart.fields:
        foreign = ~np.isin(fields, list(own))
        empty = nearness(of_texts[foreign], apart.own_crowds(), apart.vectors @ mean)
        below = min(below, float(np.quantile(empty, EMPTY_SHARE)))
    return below, apart
