"""Similarity of two texts, corrected for shared words with different senses.

The cosine of sentence embeddings overrates shared words: for all-MiniLM-L6-v2, "bank account" and
"river bank" are nearer than "joyful" and "elated". For short texts, a small network trained on
WordNet corrects that. Its features compare the two texts, the texts without their shared words, and
the shared words, mostly by the cosine after a learned projection. Another feature is whether the
predicted fields of the texts (an animal, a place, a possession) agree.
`python -m tools.likeness.train` trains the parameters.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import Stemmer
from numpy.typing import NDArray

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

Rows: TypeAlias = Any  # float[n, d] of NumPy, or of PyTorch in training


@dataclass(frozen=True, slots=True)
class Parameters:
    """The learned parameters for the embedding model with the fingerprint key `space`. `projection`
    is `float32[d, k]`. `topics` (`float32[d, t]`) and `fields` (`float32[t, c]`), each with a bias,
    map an embedding to the log-odds of c fields. `hidden` (`float32[f, h]`, with a bias) and
    `output` (`float32[h]`) map the features to a score. `scores` and `similarities` (increasing,
    `float32[q]`) are matching quantiles of the scores and the cosines of the training pairs."""

    space: str
    projection: Vectors
    topics: Vectors
    topics_bias: Vectors
    fields: Vectors
    fields_bias: Vectors
    hidden: Vectors
    hidden_bias: Vectors
    output: Vectors
    scores: Vectors
    similarities: Vectors

    def log_odds(self, vectors: Vectors) -> Vectors:
        """Predict the field of each text (`float32[n, d]`) as log-odds, `float32[n, c]`."""
        topics = np.maximum(vectors @ self.topics + self.topics_bias, 0)
        return np.asarray(topics @ self.fields + self.fields_bias, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two texts in a canonical order, and their common words.

    `shared` contains the words of `first` whose stems also occur in `second`; it may be empty.
    `first_rest` and `second_rest` are the texts without these words, or the whole text if nothing
    would remain.
    """

    first: str
    second: str
    first_rest: str
    second_rest: str
    shared: str


@dataclass(frozen=True, slots=True)
class PairVectors:
    """The vectors of a batch of overlaps, one row per pair. `shared` is zero for pairs without
    common words; `shares` (`float[n]`) is 0 for these and 1 for the others."""

    first: Rows
    second: Rows
    first_rest: Rows
    second_rest: Rows
    shared: Rows
    shares: Rows


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
    overlaps = [
        overlap(a, b) if is_short else Overlap(a, b, a, b, "")
        for (a, b), is_short in zip(pairs, short, strict=True)
    ]
    known = {} if vectors is None else dict(zip(chain(*pairs), chain(*vectors), strict=True))
    needed = {text for found in overlaps for text in astuple(found)}
    # Sorted, so that the batch does not depend on the order of a pair.
    missing = sorted(needed - known.keys())
    known |= dict(zip(missing, embedder.queries(missing), strict=True))
    pieces = collect_vectors(overlaps, known)
    found = np.clip((pieces.first * pieces.second).sum(-1), -1, 1).astype(np.float64)
    if short.any():
        found[short] = corrected(score(pieces, parameters), parameters)[short]
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


def collect_vectors(overlaps: Sequence[Overlap], vectors: dict[str, Vectors]) -> PairVectors:
    nothing = np.zeros_like(next(iter(vectors.values())))
    return PairVectors(
        first=np.stack([vectors[found.first] for found in overlaps]),
        second=np.stack([vectors[found.second] for found in overlaps]),
        first_rest=np.stack([vectors[found.first_rest] for found in overlaps]),
        second_rest=np.stack([vectors[found.second_rest] for found in overlaps]),
        shared=np.stack([vectors[found.shared] if found.shared else nothing for found in overlaps]),
        shares=np.array([float(bool(found.shared)) for found in overlaps], dtype=np.float32),
    )


def features(pieces: PairVectors, projection: Rows, log_odds: Callable[[Rows], Rows]) -> list[Rows]:
    """Return the features of each pair, `float[n]` each. All are symmetric. Uses only operations
    that NumPy and PyTorch have in common. The arguments are as in `Parameters`."""
    one_field, other_field = log_odds(pieces.first), log_odds(pieces.second)
    first, second = _unit(pieces.first @ projection), _unit(pieces.second @ projection)
    first_rest = _unit(pieces.first_rest @ projection)
    second_rest = _unit(pieces.second_rest @ projection)
    shared = _unit(pieces.shared @ projection)
    across, back = _cosine(first, second_rest), _cosine(second, first_rest)
    first_shared, second_shared = _cosine(first, shared), _cosine(second, shared)
    return [
        _cosine(pieces.first, pieces.second),
        _cosine(first, second),
        _cosine(pieces.first_rest, pieces.second_rest),
        _cosine(first_rest, second_rest),
        across + back,
        abs(across - back),
        first_shared * second_shared,
        abs(first_shared - second_shared),
        # The sense of the shared words: the texts without the direction of these words.
        _cosine(_beyond(first, shared), _beyond(second, shared)) * pieces.shares,
        pieces.shares,
        _same_field(one_field, other_field),
        _same_field(one_field / 2, other_field / 2),  # at a higher temperature
    ]


def score(pieces: PairVectors, parameters: Parameters) -> NDArray[np.float64]:
    """Score each pair with the network, `float64[n]`, on an arbitrary scale."""
    made = features(pieces, parameters.projection, parameters.log_odds)
    found = np.stack(made, -1)
    hidden = np.tanh(found @ parameters.hidden + parameters.hidden_bias)
    return np.asarray(hidden @ parameters.output, dtype=np.float64)


def corrected(scores: NDArray[np.float64], parameters: Parameters) -> NDArray[np.float64]:
    """Map scores to the scale of the cosine by quantiles, `float64[n]`, −1…1. Monotonic."""
    return np.interp(scores, parameters.scores, parameters.similarities)


def _is_corrected(a: str, b: str) -> bool:
    """Return whether both texts are short, and each has words that the other lacks. If one contains
    the other ("sampling temperature", "temperature"), its further words do not disambiguate the
    shorter one."""
    if max(len(words_in(a)), len(words_in(b))) > MAX_WORDS:
        return False
    one, other = stems(a), stems(b)
    return not one <= other and not other <= one


def overlap(a: str, b: str) -> Overlap:
    """Separate the common words of two texts from the rest: “bank account” and “river banks” share
    “bank”."""
    first, second = sorted((a, b), key=lambda text: (name_key(text), text))
    common = stems(first) & stems(second)
    if not common:
        return Overlap(first, second, first, second, "")
    shared = " ".join(word for word in first.split() if stems(word) & common)
    return Overlap(first, second, _rest(first, common), _rest(second, common), shared)


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


def _unit(rows: Rows) -> Rows:
    return rows / ((rows * rows).sum(-1)[..., None] + 1e-9) ** 0.5


def _cosine(one: Rows, other: Rows) -> Rows:
    return (one * other).sum(-1)


def _same_field(one: Rows, other: Rows) -> Rows:
    """Return the Bhattacharyya coefficient of two distributions over fields, 0…1, from log-odds."""
    return _cosine(_unit(math.e ** (one / 2)), _unit(math.e ** (other / 2)))


def _beyond(rows: Rows, shared: Rows) -> Rows:
    return _unit(rows - _cosine(rows, shared)[..., None] * shared)
