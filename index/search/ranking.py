"""Rank the entries near a text.

Each source of the index is ranked for itself, so that its scores do not depend on the others. The
score of an entry is a weighted sum of three signals: the cosine of the text to the nearest passage
of the entry, the cosine to the centre of the entry (the mean direction of its passages), and the
BM25 score of the whole entry. Each is in standard deviations from its mean over the source. For
bundled entries, the cosines are those of the text as adapted (see `question_adapter`).

The first `RERANKED` entries of a source get a second look, by late interaction. An entry linked to
the best one by a related term gains a share of the difference in score. The module `similarity`
maps scores to 0…1; the lists of the sources are merged by the result.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.deadline import check_deadline
from index.search.abstention import part_evidence
from index.search.question_adapter import adapted_to_entries
from index.search.results import Match
from index.search.retrieval import Cosines, rows_of
from index.search.similarity import similarity_of
from index.sources.source import BUNDLED, is_bundled_phrase
from index.statistics.source_statistics import SourceStatistics, standardized_words
from index.storage import Generation
from index.storage.generation import SourcePart

PASSAGE_WEIGHT, CENTRE_WEIGHT, BM25_WEIGHT = 0.5, 0.5, 0.3
RERANKED = 20  # entries of a source that get a second look
TOKEN_WEIGHT = 30.0  # weight of the late-interaction similarity
UNRELATED_TOKENS = 0.71  # late-interaction similarity of a text to an unrelated entry
LINK_SHARE = 0.3  # share of the difference to the best score that a linked entry gains
CANDIDATE_ENTRIES = 40  # by BM25
LONG = 10  # entries in a list; for a longer one, every entry is a candidate


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate for a list of near entries. `passage_id` is the passage to show, never a search
    phrase. `cosine` (-1…1) is the model's own cosine of the nearest passage, and `similarity`
    (0…1) the displayed number. `match` is the kind of name match, or the signal that contributed
    most to the score. `asked_as` is the bundled search phrase that is nearer than any other
    passage, or empty."""

    entry_id: str
    passage_id: str
    cosine: float
    similarity: float
    match: Match
    asked_as: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The entries near a text, best first. `sparse` is true if the text is out of domain."""

    found: list[Candidate]
    sparse: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Query:
    """A text with its cosines, its cosines as adapted to bundled entries, and the entries that it
    names."""

    text: str
    cosines: Cosines
    adapted: Cosines
    named: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    """Entries (`int64[k]`) with their scores and similarities (`float32[k]`), and whether words
    contributed most to a score (`bool[k]`). `is_sparse` is true if their source does not cover the
    text."""

    numbers: NDArray[np.int64]
    scores: NDArray[np.float32]
    similarities: NDArray[np.float32]
    by_words: NDArray[np.bool_]
    is_sparse: bool


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
    """Return the `limit` entries nearest to `text`, best first. Ties are broken by id. `point` is
    the vector of the text, `float32[d]`.
    Misspelt names are corrected. An empty text ranks by embedding only, without adapting the point.
    Ids in `without` are left out; ids in `besides` are appended if they are not among the first.
    Neither the limit nor a keyword argument changes the similarity of an entry. A
    glossary entry scores at least as high as the bundled entry with the same term, which is left
    out unless `source` is the bundled encyclopedia."""
    check_deadline()
    text = generation.corrected(text)
    adapted = adapted_to_entries(generation, point) if text else point
    cosines = Cosines(generation, point)
    query = _Query(
        text,
        cosines,
        cosines if adapted is point else Cosines(generation, adapted),
        frozenset(generation.number_of[one] for one in generation.names.main_names_in(text)),
    )
    extra = np.array([generation.number_of[one] for one in besides], dtype=np.int64)
    within = generation.entries_within(category, source)
    if limit > LONG or category is not None:
        extra = np.union1d(extra, np.flatnonzero(within))
    parts = [part for part in generation.parts if source in (None, part.name)]
    scored = [_score(generation, part, query, extra) for part in parts if part.name != BUNDLED]
    is_second = any(not one.is_sparse for one in scored)
    scored += [
        _score(generation, part, query, extra, is_second=is_second)
        for part in parts
        if part.name == BUNDLED
    ]
    found = _merged(generation, scored, source)
    sparse = found.is_sparse
    if category is not None and not sparse:
        sparse = not query.named and all(
            part_evidence(generation, part, cosines, within) < 0 for part in parts
        )
    shown = generation.entries_shown(category, source)[found.numbers]
    left_out = {generation.number_of[one] for one in without if one in generation.number_of}
    similarities = found.similarities.astype(np.float64).round(4)
    order = np.lexsort(
        (generation.places_by_id[found.numbers], -found.scores.round(4), -similarities)
    )
    kept = [at for at in order.tolist() if shown[at] and int(found.numbers[at]) not in left_out]
    kept[limit:] = [at for at in kept[limit:] if generation.ids[found.numbers[at]] in besides]
    return Ranking(
        [_candidate(generation, cosines, found, at, float(similarities[at])) for at in kept],
        sparse,
    )


def _candidate(
    generation: Generation, cosines: Cosines, found: _Scored, at: int, similarity: float
) -> Candidate:
    number = found.numbers[at]
    rows, _ = rows_of(generation, found.numbers[at : at + 1])
    own = cosines.of_rows(rows)
    shown = np.where(generation.hidden[rows], -np.inf, own)
    nearest = generation.passages[rows[own.argmax()]]
    is_asked = nearest.kind == "phrase" and bool(generation.bundled[number])
    return Candidate(
        generation.ids[number],
        generation.passages[rows[shown.argmax()]].id,
        float(own.max()),
        similarity,
        "words" if found.by_words[at] else "meaning",
        nearest.text if is_asked and is_bundled_phrase(nearest.entry_id, nearest.text) else "",
    )


def _score(
    generation: Generation,
    part: SourcePart,
    query: _Query,
    extra: NDArray[np.int64],
    *,
    is_second: bool = False,
) -> _Scored:
    """Score the entries of one source: those near the text, and those in `extra`. `is_second` is
    explained in `similarity_of`."""
    words = np.zeros(len(part.numbers), dtype=np.float32)
    if query.text:
        words = standardized_words(part.words.scores(query.text))
    cosines = query.adapted if part.name == BUNDLED else query.cosines
    most = np.argsort(-words, kind="stable")[:CANDIDATE_ENTRIES]
    near = np.union1d(cosines.compared(part), part.numbers[most[words[most] > 0]])
    numbers = np.union1d(near, extra[np.isin(extra, part.numbers)])
    if not len(numbers):
        return _Scored(numbers, words[:0], words[:0], np.zeros(0, dtype=np.bool_), is_sparse=True)
    of_meaning = _meaning_scores(generation, part.statistics, cosines, numbers)
    of_words = BM25_WEIGHT * words[np.searchsorted(part.numbers, numbers)]
    # What is near, and so the second look and the best entry, must not depend on the limit, the
    # filters or `besides`.
    is_near = np.isin(numbers, near)
    scores = _reranked(generation, query.text, numbers, of_meaning + of_words, is_near)
    head = int(np.argmax(np.where(is_near, scores, -np.inf)))
    links = generation.links[generation.ids[numbers[head]]]
    linked = np.array([generation.ids[number] in links for number in numbers.tolist()])
    scores = scores + LINK_SHARE * linked * np.maximum(scores[head] - scores, 0)
    evidence = part_evidence(generation, part, query.cosines)
    is_sparse = evidence < 0 and query.named.isdisjoint(part.numbers.tolist())
    similarities = similarity_of(scores, evidence, out_of_domain=is_sparse, is_second=is_second)
    return _Scored(numbers, scores, similarities, of_words > of_meaning, is_sparse)


def _meaning_scores(
    generation: Generation,
    statistics: SourceStatistics,
    cosines: Cosines,
    numbers: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Return the scores of entries by the cosines of their nearest passages and centres."""
    centres = generation.centres[numbers] @ cosines.point
    of_passages = statistics.passages.standardized(cosines.point, cosines.nearest(numbers))
    of_centres = statistics.centres.standardized(cosines.point, centres)
    return PASSAGE_WEIGHT * of_passages + CENTRE_WEIGHT * of_centres


