"""The statistics of one source, which make its scores comparable with those of any other.

A glossary on one subject has vectors that are all near each other, and a question about the subject
is near all of them. So a cosine or a BM25 score counts in standard deviations from its mean over
the source, and the evidence that the source covers a text counts from a threshold of the source.
Nothing here depends on other sources of the index.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import reading_index
from index.statistics.moments import Moments

# A source is measured together with `PRIOR_TEXTS` unrelated texts: in one of three entries, three
# numbers have no meaningful standard deviation.
PRIOR_TEXTS = 20
PRIOR_DEVIATION = 0.1  # of the cosines between unrelated texts
FIELD_WEIGHT = 0.5  # weight of the cosine to the mean of all passages
SAMPLED_PASSAGES = 1_000
BATCH_SIZE = 100  # passages per matrix product
# The share of ways to ask that may lie below the threshold, and the threshold of a source without
# any, as a share of the mean evidence of its passages, each compared with other entries only.
LOST_WAYS = 0.08
COVERED_SHARE = 0.5
USUAL_THRESHOLD = 0.4  # of a source with too few entries to measure; counts as `PRIOR_TEXTS` do
# A threshold measured on this many ways to ask counts as much as the one from the passages.
PRIOR_WAYS = 100


@dataclass(frozen=True, slots=True)
class SourceStatistics:
    """The moments of a source's passage vectors and of its entry vectors, and the evidence below
    which it does not cover a text."""

    passages: Moments
    centres: Moments
    threshold: float

    @classmethod
    def measure(
        cls,
        vectors: NDArray[np.float32],
        counts: NDArray[np.int64],
        centres: NDArray[np.float32],
        ways: NDArray[np.bool_],
    ) -> SourceStatistics:
        """Measure a source with the passage `vectors` (`float32[n, d]`, unit rows) and entry
        vectors `centres` (`float32[e, d]`, unit rows). `counts` (`int64[e]`) are the numbers of
        passages of the entries; `ways` (`bool[n]`) says which passages are ways to ask.
        Deterministic."""
        passages = _with_prior(vectors)
        return cls(
            passages,
            _with_prior(centres),
            _threshold(vectors, counts, centres, ways, passages.mean),
        )

    def evidence(
        self,
        point: NDArray[np.float32],
        nearest_passage: float,
        nearest_centre: float,
    ) -> float:
        """Return the evidence that the source covers `point` (`float32[d]`), minus the threshold.
        The other arguments are the largest cosines to a passage and to an entry vector."""
        field = float(point @ self.passages.mean)
        return float(_evidence(nearest_passage, nearest_centre, field)) - self.threshold


def standardized_words(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return BM25 scores of all entries of a source (`float32[e]`) in standard deviations from
    their mean, measured together with `PRIOR_TEXTS` texts without a word in common."""
    count = len(scores) + PRIOR_TEXTS
    mean = float(scores.sum()) / count
    variance = float(scores @ scores) / count - mean * mean
    if variance < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - mean) / np.sqrt(variance), dtype=np.float32)


def save_statistics(sources: dict[str, SourceStatistics], file: Path) -> None:
    """Write the statistics of sources, by name, into `file` (.npz)."""
    arrays: dict[str, NDArray[np.float32]] = {}
    for at, one in enumerate(sources.values()):
        arrays |= {
            f"passages-mean-{at}": one.passages.mean,
            f"passages-covariance-{at}": one.passages.covariance,
            f"centres-mean-{at}": one.centres.mean,
            f"centres-covariance-{at}": one.centres.covariance,
        }
    thresholds = np.array([one.threshold for one in sources.values()])
    np.savez(file, names=np.array(list(sources)), thresholds=thresholds, **arrays)  # type: ignore[arg-type]


