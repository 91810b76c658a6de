"""Rank the entries near a text.

The score of an entry is a weighted sum of three signals: the cosine of the text to the nearest
passage of the entry, the cosine to the centre of the entry (the mean direction of its passages),
and the BM25 score of the whole entry. Each is in standard deviations from its mean over the index.
For bundled entries, the cosines are those of the text as adapted (see `question_adapter`).

An entry linked to the best one by a related term gains a share of the difference in score. The
module `similarity` maps scores to 0…1; every list is sorted by the result. The weights are on a
plateau: over thirteen judged sets, a change of one weight by 0.1 changes the mean nDCG@10 by at
most 0.5%.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.search.abstention import is_out_of_domain
from index.search.question_adapter import adapted_to_entries
from index.search.results import Match
from index.search.retrieval import cosines_of, nearest_passages
from index.search.similarity import similarity_of
from index.storage import Generation

PASSAGE_WEIGHT, CENTRE_WEIGHT, BM25_WEIGHT = 0.5, 0.5, 0.4
LINK_SHARE = 0.3  # share of the difference to the best score that a linked entry gains
CANDIDATE_PASSAGES = 80  # nearest passages; their entries are candidates
CANDIDATE_ENTRIES = 40  # candidates by BM25
LONG = 10  # entries in a list; for a longer one, every entry is a candidate
MIN_DEVIATION = 1e-6  # standard deviation below which scores count as equal


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate for a list of near entries. `passage_id` is the passage to show, never a search
    phrase. `cosine` (-1…1) is the model's own cosine of the nearest passage, and `similarity`
    (0…1) the displayed number. `match` is the kind of name match, or the signal that contributed
    most to the score."""

    entry_id: str
    passage_id: str
    cosine: float
    similarity: float
    match: Match


@dataclass(frozen=True, slots=True)
class Ranking:
    """The entries near a text, best first. `sparse` is true if the text is out of domain."""

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
    adapt: bool = True,
) -> Ranking:
    """Return the `limit` entries nearest to `text`, best first. Ties are broken by id. `point` is
    the vector of the text, `float32[d]`; pass `adapt=False` if it is not, as in a blend.
    Misspelt names are corrected. An empty text ranks by embedding only, without adapting the point.
    Ids in `without` are left out; ids in `besides` are appended if they are not among the first.
    Neither the limit nor a keyword argument except `adapt` changes the similarity of an entry. A
    glossary entry scores at least as high as the bundled entry with the same term, which is left
    out unless `source` is the bundled encyclopedia."""
    text = generation.corrected(text)
    near = nearest_passages(generation, point, CANDIDATE_PASSAGES)
    sparse = is_out_of_domain(generation, text, point, near)
    words = _standardized(generation.words.scores(text))
    most = np.argsort(-words, kind="stable")[:CANDIDATE_ENTRIES]
    adapted = adapted_to_entries(generation, point) if text and adapt else point
    if adapted is not point:
        near = [*near, *nearest_passages(generation, adapted, CANDIDATE_PASSAGES)]
    owners = generation.owners[[row for row, _ in near]]
    common = _with_twins(generation, owners, most[words[most] > 0])
    named = np.array([generation.number_of[one] for one in besides], dtype=np.int64)
    considered = _with_twins(generation, common, named)
    if limit > LONG or category is not None or source is not None:
        within = np.flatnonzero(generation.entries_within(category, source))
        considered = _with_twins(generation, considered, within)
    if not len(considered):
        return Ranking([], sparse)
    rows, starts = _rows_of(generation, considered)
    cosines = cosines_of(generation, rows, point)
    nearest = np.maximum.reduceat(cosines, starts)
    of_meaning = _meaning_scores(generation, point, considered, nearest)
    if adapted is not point:
        is_bundled = generation.bundled[considered]
        nearest_adapted = np.maximum.reduceat(cosines_of(generation, rows, adapted), starts)
        scores = _meaning_scores(generation, adapted, considered, nearest_adapted)
        of_meaning = np.where(is_bundled, scores, of_meaning)
    of_words = BM25_WEIGHT * words[considered]
    scores = of_meaning + of_words
    twins, own = np.searchsorted(considered, _twins_among(generation, considered)).T
    np.maximum.at(scores, own, scores[twins])
    # The best entry must not depend on the limit, the filters or `besides`.
    head = int(np.argmax(np.where(np.isin(considered, common), scores, -np.inf)))
    links = generation.links[generation.ids[considered[head]]]
    linked = np.array([generation.ids[at] in links for at in considered.tolist()])
    scores = scores + LINK_SHARE * linked * np.maximum(scores[head] - scores, 0)
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


def _meaning_scores(
    generation: Generation,
    point: NDArray[np.float32],
    entries: NDArray[np.int64],
    nearest: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the scores of `entries` by the cosines of their nearest passages and of their centres
    to `point`."""
    centres = generation.centres[entries] @ point
    of_passages = generation.spread.standardized(point, nearest)
    of_centres = generation.place_spread.standardized(point, centres)
    return PASSAGE_WEIGHT * of_passages + CENTRE_WEIGHT * of_centres


def _with_twins(generation: Generation, *numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    own = np.concatenate(numbers)
    return np.union1d(own, _twins_among(generation, own))


def _twins_among(generation: Generation, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    pairs = generation.twin_numbers
    return pairs[np.isin(pairs, numbers).any(axis=1)]


def _rows_of(
    generation: Generation, entries: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    counts = generation.counts[entries]
    starts = counts.cumsum() - counts
    return np.arange(counts.sum()) + (generation.starts[entries] - starts).repeat(counts), starts


def _standardized(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    deviation = float(scores.std())
    if deviation < MIN_DEVIATION:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)