def _reranked(
    generation: Generation,
    text: str,
    numbers: NDArray[np.int64],
    scores: NDArray[np.float32],
    is_near: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Add the late-interaction similarities of the first `RERANKED` near entries, minus their mean,
    to the scores. The other entries count as the least similar of these, and stay behind them."""
    if generation.tokens is None or not text or not is_near.any():
        return scores
    first = np.argsort(-np.where(is_near, scores, -np.inf), kind="stable")
    first = first[: min(RERANKED, int(is_near.sum()))]
    found = generation.tokens.similarities(generation.expanded(text), numbers[first].tolist())
    missing = RERANKED - len(first)
    mean = (float(found.sum()) + missing * UNRELATED_TOKENS) / RERANKED
    reranked = scores + TOKEN_WEIGHT * (found.min() - mean)
    last = scores[first] + TOKEN_WEIGHT * (found - mean)
    reranked = np.minimum(reranked, last.min())
    reranked[first] = last
    return np.asarray(reranked, dtype=np.float32)


def _merged(generation: Generation, scored: Sequence[_Scored], source: str | None) -> _Scored:
    """Merge the entries of several sources. Unless one source is asked for, an own entry is at
    least as similar as the bundled entry with the same term."""
    found = _Scored(
        np.concatenate([one.numbers for one in scored]),
        np.concatenate([one.scores for one in scored]),
        np.concatenate([one.similarities for one in scored]),
        np.concatenate([one.by_words for one in scored]),
        all(one.is_sparse for one in scored),
    )
    if source is None:
        at = {number: place for place, number in enumerate(found.numbers.tolist())}
        for bundled, own in generation.twin_numbers.tolist():
            if bundled in at and own in at:
                for values in (found.scores, found.similarities):
                    values[at[own]] = max(values[at[own]], values[at[bundled]])
    return found
