"""Find names spelt like a misspelt one, by edit distance.

An edit is a missing, added or changed letter, or two swapped letters.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA


def nearest_spellings(written: str, names: Sequence[str]) -> list[str]:
    """Return the names nearest to `written`; `names` are sorted by length.

    At most one edit is allowed in a text of 4 to 8 characters, and two in a longer one. This also
    holds for each word: "best embedding" is not a spelling of "text embedding".
    """
    allowed = 0 if len(written) < 4 else _edits_in(written)
    start = bisect_left(names, len(written) - allowed, key=len)
    end = bisect_right(names, len(written) + allowed, key=len)
    found = process.extract(
        written, names[start:end], scorer=OSA.distance, score_cutoff=allowed, limit=None
    )
    near = [(name, distance) for name, distance, _ in found if _are_words_alike(written, name)]
    best = min((distance for _, distance in near), default=0)
    return [name for name, distance in near if distance == best]


def nearest_word(written: str, words: Sequence[str]) -> str | None:
    """Return the word nearest to `written`: at most one edit away, or two if it has eight letters
    or more."""
    allowed = 1 if len(written) < 8 else 2
    near = process.extractOne(written, words, scorer=OSA.distance, score_cutoff=allowed)
    return near[0] if near else None


def _edits_in(written: str) -> int:
    return 1 if len(written) < 9 else 2


def _are_words_alike(written: str, name: str) -> bool:
    words, others = written.split(), name.split()
    return len(words) != len(others) or all(
        OSA.distance(word, other) <= _edits_in(word)
        for word, other in zip(words, others, strict=True)
    )
