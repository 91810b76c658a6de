"""How far a prompt moves when its words change: from where to where, and by which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder
from index.names import name_key
from index.space.landmarks import Landmarks
from index.space.latent.places import DIGITS
from index.space.latent.results import Moved, Shift, Towards, Word
from index.space.likeness import Likeness
from index.space.near import embed_query
from index.space.neighbours import mention, nearest_entries
from index.space.results import Mention
from index.space.sparse import is_off_the_map
from index.store import Generation

LOOKED_AT = 10  # entries near each text
WORDS = 40  # pieces of a text that are left out one by one; a longer text goes by several words
NAMED = 3  # landmarks that came nearer
LEAST = 0.01  # of cosine; what is less is no move
GAIN = 1.0  # what a landmark that came nearer gains, beside how near it is, when a place is named


def shift(
    generation: Generation, embedder: Embedder, landmarks: Landmarks, before: str, after: str
) -> Shift:
    """How the place of a text changed from `before` to `after`.

    A neighbourhood is the category of most of the nearest entries where the first is very close,
    and else the landmark of style or subject that is nearest. Each word that is in one text alone
    is left out once: its effect is how much nearer the two texts are without it. Raises
    `ModelMismatch` when the index was built with another model than `embedder`.
    """
    start = embed_query(generation, embedder, before)
    end = embed_query(generation, embedder, after)
    cosine = float(np.clip(start @ end, -1, 1))
    similarity = Likeness(embedder).similarity(before, after, np.stack([start, end]))
    near_start = _near(generation, before, start)
    near_end = _near(generation, after, end)
    gains = landmarks.nearness(end) - landmarks.nearness(start)
    calibration = generation.manifest.calibration
    return Shift(
        generation=generation.id,
        model=generation.model,
        before=before,
        after=after,
        cosine=round(cosine, DIGITS),
        similarity=round(similarity, DIGITS),
        percentile=calibration.percentile(similarity),
        gained=tuple(item for key, item in near_end.items() if key not in near_start),
        lost=tuple(item for key, item in near_start.items() if key not in near_end),
        moved=_moved(near_start, near_end),
        words=_words(embedder, before, after, start, end, cosine),
        from_neighbourhood=_category(generation, near_start)
        or _landmark(landmarks, start, 0 * gains),
        to_neighbourhood=_category(generation, near_end) or _landmark(landmarks, end, GAIN * gains),
        towards=tuple(
            Towards(landmarks.names[at], round(float(gains[at]), DIGITS))
            for at in np.argsort(-gains, kind="stable")[:NAMED].tolist()
            if gains[at] >= LEAST
        ),
    )


def _near(generation: Generation, text: str, point: NDArray[np.float32]) -> dict[str, Mention]:
    """The entries near a point by their ids, the nearest first, without those that are far; none
    where the map is empty."""
    if is_off_the_map(generation, text, point):
        return {}
    band = generation.manifest.calibration.band
    found = nearest_entries(generation, point, LOOKED_AT)
    return {
        item.entry_id: mention(generation, item) for item in found if band(item.cosine) != "far"
    }


def _category(generation: Generation, near: dict[str, Mention]) -> str:
    """The category of most of these entries, where the nearest is very close; the nearest
    decides between equals."""
    first = next(iter(near.values()), None)
    if first is None or first.similarity is None:
        return ""
    if generation.manifest.calibration.band(first.similarity) != "very close":
        return ""
    counts = Counter(item.category for item in near.values() if item.category)
    return counts.most_common(1)[0][0] if counts else ""


def _landmark(landmarks: Landmarks, point: NDArray[np.float32], gains: NDArray[np.float32]) -> str:
    return landmarks.names[int((landmarks.nearness(point) + gains).argmax())]


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


def _left_out(text: str, other: str) -> Sequence[tuple[str, str]]:
    """Each word of `text` that `other` has not, and the text without it."""
    words = text.split()
    theirs = Counter(map(name_key, other.split()))
    own: list[int] = []
    for at, word in enumerate(words):
        if theirs[name_key(word)]:
            theirs[name_key(word)] -= 1
        else:
            own.append(at)
    size = -(-len(own) // WORDS)
    groups = [own[at : at + size] for at in range(0, len(own), size)] if own else []
    found = []
    for group in groups:
        rest = " ".join(word for at, word in enumerate(words) if at not in group)
        told = " ".join(words[at] for at in group).strip(" .,;:!?\"'()")
        if rest and told:
            found.append((told, rest))
    return found
