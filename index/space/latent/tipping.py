"""Where on its way a prompt tips from one neighbourhood into another, and by which word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder
from index.space.latent.results import Tipping

STEPS = 20  # of the way, that are told apart
WORDS = 12  # added words that are looked at one after the other, at most

NameOf = Callable[[str, NDArray[np.float32]], str]
"""The neighbourhood of a text at its point (`float32[d]`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """A text, the point where it lies (`float32[d]`, length 1), and the name of its
    neighbourhood."""

    text: str
    point: NDArray[np.float32]
    neighbourhood: str


def tipping(embedder: Embedder, name_of: NameOf, before: Stand, after: Stand) -> Tipping | None:
    """The border of the neighbourhood of `before` on the straight line from there to `after`;
    None where both are in the same neighbourhood."""
    if before.neighbourhood == after.neighbourhood:
        return None
    step, into = STEPS, after.neighbourhood
    for at in range(1, STEPS):
        line = (1 - at / STEPS) * before.point + at / STEPS * after.point
        point = np.asarray(line / max(float(np.linalg.norm(line)), 1e-6), dtype=np.float32)
        text = before.text if 2 * at < STEPS else after.text
        name = name_of(text, point)
        if name != before.neighbourhood:
            step, into = at, name
            break
    return Tipping(
        share=round(step / STEPS, 2), into=into, word=_word(embedder, name_of, before, after)
    )


def _word(embedder: Embedder, name_of: NameOf, before: Stand, after: Stand) -> str:
    """The word with which the neighbourhood is another, when those that `after` adds to `before`
    come one by one; empty where it adds none at its end, or too many."""
    if not after.text.startswith(f"{before.text} "):
        return ""
    added = after.text[len(before.text) :].split()
    if not 0 < len(added) <= WORDS:
        return ""
    texts = [" ".join((before.text, *added[:count])) for count in range(1, len(added))]
    points = embedder.queries(texts) if texts else ()
    tipped = (
        word
        for word, text, point in zip(added, texts, points, strict=False)
        if name_of(text, point) != before.neighbourhood
    )
    return next(tipped, added[-1]).strip(" .,;:!?\"'()")
