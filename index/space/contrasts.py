"""Two entries side by side: what each is, and what separates them."""

from __future__ import annotations

from index.entry import Entry, asked_alike
from index.names import name_key
from index.space.asked import Asked, Told, cite
from index.space.extracts import definition_of, nearest_sentence, sentences_of
from index.space.neighbours import named
from index.space.results import Citation
from index.space.similarity import entry_similarity


def contrast(asked: Asked, one: Entry, other: Entry) -> Told:
    """Both definitions, and what one entry says that tells them apart."""
    similarity = entry_similarity(asked.generation, one.id, other.id)
    apart, citation = _what_separates(asked, one, other)
    lines = [definition_of(one), definition_of(other), apart]
    citations = (cite(one, "Definition"), cite(other, "Definition"), *citation)
    nearest = (
        named(asked.generation, one.id, 1.0),
        named(asked.generation, other.id, similarity),
    )
    return Told("\n\n".join(line for line in lines if line), citations, "sure", nearest)


def _what_separates(asked: Asked, one: Entry, other: Entry) -> tuple[str, tuple[Citation, ...]]:
    """What is said of one beside the other: in answer to a question that names both; as the reason
    why they are related; else the sentence of each that is nearest to the other."""
    for a, b in ((one, other), (other, one)):
        names = {name_key(name) for name in (b.term, *b.aliases)}
        for first, *others in asked_alike(a.faq):
            asked_for = [name_key(item.question) for item in (first, *others)]
            if any(f" {name} " in f" {key} " for name in names for key in asked_for):
                return f"{first.question}\n{first.answer}", (cite(a, first.question),)
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
