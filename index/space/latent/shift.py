"""How far a prompt moves when its words change: from where to where, and by which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder
from index.names import name_key
from index.space.landmarks import Landmarks
from index.space.latent.places import DIGITS, Place, entries_there
from index.space.latent.results import Moved, Shift, Towards, Word
from index.space.latent.tipping import Stand, tipping
from index.space.likeness import text_similarities
from index.space.near import embed_query
from index.space.neighbours import mention
from index.space.ranking import Candidate
from index.space.results import Mention
from index.store import Generation

NAMED = 3  # landmarks that came nearer
LEAST = 0.01  # of cosine; what is less is no move
LOOKED_AT = 10  # entries near each place
NEAR, VERY_CLOSE = 85.0, 99.5  # percentiles of an entry's cosine, at least


def shift(
    generation: Generation,
    embedder: Embedder,
    landmarks: Landmarks,
    before: str,
    after: str,
    tone: str = "",
) -> Shift:
    """How the place of a text changed from `before` to `after`; `tone` is the name of the tone
    that was added, if one was.

    A neighbourhood is the category of most of the nearest entries where the first is very close,
    and else the landmark of style or subject that is nearest. Each word that is in one text alone
    is left out once: its effect is how much nearer the two texts are without it. Raises
    `ModelMismatch` when the index was built with another model than `embedder`.
    """
    start = embed_query(generation, embedder, before)
    end = embed_query(generation, embedder, after)
    cosine = float(np.clip(start @ end, -1, 1))
    (similarity,) = text_similarities(embedder, [(before, after)], np.stack([[start, end]]))
    near_start = _entries_near(generation, before, start)
    near_end = _entries_near(generation, after, end)
    left, entered = _category_of(generation, near_start), _category_of(generation, near_end)
    mentions_start = {key: mention(generation, item) for key, item in near_start.items()}
    mentions_end = {key: mention(generation, item) for key, item in near_end.items()}

    def name_of(text: str, point: NDArray[np.float32]) -> str:
        # Between two places that no entry is very close to, none is either.
        near = _entries_near(generation, text, point) if left or entered else {}
        return _category_of(generation, near) or landmarks.name_of(start, point)

    one = Stand(before, start, left or landmarks.name_of(start, start))
    other = Stand(after, end, entered or landmarks.name_of(start, end))
    gains = landmarks.gains(start, end)
    calibration = generation.manifest.calibration
    return Shift(
        generation=generation.id,
        model=generation.model,
        before=before,
        after=after,
        cosine=round(cosine, DIGITS),
        similarity=round(similarity, DIGITS),
        percentile=calibration.percentile(similarity),
        gained=tuple(item for key, item in mentions_end.items() if key not in near_start),
        lost=tuple(item for key, item in mentions_start.items() if key not in near_end),
        moved=_moved(mentions_start, mentions_end),
        words=_words(embedder, before, after, start, end, cosine),
        from_neighbourhood=one.neighbourhood,
        to_neighbourhood=other.neighbourhood,
        towards=tuple(
            Towards(landmarks.names[at], round(float(gains[at]), DIGITS))
            for at in np.argsort(-gains, kind="stable")[:NAMED].tolist()
            if gains[at] >= LEAST
        ),
        tone=tone,
        tipping=tipping(embedder, name_of, one, other),
    )


def _entries_near(
    generation: Generation, text: str, point: NDArray[np.float32]
) -> dict[str, Candidate]:
    """The entries near a point by their ids, the nearest first, without those that are far; none
    where the map is empty."""
    found = entries_there(generation, Place(text, point), LOOKED_AT)
    percentile = generation.manifest.calibration.percentile
    return {item.entry_id: item for item in found if percentile(item.cosine) >= NEAR}


def _category_of(generation: Generation, near: Mapping[str, Candidate]) -> str:
    """The category of most of these entries, where the nearest is very close; the nearest
    decides between equals. Empty where it is not."""
    first = next(iter(near.values()), None)
    if first is None or generation.manifest.calibration.percentile(first.cosine) < VERY_CLOSE:
        return ""
    categories = [generation.entries[entry_id].category for entry_id in near]
    counts = Counter(category for category in categories if category)
    return counts.most_common(1)[0][0] if counts else ""


def _moved(before: dict[str, Mention], after: dict[str, Mention]) -> tuple[Moved, ...]:
    """The entries near both texts whose rank is another."""
    ranks = {key: rank for rank, key in enumerate(before, start=1)}
    return tuple(
        Moved(item.id, item.term, ranks[key], rank)
        for rank, (key, item) in enumerate(after.items(), start=1)
        if key in ranks and ranks[key] != rank
    )


def _words(
    embedder: Embedder,
    before: str,
    after: str,
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    cosine: float,
) -> tuple[Word, ...]:
    """The words that one of the texts has alone, the strongest first."""
    pieces = [
        (word, added, rest)
        for added, text, other in ((True, after, before), (False, before, after))
        for word, rest in _left_out(text, other)
    ]
    if not pieces:
        return ()
    vectors = embedder.queries([rest for _, _, rest in pieces])
    found = [
        Word(
            word=word,
            added=added,
            effect=round(float(vector @ (start if added else end)) - cosine, DIGITS),
        )
        for (word, added, _), vector in zip(pieces, vectors, strict=True)
    ]
    return tuple(sorted(found, key=lambda item: -item.effect))


def changed_words(text: str, other: str) -> list[int]:
    """The positions of the words of `text` that `other` has not."""
    theirs = Counter(map(name_key, other.split()))
    own: list[int] = []
    for at, word in enumerate(text.split()):
        if theirs[name_key(word)]:
            theirs[name_key(word)] -= 1
        else:
            own.append(at)
    return own


def _left_out(text: str, other: str) -> Sequence[tuple[str, str]]:
    """Each word of `text` that `other` has not, and the text without it."""
    words = text.split()
    found = []
    for at in changed_words(text, other):
        rest = " ".join((*words[:at], *words[at + 1 :]))
        told = words[at].strip(" .,;:!?\"'()")
        if rest and told:
            found.append((told, rest))
    return found
