"""Detect entries with the same meaning.

Two definitions of the same thing share words, and one is near a passage of the other's entry. The
cosine alone is a weak signal: the definitions of precision and recall are as near to each other as
paraphrases are.
"""

import math

import numpy as np
from numpy.typing import NDArray

from index.editing.draft_check import Duplicate
from index.entry import Entry
from index.search.ranking import rank
from index.search.text_similarity import stems
from index.storage import Generation

MAX_CANDIDATES = 8  # nearest entries to compare
MIN_SCORE = 1.04  # minimum of cosine plus shared words; found with judged pairs


def duplicates(
    generation: Generation, entry: Entry, point: NDArray[np.float32]
) -> tuple[Duplicate, ...]:
    """Return the entries with the same meaning as `entry`, likeliest first.

    `point` (`float32[d]`) is the vector of its definition. The caller checks that it is in the
    embedding space of the generation.
    """
    without = [entry.id] if entry.id in generation.entries else []
    scored = []
    for found in rank(generation, "", point, MAX_CANDIDATES, without=without).found:
        other = generation.entries[found.entry_id]
        score = found.cosine + overlap(entry.definition, other.definition)
        if score >= MIN_SCORE:
            cosine = round(found.cosine, 4)
            scored.append((score, Duplicate(other.id, other.term, other.category, cosine)))
    return tuple(item for _, item in sorted(scored, key=lambda pair: -pair[0]))


def overlap(one: str, other: str) -> float:
    """Return the cosine between two texts as sets of word stems, 0…1.

    A short text that is part of a long text scores low.
    """
    words, others = stems(one), stems(other)
    return len(words & others) / math.sqrt(max(1, len(words) * len(others)))
