"""A question answered by what lies nearest to it: the best entry, and its passage that answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry, Passage
from index.names import name_key
from index.space.asked import NEAREST, Asked, Told, cite
from index.space.asks import Lean, asks_for_name, lean_of, put_in
from index.space.extracts import behind_term, extract, running_text
from index.space.neighbours import mention
from index.space.passages import cosines_of
from index.space.ranking import Candidate, rank
from index.space.results import Confidence
from index.store import Generation

NOTHING = "The encyclopedia says nothing about this, and a guess would not help you."
LOOKED_AT = 10  # entries
SURE, QUITE_SURE = 0.9, 0.7  # similarity of the first entry, at least
# Percentiles of a passage's cosine from which it is near, where it is looked at for an entry.
VERY_CLOSE, CLOSE, RELATED = 99.5, 97.0, 85.0
# What the entry in focus is ahead of others, in cosine, for a question that leans on the thread.
HEAD_START: dict[Lean, float] = {"points": 0.35, "short": 0.05}
# What a passage is worth to an answer beside its nearness, in cosine: answers were written to be
# answers, while a definition is short and near to whatever names its term.
WORTH = {"question": 0.06, "answer": 0.06, "section": 0.0, "example": -0.05, "definition": -0.02}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a question lies, and the entries that are near there."""

    text: str
    point: NDArray[np.float32]
    found: list[Candidate]
    sparse: bool


@dataclass(frozen=True, slots=True)
class _Within:
    """The passage of an entry that answers best, its cosine to the question, and where that
    lies."""

    entry: Entry
    passage: Passage
    cosine: float
    point: NDArray[np.float32]


def by_meaning(
    asked: Asked, question: str, *, only: Entry | None = None, without: Collection[str] = ()
) -> Told:
    """What the entry says that is nearest to `question`: any, or `only` this one, or none of those
    `without`. A question that leans on the thread is asked of the entry in focus, unless another
    is nearer by itself."""
    if only is not None:
        return _from_entry(asked, _within(asked, only, question))
    place = _place(asked, question, without)
    if asked.focus is not None and asked.focus.id not in without:
        lean = lean_of(question)
        if lean == "points" or (lean == "short" and _may_continue(place, asked.focus)):
            within = _within(asked, asked.focus, question)
            if _stays(asked, place, within, lean):
                return _from_entry(asked, within)
            if lean == "points" and not _moves_on(asked, place):
                return _declined(asked, place, f"The entry on {asked.focus.term} does not say.")
    if not place.found or place.sparse:
        return _declined(asked, place)
    return _from_found(asked, place)


def _place(asked: Asked, text: str, without: Collection[str] = ()) -> _Place:
    generation = asked.generation
    point = asked.point(text)
    ranking = rank(generation, text, point, LOOKED_AT, without=without)
    return _Place(text, point, ranking.found, ranking.sparse)


def _within(asked: Asked, entry: Entry, question: str) -> _Within:
    """The passage of `entry` that answers best to a question about it: with its name, and with its
    abbreviation, put in where the question does not say it."""
    short = [name for name in entry.aliases if sum(letter.isupper() for letter in name) > 1]
    texts = [question]
    if entry.id not in asked.generation.names.mentioned(question):
        texts = [put_in(question, name) for name in (entry.term, *short[:1])]
    as_it_stands = asked.point(question)
    chosen = []
    for text in texts:
        point = asked.point(text)
        # The name draws towards what speaks of the entry at large; the bare question does not.
        between = point + as_it_stands
        passage, _ = _best_passage(asked, entry, between / np.linalg.norm(between))
        row = np.array(asked.generation.rows([passage.id]))
        chosen.append((passage, float(cosines_of(asked.generation, row, point)[0]), point))
    return _Within(entry, *max(chosen, key=lambda item: item[1]))


def _may_continue(place: _Place, focus: Entry) -> bool:
    """Whether a short question can be about `focus` at all: where nothing is near it as it stands,
    that has to be the nearest all the same."""
    return not place.sparse or (bool(place.found) and place.found[0].entry_id == focus.id)


