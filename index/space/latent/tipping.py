"""Where on its way a prompt tips from one neighbourhood into another, and by which word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder
from index.space.latent.places import middle
from index.space.latent.results import Tipping

STEPS = 20  # of the way, that are told apart
WORDS = 12  # added words that are looked at one after the other, at most

Name = Callable[[str, NDArray[np.float32]], str]
"""The neighbourhood of a text at a point (`float32[d]`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """A text, the point where it lies (`float32[d]`, length 1), and the name of its
    neighbourhood."""

    text: str
    point: NDArray[np.float32]
    neighbourhood: str


def tipping(embedder: Embedder, name: Name, before: Stand, after: Stand) -> Tipping | None:
    """The border of the neighbourhood of `before` on the straight line from there to `after`,
    found by halving; None where both are in the same neighbourhood. `name` names places between
    them."""
    if before.neighbourhood == after.neighbourhood:
        return None
    inside, outside, beyond = 0, STEPS, after.neighbourhood
    while outside - inside > 1:
        step = (inside + outside) // 2
        share = np.float32(step / STEPS)
        point = middle(np.stack([(1 - share) * before.point, share * after.point]))
        found = name(before.text if 2 * step < STEPS else after.text, point)
        if found == before.neighbourhood:
            inside = step
        else:
            outside, beyond = step, found
    word = _word(embedder, name, before, after)
    return Tipping(share=round(outside / STEPS, 2), into=beyond, word=word)


def _word(embedder: Embedder, name: Name, before: Stand, after: Stand) -> str:
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
        if name(text, point) != before.neighbourhood
    )
    return next(tipped, added[-1]).strip(" .,;:!?\"'()")
