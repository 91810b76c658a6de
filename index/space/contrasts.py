"""Two entries side by side: what each is, how near they are, and what separates them."""

from __future__ import annotations

import numpy as np

from index.entry import Entry, asked_alike
from index.names import name_key
from index.space.asked import Asked, Told, cite
from index.space.extracts import definition_of, nearest_sentence, sentences_of
from index.space.neighbours import own_point
from index.space.passages import cosines_of
from index.space.results import Citation, Mention

BANDS = {
    "very close": "very close to each other",
    "close": "close to each other",
    "related": "related",
    "far": "far from each other",
}


def contrast(asked: Asked, one: Entry, other: Entry) -> Told:
    """Both definitions, how near the two are, and what one entry says that tells them apart."""
    cosine = _cosine(asked, one, other)
    band = asked.generation.manifest.calibration.band(cosine)
    apart, citation = _what_separates(asked, one, other)
    alike = f"The two are {BANDS[band]} ({cosine:.2f})."
    lines = [definition_of(one), definition_of(other), alike, apart]
    citations = (cite(one, "Definition"), cite(other, "Definition"), *citation)
    nearest = (
        Mention(one.id, one.term, one.category, 1.0),
        Mention(other.id, other.term, other.category, round(cosine, 4)),
    )
    return Told("\n\n".join(line for line in lines if line), citations, "sure", nearest)


def _cosine(asked: Asked, one: Entry, other: Entry) -> float:
    """How similar two entries are: the place of each and the nearest passage of the other,
    in the mean."""
    generation = asked.generation
    nearest = []
    for a, b in ((one, other), (other, one)):
        rows = np.array(generation.rows_of[b.id])
        nearest.append(cosines_of(generation, rows, own_point(generation, a.id)).max())
    return float(np.mean(nearest))


def _what_separates(asked: Asked, one: Entry, other: Entry) -> tuple[str, tuple[Citation, ...]]:
    """What is said of one beside the other: in answer to a question that names both; as the reason
    why they are related; else the sentence of each that is nearest to the other."""
    for a, b in ((one, other), (other, one)):
        names = {name_key(name) for name in (b.term, *b.aliases)}
        for first, *others in asked_alike(a.faq):
            asked_for = [name_key(item.question) for item in (first, *others)]
            if any(f" {name} " in f" {key} " for name in names for key in asked_for):
                return first.answer, (cite(a, first.question),)
    reasons = [
        (f"{b.term}, seen from {a.term}: {item.why}", cite(a, "Related terms"))
        for a, b in ((one, other), (other, one))
        for item in a.related
        if item.id == b.id
    ]
    if reasons:
        return "\n".join(text for text, _ in reasons), tuple(place for _, place in reasons)
    told = []
    for a, b in ((one, other), (other, one)):
        texts = [sentence for section in a.sections for sentence in sentences_of(section.text)]
        if texts:
            sentence = nearest_sentence(asked.embedder, asked.point(b.definition), texts)
            told.append(f"From {a.term}: {sentence}")
    return "\n".join(told), ()
