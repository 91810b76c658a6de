"""Whether two entries say the same.

Two definitions of one thing use the same words and lie clearly nearer to each other than to what
else is near: a related thing has several neighbours that are about as near. Names that are alike
add to that. Nearness alone decides little: "the share of what is right that was found" is as near
to "the share of what was found that is right" as any paraphrase.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.editing.draft_check import Duplicate
from index.embedding.embedder import Embedder, Vectors, embed_documents
from index.entry import Entry
from index.search.neighbours import nearest_entries
from index.search.text_similarity import stems, text_similarities
from index.storage import Generation

LOOKED_AT = 8  # nearest entries among which one may say the same
SAME = 0.74  # the least score; see `score`
# Weights in the score, against that of shared words, which is 1: of being near, of being nearer
# than the next one, and of names that are alike.
NEAR, NEARER, NAMED = 0.15, 0.7, 0.3
MEDIAN = 500  # among the quantiles of a calibration


def duplicates(
    generation: Generation, embedder: Embedder, entry: Entry, point: NDArray[np.float32]
) -> tuple[Duplicate, ...]:
    """The entries that say what `entry` says, the likeliest first; `point` (`float32[d]`) is where
    its definition lies. The caller has seen to it that generation and embedder share a space."""
    without = [entry.id] if entry.id in generation.entries else []
    near = nearest_entries(generation, point, LOOKED_AT, without=without)
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
        if reached >= SAME
    )


def score(cosines: Vectors, at: int, usual: float, shared: float, named: float) -> float:
    """How likely the definition number `at` says the same as another, to which all of them have
    these `cosines` (`float32[k]`): how near it is, and how much nearer than the next one, both as
    parts of what lies between the `usual` cosine of two texts and 1; how much of their words is
    `shared` (0…1); and how alike their names are (`named`, −1…1)."""
    whole = max(1e-6, 1 - usual)
    others = np.delete(cosines, at)
    next_best = float(others.max()) if others.size else usual
    near = (float(cosines[at]) - usual) / whole
    nearer = max(0.0, float(cosines[at]) - max(next_best, usual)) / whole
    return NEAR * near + NEARER * nearer + shared + NAMED * named


def _names_alike(embedder: Embedder, entry: Entry, others: Sequence[Entry]) -> list[float]:
    """How alike the name of an entry is to the one of each other that is most alike, −1…1."""
    pairs = [(at, name) for at, other in enumerate(others) for name in (other.term, *other.aliases)]
    found = text_similarities(embedder, [(entry.term, name) for _, name in pairs])
    best = [-1.0] * len(others)
    for (at, _), alike in zip(pairs, found, strict=True):
        best[at] = max(best[at], alike)
    return best


def overlap(one: str, other: str) -> float:
    """How much of the telling words of two texts stands in both, 0…1, in any form: their cosine as
    sets, so that a short text within a long one shares little."""
    words, others = stems(one), stems(other)
    return len(words & others) / math.sqrt(max(1, len(words) * len(others)))
