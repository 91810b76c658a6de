"""Measure how far rewording a prompt moves its embedding, and the effect of each word."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from index.embedding.embedder import Embedder
from index.names import name_key
from index.search.explore.explorations import LandmarkGain, RankChange, Shift, TippingPoint, Word
from index.search.explore.points import DIGITS, Point, entries_near, mean_direction, similarity
from index.search.near import embed_query
from index.search.neighbours import mention
from index.search.ranking import Candidate
from index.statistics.landmarks import Landmarks
from index.storage import Generation

MAX_LANDMARKS = 3
MAX_CANDIDATES = 10
MIN_NEAR_PERCENTILE, MIN_VERY_CLOSE_PERCENTILE = 85.0, 99.5
STEPS = 20
WORDS = 12  # maximum number of added words in the search for the tipping word

Naming = Callable[[Point], str]
"""Names the neighbourhood of a point."""


def shift(
    generation: Generation,
    embedder: Embedder,
    landmarks: Landmarks,
    before: str,
    after: str,
    tone: str = "",
) -> Shift:
    """Measure the shift from `before` to `after`. `tone` is the name of the added tone, if any. A
    neighbourhood is the most common category of the nearest entries if the first is very close, or
    else the nearest landmark of style or subject."""
    start, end = (Point(text, embed_query(generation, embedder, text)) for text in (before, after))
    cosine = float(np.clip(start.point @ end.point, -1, 1))
    near_start, near_end = (
        {item.entry_id: mention(generation, item) for item in _entries_near(generation, place)}
        for place in (start, end)
    )
    ranks = {key: rank for rank, key in enumerate(near_start, start=1)}
    naming = partial(_neighbourhood, generation, landmarks, start)
    gains = landmarks.gains(start.point, end.point)
    return Shift(
        before=before,
        after=after,
        cosine=round(cosine, DIGITS),
        similarity=similarity(generation, embedder, start, end),
        percentile=generation.manifest.calibration.percentile(cosine),
        gained=tuple(item for key, item in near_end.items() if key not in near_start),
        lost=tuple(item for key, item in near_start.items() if key not in near_end),
        moved=tuple(
            RankChange(item.id, item.term, ranks[key], rank)
            for rank, (key, item) in enumerate(near_end.items(), start=1)
            if key in ranks and ranks[key] != rank
        ),
        words=_words(embedder, start, end),
        from_neighbourhood=naming(start),
        to_neighbourhood=naming(end),
        towards=tuple(
            LandmarkGain(landmarks.names[at], round(float(gains[at]), DIGITS))
            for at in np.argsort(-gains, kind="stable")[:MAX_LANDMARKS].tolist()
            if gains[at] > 0
        ),
        tone=tone,
        tipping=find_tipping_point(embedder, naming, start, end),
    )


def _entries_near(generation: Generation, place: Point) -> list[Candidate]:
    percentile = generation.manifest.calibration.percentile
    found = entries_near(generation, place, MAX_CANDIDATES)
    return [item for item in found if percentile(item.cosine) >= MIN_NEAR_PERCENTILE]


def _neighbourhood(generation: Generation, landmarks: Landmarks, start: Point, place: Point) -> str:
    near = _entries_near(generation, place)
    if (
        near
        and generation.manifest.calibration.percentile(near[0].cosine) >= MIN_VERY_CLOSE_PERCENTILE
    ):
        categories = [generation.entries[item.entry_id].category for item in near]
        for category, _ in Counter(filter(None, categories)).most_common(1):
            return category
    return landmarks.name_of(start.point, place.point)


def find_tipping_point(
    embedder: Embedder, naming: Naming, start: Point, end: Point
) -> TippingPoint | None:
    """Find where the straight line from `start` to `end` leaves the neighbourhood of `start`.
    Returns None if both are in the same neighbourhood."""
    left, entered = naming(start), naming(end)
    if left == entered:
        return None
    share, into = 1.0, entered
    for step in range(1, STEPS):
        line = np.stack([(1 - step / STEPS) * start.point, step / STEPS * end.point])
        name = naming(Point(start.text if 2 * step < STEPS else end.text, mean_direction(line)))
        if name != left:
            share, into = step / STEPS, name
            break
    return TippingPoint(round(share, 2), into, _tipping_word(embedder, naming, start, end))


def _tipping_word(embedder: Embedder, naming: Naming, start: Point, end: Point) -> str:
    """Append the new words of `end` to `start` one by one, and return the first that changes the
    neighbourhood. Returns "" unless `end` is `start` plus at most `WORDS` words."""
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
    shortened = [(True, *found) for found in _without_each_word(end.text, start.text)]
    shortened += [(False, *found) for found in _without_each_word(start.text, end.text)]
    vectors = embedder.queries([rest for _, _, rest in shortened]) if shortened else ()
    cosine = float(start.point @ end.point)
    found = [
        Word(word, added, round(float(vector @ (start if added else end).point) - cosine, DIGITS))
        for (added, word, _), vector in zip(shortened, vectors, strict=True)
    ]
    return tuple(sorted(found, key=lambda item: -item.effect))


def changed_words(text: str, other: str) -> list[int]:
    """Return the positions of the words of `text` that are not in `other`."""
    theirs = Counter(map(name_key, other.split()))
    own: list[int] = []
    for at, word in enumerate(text.split()):
        if theirs[name_key(word)]:
            theirs[name_key(word)] -= 1
        else:
            own.append(at)
    return own


def _without_each_word(text: str, other: str) -> Iterator[tuple[str, str]]:
    words = text.split()
    for at in changed_words(text, other):
        rest = " ".join((*words[:at], *words[at + 1 :]))
        if rest and _bare(words[at]):
            yield _bare(words[at]), rest


def _bare(word: str) -> str:
    return word.strip(" .,;:!?\"'()")
