"""Where on its way a prompt tips from one neighbourhood into another, and by which word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder
from index.space.latent.results import Tipping

STEPS = 20  # of the way, that are told apart
WORDS = 12  # added words that are looked at one after the other, at most

Names = Callable[[Sequence[str], NDArray[np.float32]], list[str]]
"""The neighbourhoods of texts at their points (`float32[n, d]`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """A text, the point where it lies (`float32[d]`, length 1), and the name of its
    neighbourhood."""

    text: str
    point: NDArray[np.float32]
    neighbourhood: str


def tipping(embedder: Embedder, names: Names, before: Stand, after: Stand) -> Tipping | None:
    """The border of the neighbourhood of `before` on the straight line from there to `after`;
    None where both are in the same neighbourhood. `names` names places between them."""
    if before.neighbourhood == after.neighbourhood:
        return None
    shares = np.arange(1, STEPS, dtype=np.float32)[:, np.newaxis] / STEPS
    line = (1 - shares) * before.point + shares * after.point
    points = line / np.maximum(np.linalg.norm(line, axis=1, keepdims=True), 1e-6)
    texts = [before.text if 2 * step < STEPS else after.text for step in range(1, STEPS)]
    found = [*names(texts, points), after.neighbourhood]
    step, into = next(
        (step, name) for step, name in enumerate(found, start=1) if name != before.neighbourhood
    )
    return Tipping(
        share=round(step / STEPS, 2), into=into, word=_word(embedder, names, before, after)
    )


def _word(embedder: Embedder, names: Names, before: Stand, after: Stand) -> str:
    """The word with which the neighbourhood is another, when those that `after` adds to `before`
    come one by one; empty where it adds none at its end, or too many."""
    if not after.text.startswith(f"{before.text} "):
        return ""
    added = after.text[len(before.text) :].split()
    if not 0 < len(added) <= WORDS:
        return ""
    texts = [" ".join((before.text, *added[:count])) for count in range(1, len(added))]
    found = names(texts, embedder.queries(texts)) if texts else []
    tipped = (
        word for word, name in zip(added, found, strict=False) if name != before.neighbourhood
    )
    return next(tipped, added[-1]).strip(" .,;:!?\"'()")
