"""How far a prompt moves when its words change: from where to where, and by which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from index.embedding.embedder import Embedder
from index.names import name_key
from index.search.explore.explorations import Moved, Shift, Tipping, Towards, Word
from index.search.explore.points import DIGITS, Point, entries_there, middle
from index.search.near import embed_query
from index.search.neighbours import mention
from index.search.ranking import Candidate
from index.search.text_similarity import text_similarities
from index.statistics.landmarks import Landmarks
from index.storage import Generation

NAMED = 3  # landmarks that came nearer
LEAST = 0.01  # of cosine; what is less is no move
LOOKED_AT = 10  # entries near each place
NEAR, VERY_CLOSE = 85.0, 99.5  # percentiles of an entry's cosine, at least
STEPS = 20  # of the way from one prompt to the other, that are told apart
WORDS = 12  # added words that are looked at one after the other, at most

Naming = Callable[[Point], str]
"""The neighbourhood of a place."""


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
    start, end = (Point(text, embed_query(generation, embedder, text)) for text in (before, after))
    points = np.stack([[start.point, end.point]])
    (similarity,) = text_similarities(embedder, [(before, after)], points)
    near_start, near_end = (
        {item.entry_id: mention(generation, item) for item in _entries_near(generation, place)}
        for place in (start, end)
    )
    ranks = {key: rank for rank, key in enumerate(near_start, start=1)}
    naming = partial(_neighbourhood, generation, landmarks, start)
    gains = landmarks.gains(start.point, end.point)
    return Shift(
        generation=generation.id,
        model=generation.model,
        before=before,
        after=after,
        cosine=round(float(np.clip(start.point @ end.point, -1, 1)), DIGITS),
        similarity=round(similarity, DIGITS),
        percentile=generation.manifest.calibration.percentile(similarity),
        gained=tuple(item for key, item in near_end.items() if key not in near_start),
        lost=tuple(item for key, item in near_start.items() if key not in near_end),
        moved=tuple(
            Moved(item.id, item.term, ranks[key], rank)
            for rank, (key, item) in enumerate(near_end.items(), start=1)
            if key in ranks and ranks[key] != rank
        ),
        words=_words(embedder, start, end),
        from_neighbourhood=naming(start),
        to_neighbourhood=naming(end),
        towards=tuple(
            Towards(landmarks.names[at], round(float(gains[at]), DIGITS))
            for at in np.argsort(-gains, kind="stable")[:NAMED].tolist()
            if gains[at] >= LEAST
        ),
        tone=tone,
        tipping=tipping(embedder, naming, start, end),
    )


def _entries_near(generation: Generation, place: Point) -> list[Candidate]:
    """The entries near a place, the nearest first, without those that are far; none where the map
    is empty."""
    percentile = generation.manifest.calibration.percentile
    found = entries_there(generation, place, LOOKED_AT)
    return [item for item in found if percentile(item.cosine) >= NEAR]


def _neighbourhood(generation: Generation, landmarks: Landmarks, start: Point, place: Point) -> str:
    """The category of most of the entries near a place, where the nearest is very close; else the
    landmark that is nearest since `start`."""
    near = _entries_near(generation, place)
    if near and generation.manifest.calibration.percentile(near[0].cosine) >= VERY_CLOSE:
        categories = [generation.entries[item.entry_id].category for item in near]
        for category, _ in Counter(filter(None, categories)).most_common(1):
            return category
    return landmarks.name_of(start.point, place.point)


def tipping(embedder: Embedder, naming: Naming, start: Point, end: Point) -> Tipping | None:
    """Where the neighbourhood of `start` ends on the straight line from there to `end`; None where
    both are in the same."""
    left, entered = naming(start), naming(end)
    if left == entered:
        return None
    share, into = 1.0, entered
    for step in range(1, STEPS):
        line = np.stack([(1 - step / STEPS) * start.point, step / STEPS * end.point])
        name = naming(Point(start.text if 2 * step < STEPS else end.text, middle(line)))
        if name != left:
            share, into = step / STEPS, name
            break
    return Tipping(round(share, 2), into, _tipping_word(embedder, naming, start, end))


def _tipping_word(embedder: Embedder, naming: Naming, start: Point, end: Point) -> str:
    """The word with which the neighbourhood is another, when those that `end` adds to `start` come
    one by one; empty where it adds none at its end, or too many."""
    added = end.text[len(start.text) :].split()
    if not end.text.startswith(f"{start.text} ") or len(added) > WORDS:
        return ""
    left, text = naming(start), start.text
    for word in added[:-1]:
        text = f"{text} {word}"
        if naming(Point(text, embedder.queries([text])[0])) != left:
            return _bare(word)
    return _bare(added[-1])


def _words(embedder: Embedder, start: Point, end: Point) -> tuple[Word, ...]:
    """The words that one of the texts has alone, the strongest first."""
    left_out = [(True, *found) for found in _left_out(end.text, start.text)]
    left_out += [(False, *found) for found in _left_out(start.text, end.text)]
    vectors = embedder.queries([rest for _, _, rest in left_out]) if left_out else ()
    cosine = float(start.point @ end.point)
    found = [
        Word(word, added, round(float(vector @ (start if added else end).point) - cosine, DIGITS))
        for (added, word, _), vector in zip(left_out, vectors, strict=True)
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


def _left_out(text: str, other: str) -> Iterator[tuple[str, str]]:
    """Each word of `text` that `other` has not, and the text without it."""
    words = text.split()
    for at in changed_words(text, other):
        rest = " ".join((*words[:at], *words[at + 1 :]))
        if rest and _bare(words[at]):
            yield _bare(words[at]), rest


def _bare(word: str) -> str:
    return word.strip(" .,;:!?\"'()")
