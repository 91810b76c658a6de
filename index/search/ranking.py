"""Which entries are near a text, and in what order.

Three signals say how well an entry fits, each in standard deviations from its mean over the index:

- the cosine of the text to the entry's nearest passage;
- the cosine of the text to the entry's own place, the mean direction of all its passages;
- the words of the whole entry by BM25.

Their weighted sum is the score. An entry that the best one is linked with by a related term then
moves a part of the way up to the best one, so that a list goes on with what belongs to its head.
`similarity` makes a number of 0…1 of the score, which every list is sorted by.

The weights lie on a plateau: over thirteen judged sets, none of them 0.1 off changes the mean
nDCG@10 by more than 0.5%.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.search.abstention import is_out_of_domain
from index.search.results import Match
from index.search.retrieval import cosines_of, nearest_passages
from index.search.similarity import similarity_of
from index.storage import Generation

NEAREST_PASSAGE, OWN_PLACE, WORDS = 0.5, 0.5, 0.4
LINK = 0.3  # share of the way up to the best entry
CANDIDATE_PASSAGES = 80  # nearest passages whose entries are considered
CANDIDATE_ENTRIES = 40  # entries considered for their words
PASSAGES_PER_ENTRY = 8  # fetched for each entry of a longer list
MIN_DEVIATION = 1e-6  # of scores that are all the same, at most


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry under consideration.

    `passage_id` names the passage that speaks for it, which is never a search phrase; `cosine`
    (-1…1) is that of its nearest passage, and `similarity` (0…1) what is shown. `match` says what
    found it, or whether words or meaning contributed more.
    """

    entry_id: str
    passage_id: str
    cosine: float
    similarity: float
    match: Match


@dataclass(frozen=True, slots=True)
class Ranking:
    """The entries near a text, the best first; `sparse` where nothing in the index is near it."""

    found: list[Candidate]
    sparse: bool


def rank(
    generation: Generation,
    text: str,
    point: NDArray[np.float32],
    limit: int,
    *,
    category: str | None = None,
    source: str | None = None,
    without: Iterable[str] = (),
    besides: Sequence[str] = (),
) -> Ranking:
    """The `limit` entries nearest to `text`, which lies at `point` (`float32[d]`), best first.

    Misspelt names in the text count as they are meant. An empty `text` ranks by meaning alone.
    `without` holds ids to leave out, `besides` ids that come after the others where they are not
    among them. An entry's similarity is the same whatever the limit, the category, the source,
    `without` and `besides` are. Equal scores are ordered by id. An entry is at least as near as its
    twin (see `Names`), which is left out unless its source is asked for.
    """
    text = generation.corrected(text)
    fetched = max(CANDIDATE_PASSAGES, PASSAGES_PER_ENTRY * limit)
    near = nearest_passages(generation, point, fetched)
    sparse = is_out_of_domain(generation, text, point, near)
    words = _standardized(generation.words.scores(text))
    most = np.argsort(-words, kind="stable")[:CANDIDATE_ENTRIES]
    owners = generation.owners[[row for row, _ in near]]
    common = _with_twins(generation, owners[:CANDIDATE_PASSAGES], most[words[most] > 0])
    named = np.array([generation.number_of[one] for one in besides], dtype=np.int64)
    is_limited = category is not None or source is not None
    others = np.flatnonzero(generation.entries_within(category, source)) if is_limited else owners
    considered = _with_twins(generation, common, others, named)
    if not len(considered):
        return Ranking([], sparse)
    rows, starts = _rows_of(generation, considered)
    cosines = cosines_of(generation, rows, point)
    nearest = np.maximum.reduceat(cosines, starts)
    places = generation.centres[considered] @ point
    of_meaning = NEAREST_PASSAGE * generation.spread.standardized(
        point, nearest
    ) + OWN_PLACE * generation.place_spread.standardized(point, places)
    of_words = WORDS * words[considered]
    scores = of_meaning + of_words
    twins, own = np.searchsorted(considered, _twins_among(generation, considered)).T
    np.maximum.at(scores, own, scores[twins])
    # The head of the list is looked for among the same entries for every list.
    head = int(np.argmax(np.where(np.isin(considered, common), scores, -np.inf)))
    links = generation.links[generation.ids[considered[head]]]
    linked = np.array([generation.ids[at] in links for at in considered.tolist()])
    scores = scores + LINK * linked * np.maximum(scores[head] - scores, 0)
    similarities = similarity_of(scores, out_of_domain=sparse).astype(np.float64).round(4)
    shown = generation.entries_shown(category, source)[considered]
    left_out = {generation.number_of[one] for one in without if one in generation.number_of}
    order = np.lexsort((generation.places_by_id[considered], -scores.round(4), -similarities))
    kept = [at for at in order.tolist() if shown[at] and int(considered[at]) not in left_out]
    kept[limit:] = [at for at in kept[limit:] if generation.ids[considered[at]] in besides]
    visible = np.where(generation.hidden[rows], -np.inf, cosines)
    ends = [*starts.tolist()[1:], len(rows)]
    found = [
        Candidate(
            generation.ids[considered[at]],
            generation.passages[rows[starts[at] + visible[starts[at] : ends[at]].argmax()]].id,
            float(nearest[at]),
            float(similarities[at]),
            "words" if of_words[at] > of_meaning[at] else "meaning",
        )
        for at in kept
    ]
    return Ranking(found, sparse)


def _with_twins(generation: Generation, *numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of entries and of their twins, in order, each once."""
    own = np.concatenate(numbers)
    return np.union1d(own, _twins_among(generation, own))


def _twins_among(generation: Generation, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The pairs of `generation.twin_numbers` of which one at least is in `numbers`."""
    pairs = generation.twin_numbers
    return pairs[np.isin(pairs, numbers).any(axis=1)]


def _rows_of(
    generation: Generation, entries: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of all passages of these entries, and where in them those of each begin."""
    counts = generation.counts[entries]
    starts = counts.cumsum() - counts
    return np.arange(counts.sum()) + (generation.starts[entries] - starts).repeat(counts), starts


def _standardized(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores (`float32[n]`) in standard deviations from their mean; zeros where all are alike."""
    deviation = float(scores.std())
    if deviation < MIN_DEVIATION:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)
