"""How alike two texts are, also where they share a word in two senses.

The cosine of a sentence embedding counts a shared word for more than it should: to
all-MiniLM-L6-v2, "bank account" and "river bank" are nearer than "joyful" and "elated". For short
texts that is corrected by what was learned from WordNet: `text_similarities` looks at the two
texts, at what each is without the words they share, and at those words, through a learned
projection of their embeddings; it guesses the field of each text (an animal, a place, a
possession); and it weighs all that. The parameters are made by `python -m tools.likeness.train`,
which says how.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import Stemmer
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, Vectors
from index.names import name_key

SHORT = 4  # words of a text that is corrected, at most
PARAMETERS = "text_similarity.npz"
DIGITS = 4  # of a similarity

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# Words that hold a phrase together and say nothing of what it is about.
_GLUE = """
a an and are as at be by for from he her his i in into is it its my no not of off on one's or our
out she that the their they this to up was we with you your
"""
_GLUE_WORDS = frozenset(_GLUE.split())
_STEMMER = Stemmer.Stemmer("english")

Rows: TypeAlias = Any  # float[n, d] of NumPy, or of PyTorch where the parameters are trained


@dataclass(frozen=True, slots=True)
class Parameters:
    """What was learned, for one space.

    `space` is the key of the model's fingerprint. `projection` is `float32[d, k]`. `topics`
    `float32[d, t]` and `topics_bias` `float32[t]` take an embedding to hidden units, `fields`
    `float32[t, c]` and `fields_bias` `float32[c]` these to the log-odds of c fields. `hidden`
    `float32[f, h]` and `hidden_bias` `float32[h]` take the features to hidden units, `output`
    `float32[h]` those to a score. `scores` and `similarities`, `float32[q]` each and rising, are
    the same quantiles of the scores and of the cosines of training pairs.
    """

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
        """How likely each text (`float32[n, d]`) is of each field: log-odds, `float32[n, c]`."""
        topics = np.maximum(vectors @ self.topics + self.topics_bias, 0)
        return np.asarray(topics @ self.fields + self.fields_bias, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two texts in a fixed order, whichever was named first, and their words in common.

    `shared` are the words of `first` that `second` has too, in any form; empty where there are
    none. `first_rest` and `second_rest` are the texts without these words, or the whole text
    where nothing would be left.
    """

    first: str
    second: str
    first_rest: str
    second_rest: str
    shared: str


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a comparison looks at, a row a pair: the two texts, what each is without the words
    they share, and those words (zeros where there are none). `shares` is 1 where there are some,
    else 0, `float[n]`."""

    first: Rows
    second: Rows
    first_rest: Rows
    second_rest: Rows
    shared: Rows
    shares: Rows


def text_similarities(
    embedder: Embedder, pairs: Sequence[tuple[str, str]], vectors: Vectors | None = None
) -> list[float]:
    """How alike the two texts of each pair are, −1…1, whichever comes first; `vectors` is
    `float32[n, 2, d]`, where they have been embedded already.

    It is 1 for the same name. For two texts of at most `SHORT` words each, of which none says
    all that the other says, it is corrected, on the scale of the cosine, if the model is the
    one that the parameters were learned for. Else it is the cosine. Raises a `NearsayError`
    when the model cannot be used.
    """
    if not pairs:
        return []
    parameters = learned()
    is_own = embedder.fingerprint.key == parameters.space
    short = np.array([is_own and _is_corrected(a, b) for a, b in pairs])
    overlaps = [
        overlap(a, b) if is_short else Overlap(a, b, a, b, "")
        for (a, b), is_short in zip(pairs, short, strict=True)
    ]
    known = {} if vectors is None else dict(zip(chain(*pairs), chain(*vectors), strict=True))
    needed = {text for found in overlaps for text in astuple(found)}
    # In an order of their own, so that a batch does not depend on which text came first.
    missing = sorted(needed - known.keys())
    known |= dict(zip(missing, embedder.queries(missing), strict=True))
    pieces = pieces_of(overlaps, known)
    found = np.clip((pieces.first * pieces.second).sum(-1), -1, 1).astype(np.float64)
    if short.any():
        found[short] = corrected(score(pieces, parameters), parameters)[short]
    return [
        1.0 if name_key(a) == name_key(b) else round(float(similarity), DIGITS)
        for (a, b), similarity in zip(pairs, found, strict=True)
    ]


@cache
def learned() -> Parameters:
    """The parameters that come with Nearsay, for its default model."""
    with as_file(files(__package__) / PARAMETERS) as file:
        return read_parameters(file)


def read_parameters(file: Path) -> Parameters:
    """The parameters in a file that `tools.likeness.train` wrote."""
    with np.load(file) as arrays:
        space = str(arrays["space"])
        numbers = {name: arrays[name].astype(np.float32) for name in arrays if name != "space"}
    return Parameters(space, **numbers)


def pieces_of(overlaps: Sequence[Overlap], vectors: dict[str, Vectors]) -> Pieces:
    """The pieces of each pair, of the vectors (`float32[d]`) of their texts."""
    nothing = np.zeros_like(next(iter(vectors.values())))
    return Pieces(
        first=np.stack([vectors[found.first] for found in overlaps]),
        second=np.stack([vectors[found.second] for found in overlaps]),
        first_rest=np.stack([vectors[found.first_rest] for found in overlaps]),
        second_rest=np.stack([vectors[found.second_rest] for found in overlaps]),
        shared=np.stack([vectors[found.shared] if found.shared else nothing for found in overlaps]),
        shares=np.array([float(bool(found.shared)) for found in overlaps], dtype=np.float32),
    )


def features(pieces: Pieces, projection: Rows, log_odds: Callable[[Rows], Rows]) -> list[Rows]:
    """What the score is made of, `float[n]` each: cosines between the pieces, as the model has
    them and projected, and how far the texts are of the same fields. All are the same for a pair
    and for the pair turned round.

    It uses nothing but what NumPy and PyTorch have in common, so that it serves both. The
    arguments are as in `Parameters`.
    """
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
        # What the shared word means here: what the text says beyond the word alone.
        _cosine(_beyond(first, shared), _beyond(second, shared)) * pieces.shares,
        pieces.shares,
        _same_field(one_field, other_field),
        _same_field(one_field / 2, other_field / 2),  # the same with more doubt
    ]


def score(pieces: Pieces, parameters: Parameters) -> NDArray[np.float64]:
    """How alike the texts of each pair are, `float64[n]`, on a scale of its own."""
    made = features(pieces, parameters.projection, parameters.log_odds)
    found = np.stack(made, -1)
    hidden = np.tanh(found @ parameters.hidden + parameters.hidden_bias)
    return np.asarray(hidden @ parameters.output, dtype=np.float64)


def corrected(scores: NDArray[np.float64], parameters: Parameters) -> NDArray[np.float64]:
    """Scores on the scale of the cosine, `float64[n]`, −1…1: that of two unrelated texts is what
    the cosine of such texts is, and so on up to synonyms. A higher score is never lower."""
    return np.interp(scores, parameters.scores, parameters.similarities)


def _is_corrected(a: str, b: str) -> bool:
    """Whether both texts are short, and each has words that the other has not: a text within
    another ("temperature", "sampling temperature") does not show in which sense it is meant."""
    if max(words_in(a), words_in(b)) > SHORT:
        return False
    one, other = stems(a), stems(b)
    return not one <= other and not other <= one


def overlap(a: str, b: str) -> Overlap:
    """The words that two texts have in common: of “bank account” and “river banks”, “bank”."""
    first, second = sorted((a, b), key=lambda text: (name_key(text), text))
    common = stems(first) & stems(second)
    if not common:
        return Overlap(first, second, first, second, "")
    shared = " ".join(word for word in first.split() if stems(word) & common)
    return Overlap(first, second, _rest(first, common), _rest(second, common), shared)


def words_in(text: str) -> int:
    """How many words a text has."""
    return len(_words(text))


def stems(text: str) -> frozenset[str]:
    """The stems of the words that say what a text is about, such as {“bank”} for “the banks”."""
    return frozenset(
        _STEMMER.stemWord(word.removesuffix("'s"))
        for word in _words(text)
        if word not in _GLUE_WORDS
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(name_key(text))


def _rest(text: str, common: frozenset[str]) -> str:
    """A text without the words whose stems are all among `common`."""
    left = " ".join(word for word in text.split() if not (own := stems(word)) or not own <= common)
    return left if stems(left) else text


def _unit(rows: Rows) -> Rows:
    """Rows of length 1; zeros stay zeros."""
    return rows / ((rows * rows).sum(-1)[..., None] + 1e-9) ** 0.5


def _cosine(one: Rows, other: Rows) -> Rows:
    return (one * other).sum(-1)


def _same_field(one: Rows, other: Rows) -> Rows:
    """How far two distributions over fields agree, 0…1, given by their log-odds: Bhattacharyya's
    coefficient, which is the cosine of the roots of their probabilities."""
    return _cosine(_unit(math.e ** (one / 2)), _unit(math.e ** (other / 2)))


def _beyond(rows: Rows, shared: Rows) -> Rows:
    """Unit rows without their part in the direction of `shared`."""
    return _unit(rows - _cosine(rows, shared)[..., None] * shared)
