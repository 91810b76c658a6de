"""Similarity of two texts, corrected for shared words with different senses.

The cosine of sentence embeddings overrates shared words: for all-MiniLM-L6-v2, "bank account" and
"river bank" are nearer than "joyful" and "elated". For short texts, a score trained on WordNet
corrects that. It is a weighted sum that compares the two texts, the texts without their shared
words, and the sense of the shared words, each by the cosine after a learned projection.
`python -m tools.likeness.train` trains the parameters.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import Stemmer

from index.embedding.embedder import Embedder, Vectors
from index.names import name_key

MAX_WORDS = 4  # maximum words of a text whose similarity is corrected
PARAMETERS = "text_similarity.npz"
DIGITS = 4

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_GLUE = """
a an and are as at be by for from he her his i in into is it its my no not of off on one's or our
out she that the their they this to up was we with you your
"""
_GLUE_WORDS = frozenset(_GLUE.split())
_STEMMER = Stemmer.Stemmer("english")

Array: TypeAlias = Any  # of NumPy, or of PyTorch in training


@dataclass(frozen=True, slots=True)
class Parameters:
    """The learned parameters for the embedding model with the fingerprint key `space`. `projection`
    (`float32[d, k]`) and `weights` (`float32[4]`) are for `score`. `scores` and `similarities`
    (increasing, `float32[q]`) are matching quantiles of the scores and the cosines of the training
    pairs."""

    space: str
    projection: Vectors
    weights: Vectors
    scores: Vectors
    similarities: Vectors


def text_similarities(
    embedder: Embedder, pairs: Sequence[tuple[str, str]], vectors: Vectors | None = None
) -> list[float]:
    """Return the similarity of each pair of texts, −1…1. It is symmetric, and 1 for equal names.
    `vectors` (`float32[n, 2, d]`) are the embeddings of the texts, if known. The cosine is
    corrected if both texts have at most `MAX_WORDS`, neither contains all words of the other, and
    the parameters are for this model. Raises a `NearsayError` if the model cannot be used."""
    if not pairs:
        return []
    parameters = bundled_parameters()
    is_own = embedder.fingerprint.key == parameters.space
    short = np.array([is_own and _is_corrected(a, b) for a, b in pairs])
    compared = [
        (a, b, *overlap(a, b)) if is_short else (a, b, a, b, a)
        for (a, b), is_short in zip(pairs, short, strict=True)
    ]
    known = {} if vectors is None else dict(zip(chain(*pairs), chain(*vectors), strict=True))
    # Sorted, so that the batch does not depend on the order of a pair.
    missing = sorted(set(chain(*compared)) - known.keys())
    known |= dict(zip(missing, embedder.queries(missing), strict=True))
    pieces = np.array([[known[text] for text in texts] for texts in zip(*compared, strict=True)])
    found = np.clip((pieces[0] * pieces[1]).sum(-1), -1, 1).astype(np.float64)
    if short.any():
        shares = np.array([bool(stems(a) & stems(b)) for a, b in pairs], dtype=np.float32)[short]
        scores = score(pieces[:, short], shares, parameters.projection, parameters.weights)
        # The same quantile on the scale of the cosine.
        found[short] = np.interp(scores, parameters.scores, parameters.similarities)
    return [
        1.0 if name_key(a) == name_key(b) else round(float(similarity), DIGITS)
        for (a, b), similarity in zip(pairs, found, strict=True)
    ]


@cache
def bundled_parameters() -> Parameters:
    with np.load(Path(__file__).parent / PARAMETERS) as arrays:
        space = str(arrays["space"])
        numbers = {name: arrays[name].astype(np.float32) for name in arrays if name != "space"}
    return Parameters(space, **numbers)


def score(pieces: Array, shares: Array, projection: Array, weights: Array) -> Array:
    """Score each pair, `float[n]`, on an arbitrary scale. Symmetric, and only with operations that
    NumPy and PyTorch have in common.

    `pieces` (`float[5, n, d]`) are the vectors of the first texts, of the second, and of their
    `overlap`. `shares` (`float[n]`) is 1 for pairs that share words and 0 for the others.
    """
    rows = _unit(pieces @ projection)
    texts, rests, shared = rows[:2], rows[2:4], rows[4]
    # The sense of the shared words: the texts without the direction of these words.
    senses = _unit(texts - (texts * shared).sum(-1)[..., None] * shared)
    cosines = [(one * other).sum(-1) for one, other in (texts, rests, senses)]
    features = [*cosines[:2], cosines[2] * shares, shares]
    return sum(weight * feature for weight, feature in zip(weights, features, strict=True))


def _is_corrected(a: str, b: str) -> bool:
    """Return whether both texts are short, and each has words that the other lacks. If one contains
    the other ("sampling temperature", "temperature"), its further words do not disambiguate the
    shorter one."""
    if max(len(words_in(a)), len(words_in(b))) > MAX_WORDS:
        return False
    one, other = stems(a), stems(b)
    return not one <= other and not other <= one


def overlap(a: str, b: str) -> tuple[str, str, str]:
    """Return two texts without their common words, and these words, as in the alphabetically first
    text: “account”, “river” and “bank” for “bank account” and “river banks”. A text of which
    nothing would remain is returned whole, and so is the first one if no word is common."""
    common = stems(a) & stems(b)
    first = min(a, b, key=lambda text: (name_key(text), text))
    shared = " ".join(word for word in first.split() if stems(word) & common)
    return _rest(a, common), _rest(b, common), shared or first


def stems(text: str) -> frozenset[str]:
    """Return the stems of the content words of a text: {“bank”} for “the banks”."""
    return frozenset(
        _STEMMER.stemWord(word.removesuffix("'s"))
        for word in words_in(text)
        if word not in _GLUE_WORDS
    )


def words_in(text: str) -> list[str]:
    return _WORD.findall(name_key(text))


def _rest(text: str, common: frozenset[str]) -> str:
    left = " ".join(word for word in text.split() if not (own := stems(word)) or not own <= common)
    return left if stems(left) else text


def _unit(rows: Array) -> Array:
    return rows / ((rows * rows).sum(-1)[..., None] + 1e-9) ** 0.5