def _stays(asked: Asked, place: _Place, within: _Within, lean: Lean) -> bool:
    """Whether a leaning question is about the entry in focus: that says something near enough, and
    no other is nearer by its head start to the question as it stands."""
    if _percentile(asked, within.cosine) < (RELATED if lean == "points" else CLOSE):
        return False
    others = [item.cosine for item in place.found if item.entry_id != within.entry.id]
    ahead = 0.0 if place.sparse or not others else others[0]
    return within.cosine + HEAD_START[lean] >= ahead


def _moves_on(asked: Asked, place: _Place) -> bool:
    """Whether a question that points at the focus is answered elsewhere as it stands."""
    return not place.sparse and _percentile(asked, place.found[0].cosine) >= VERY_CLOSE


def _from_entry(asked: Asked, within: _Within) -> Told:
    """What an entry says to a question that is about it."""
    entry = within.entry
    heading, told = _said(asked, entry, within.passage, within.point)
    very_close = _percentile(asked, within.cosine) >= VERY_CLOSE
    confidence: Confidence = "quite sure" if very_close else "not sure"
    return Told(told, (cite(entry, heading),), confidence, asked.beside(entry))


def _from_found(asked: Asked, place: _Place) -> Told:
    """What the first entry says."""
    first = place.found[0]
    entry = asked.generation.entries[first.entry_id]
    passage, _ = _best_passage(asked, entry, place.point, naming=asks_for_name(place.text))
    heading, text = _said(asked, entry, passage, place.point)
    return Told(
        text,
        (cite(entry, heading),),
        _confidence(first.similarity),
        tuple(mention(asked.generation, item) for item in place.found[:NEAREST]),
    )


def _confidence(similarity: float) -> Confidence:
    """From how similar the first entry is."""
    if similarity >= SURE:
        return "sure"
    return "quite sure" if similarity >= QUITE_SURE else "not sure"


def _best_passage(
    asked: Asked, entry: Entry, point: NDArray[np.float32], *, naming: bool = False
) -> tuple[Passage, float]:
    """The passage of `entry` that answers best, and its cosine to `point`; where it is about the
    `naming` of what was described, one that tells the name."""
    generation = asked.generation
    rows = np.array(generation.rows_of[entry.id])
    rows = rows[~generation.hidden[rows]]
    if naming:
        rows = _where_named(generation, rows)
    cosines = cosines_of(generation, rows, point)
    worth = np.array([WORTH[generation.passages[row].kind] for row in rows])
    best = int((cosines + worth).argmax())
    return generation.passages[rows[best]], float(cosines[best])


def _where_named(generation: Generation, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of an entry's passages that ask for its name or answer that; all where none does."""
    passages = [generation.passages[row] for row in rows]
    headings = {
        passage.heading
        for passage in passages
        if passage.kind == "question" and asks_for_name(passage.text)
    }
    return rows[[not headings or passage.heading in headings for passage in passages]]


def _said(
    asked: Asked, entry: Entry, passage: Passage, point: NDArray[np.float32]
) -> tuple[str, str]:
    """The heading a passage stands under, and what of it answers; a question gives its answer."""
    if passage.kind in ("question", "answer"):
        answer = next(item.answer for item in entry.faq if item.question == passage.heading)
        return passage.heading, answer
    if passage.text == entry.definition or name_key(passage.heading) == name_key(entry.term):
        return passage.heading, behind_term(entry, running_text(entry, passage.text))
    if passage.kind == "definition":
        return passage.heading, behind_term(entry, passage.text)
    return passage.heading, extract(asked.embedder, point, entry.term, passage.text)


def _declined(asked: Asked, place: _Place, text: str = NOTHING) -> Told:
    near = tuple(mention(asked.generation, item) for item in place.found[:NEAREST])
    return Told(text, nearest=near, sparse=place.sparse)


def _percentile(asked: Asked, cosine: float) -> float:
    return asked.generation.manifest.calibration.percentile(cosine)
