"""The similarity score, 0…1, that is shown to users and used to sort lists.

Between a text and an entry, it is the probability that the user means the entry, or one linked to
it. This is a logistic function of the score of the entry and of the evidence that its source covers
the text. Both are relative to the source, and the function was fitted to questions about four
sources (see docs/explanation/scores.md), so it holds for any. If the source does not cover the
text, it is multiplied by `OUT_OF_DOMAIN_FACTOR`.

Between two entries, it is the probability that one lists the other as a related term. This is a
logistic function of two features, fitted to all bundled entries: the standardized cosine of their
centres, and whether they are linked.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.storage import Generation

Band = Literal["very close", "close", "related", "far"]

SCORE_SLOPE, EVIDENCE_SLOPE, SCORE_OFFSET = 0.7, 6.0, -4.7
# In logits. Where a team's own glossary covers a text as well, they rather mean their own words.
SECOND_PENALTY = 1.0
MAX_SIMILARITY = 0.99  # 1 is reserved for entries found by name
OUT_OF_DOMAIN_FACTOR = 0.3  # keeps every entry below "close"
PAIR_SLOPE, LINK_BONUS, PAIR_OFFSET = 1.75, 1.2, -3.5
BANDS: tuple[tuple[float, Band], ...] = ((0.8, "very close"), (0.5, "close"), (0.25, "related"))


def similarity_of(
    scores: NDArray[np.float32], evidence: float, *, out_of_domain: bool, is_second: bool = False
) -> NDArray[np.float32]:
    """Map scores (`float32[k]`, in standard deviations) of entries of one source to similarities,
    `float32[k]`. `evidence` is that of the source, minus its threshold. `is_second` is true for the
    bundled encyclopedia if a team's own glossary covers the text too."""
    logits = SCORE_SLOPE * scores + EVIDENCE_SLOPE * evidence + SCORE_OFFSET
    logits -= SECOND_PENALTY * is_second
    similarities = np.minimum(_logistic(logits), MAX_SIMILARITY)
    share = np.float32(OUT_OF_DOMAIN_FACTOR if out_of_domain else 1)
    return np.asarray(similarities * share, dtype=np.float32)


def entry_similarities(
    generation: Generation, entry_id: str, others: NDArray[np.int64] | None = None
) -> NDArray[np.float32]:
    """Return the similarity (`float32[k]`) of an entry to every entry, or to the entries with the
    indices `others` (`int64[k]`)."""
    number = generation.number_of[entry_id]
    numbers = np.arange(len(generation.ids)) if others is None else others
    mean, deviation = generation.place_spread.pairs(len(generation.ids))
    # einsum has a fixed order of products, so that both orders of a pair give the same value.
    cosines = np.einsum("ij,j->i", generation.centres[numbers], generation.centres[number])
    scores = PAIR_SLOPE * (cosines - mean) / deviation + PAIR_OFFSET
    linked = [generation.number_of[other] for other in generation.links[entry_id]]
    scores[np.isin(numbers, linked)] += LINK_BONUS
    similarities = _logistic(scores)
    similarities[numbers == number] = 1.0
    return similarities


def entry_similarity(generation: Generation, one: str, other: str) -> float:
    """Return the similarity of two entries, given by id, to four decimals."""
    others = np.array([generation.number_of[other]])
    return round(float(entry_similarities(generation, one, others)[0]), 4)


def band_of(similarity: float) -> Band:
    return next((band for least, band in BANDS if similarity >= least), "far")


def _logistic(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-values)), dtype=np.float32)
