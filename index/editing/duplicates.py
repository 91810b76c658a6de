"""Detect entries with the same meaning.

Two definitions of the same thing share words, and are clearly nearer to each other than to their
next neighbours. A related thing has several neighbours at about the same distance. Similar names
add to the score. Cosine alone is a weak signal: the definitions of precision and recall are as near
to each other as paraphrases are.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.editing.draft_check import Duplicate
from index.embedding.embedder import Embedder, Vectors, embed_documents
from index.entry import Entry
from index.search.ranking import rank
from index.search.text_similarity import stems, text_similarities
from index.storage import Generation

MAX_CANDIDATES = 8  # nearest entries to compare
MIN_SCORE = 0.74  # minimum score of a duplicate; see `score`
# Weights in the score, relative to 1 for shared words: cosine, margin over the next neighbour, and
# similarity of names.
COSINE_WEIGHT, MARGIN_WEIGHT, NAME_WEIGHT = 0.15, 0.7, 0.2
MEDIAN = 500  # index of the median in the calibration's quantiles


def duplicates(
    generation: Generation, embedder: Embedder, entry: Entry, point: NDArray[np.float32]
) -> tuple[Duplicate, ...]:
    """Return the entries with the same meaning as `entry`, likeliest first.

    `point` (`float32[d]`) is the vector of its definition. The caller checks that the generation
    and the embedder share an embedding space.
    """
    without = [entry.id] if entry.id in generation.entries else []
    near = rank(generation, "", point, MAX_CANDIDATES, without=without).found
    others = [generation.entries[found.entry_id] for found in near]
    if not others:
        return ()
    texts = [entry.definition, *(other.definition for other in others)]
    vectors = embed_documents(embedder, texts)
    cosines = np.clip(vectors[1:] @ vectors[0], -1.0, 1.0)
    usual = generation.manifest.calibration.quantiles[MEDIAN]
    named = _names_alike(embedder, entry, others)
    scores = [
        score(cosines, at, usual, overlap(entry.definition, other.definition), named[at])
        for at, other in enumerate(others)
    ]
    found = sorted(zip(scores, range(len(others)), strict=True), reverse=True)
    return tuple(
        Duplicate(
            others[at].id,
            others[at].term,
            others[at].category,
            round(max(float(cosines[at]), named[at]), 4),
            "name" if named[at] > cosines[at] else "meaning",
        )
        for reached, at in found
        if reached >= MIN_SCORE
    )


def score(cosines: Vectors, at: int, usual: float, shared: float, named: float) -> float:
    """Score the candidate `at` as a duplicate of a new definition.

    `cosines` (`float32[k]`) are the cosines between the new definition and each candidate's. The
    score is a weighted sum of four numbers: the cosine, its margin over the next candidate, the
    share of `shared` words (0…1), and the similarity of the names, `named` (−1…1). The cosine and
    the margin are relative to the range from the `usual` cosine of two texts to 1.
    """
    whole = max(1e-6, 1 - usual)
    others = np.delete(cosines, at)
    next_best = float(others.max()) if others.size else usual
    near = (float(cosines[at]) - usual) / whole
    nearer = max(0.0, float(cosines[at]) - max(next_best, usual)) / whole
    return COSINE_WEIGHT * near + MARGIN_WEIGHT * nearer + shared + NAME_WEIGHT * named


def _names_alike(embedder: Embedder, entry: Entry, others: Sequence[Entry]) -> list[float]:
    """Return the highest similarity of a name of each other entry to the term, −1…1."""
    pairs = [(at, name) for at, other in enumerate(others) for name in (other.term, *other.aliases)]
    found = text_similarities(embedder, [(entry.term, name) for _, name in pairs])
    best = [-1.0] * len(others)
    for (at, _), alike in zip(pairs, found, strict=True):
        best[at] = max(best[at], alike)
    return best


def overlap(one: str, other: str) -> float:
    """Return the cosine between two texts as sets of word stems, 0…1.

    A short text that is part of a long text scores low.
    """
    words, others = stems(one), stems(other)
    return len(words & others) / math.sqrt(max(1, len(words) * len(others)))