def load_statistics(file: Path) -> dict[str, SourceStatistics]:
    """Read the statistics of sources, by name. Raises `IndexCorrupted` if that fails."""
    with reading_index(file), np.load(file) as arrays:

        def moments(part: str, at: int) -> Moments:
            return Moments(arrays[f"{part}-mean-{at}"], arrays[f"{part}-covariance-{at}"])

        return {
            str(name): SourceStatistics(
                moments("passages", at), moments("centres", at), float(arrays["thresholds"][at])
            )
            for at, name in enumerate(arrays["names"].tolist())
        }


def _with_prior(vectors: NDArray[np.float32]) -> Moments:
    """Measure vectors together with `PRIOR_TEXTS` that are unrelated to any text."""
    own = Moments.measure(vectors)
    share = len(vectors) / (len(vectors) + PRIOR_TEXTS)
    spread = share * (1 - share) * np.outer(own.mean, own.mean)
    prior = (1 - share) * PRIOR_DEVIATION**2 * np.eye(len(own.mean))
    covariance = share * own.covariance + spread + prior
    return Moments(share * own.mean, covariance.astype(np.float32))


def _evidence(nearest_passage: Any, nearest_centre: Any, field: Any) -> Any:
    return (nearest_passage + nearest_centre) / 2 + FIELD_WEIGHT * field


def _threshold(
    vectors: NDArray[np.float32],
    counts: NDArray[np.int64],
    centres: NDArray[np.float32],
    ways: NDArray[np.bool_],
    mean: NDArray[np.float32],
) -> float:
    """Return the evidence below which a source does not cover a text.

    A way to ask, left out of its own entry, is a question with a known answer; few of them may lie
    below. Without any, the evidence of passages, left out with their whole entry, shows how near to
    each other the entries are. The fewer there are of either, the less they count.
    """
    sample = _Sample(vectors, counts, centres, mean)
    random = np.random.default_rng(0)
    shown = random.permutation(np.flatnonzero(~ways))[:SAMPLED_PASSAGES]
    asked = random.permutation(np.flatnonzero(ways))[:SAMPLED_PASSAGES]
    threshold = USUAL_THRESHOLD
    if len(counts) > 1:
        own = COVERED_SHARE * float(sample.evidence(shown, with_entry=False).mean())
        threshold += (own - threshold) * len(counts) / (len(counts) + PRIOR_TEXTS)
    if len(asked):
        own = float(np.quantile(sample.evidence(asked, with_entry=True), LOST_WAYS))
        threshold += (own - threshold) * int(ways.sum()) / (int(ways.sum()) + PRIOR_WAYS)
    return round(threshold, 5)


@dataclass(frozen=True, slots=True)
class _Sample:
    vectors: NDArray[np.float32]
    counts: NDArray[np.int64]
    centres: NDArray[np.float32]
    mean: NDArray[np.float32]

    def evidence(self, rows: NDArray[np.int64], *, with_entry: bool) -> NDArray[np.float64]:
        """Return the evidence for the passages in `rows` (`float64[k]`), each left out, and unless
        `with_entry`, the whole entry with it."""
        starts = np.cumsum(self.counts) - self.counts
        entry_of = np.repeat(np.arange(len(self.counts)), self.counts)
        sums = np.add.reduceat(self.vectors, starts, axis=0)
        found: list[NDArray[np.float64]] = []
        for start in range(0, len(rows), BATCH_SIZE):
            part = rows[start : start + BATCH_SIZE]
            texts, entries, columns = self.vectors[part], entry_of[part], np.arange(len(part))
            cosines, of_centres = self.vectors @ texts.T, self.centres @ texts.T
            cosines[part, columns] = 0
            nearest = np.maximum.reduceat(cosines, starts)
            rest = sums[entries] - texts
            lengths = np.maximum(np.linalg.norm(rest, axis=1), 1e-9)
            of_centres[entries, columns] = np.einsum("ij,ij->i", rest, texts) / lengths
            if not with_entry:
                nearest[entries, columns] = of_centres[entries, columns] = 0
            field = texts @ self.mean - 1 / len(self.vectors)
            found.append(_evidence(nearest.max(axis=0), of_centres.max(axis=0), field))
        return np.concatenate(found)
