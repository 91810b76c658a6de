"""Answers from the entries."""

from __future__ import annotations

from index.embedder import Embedder
from index.space.near import near
from index.space.results import Answer, Citation, Mention
from index.space.thread import Thread
from index.store import Generation


def answer(generation: Generation, embedder: Embedder, question: str, thread: Thread) -> Answer:
    """What the entries say to `question`."""
    found = near(generation, embedder, question, 5)
    nearest = tuple(Mention(n.id, n.term, n.category, n.similarity) for n in found.neighbours)
    best = generation.entries[found.neighbours[0].id]
    passage = found.neighbours[0].passage
    answers = {item.question: item.answer for item in best.faq}
    text = answers.get(passage.heading, f"{best.term}: {best.definition}")
    if "example" in question and thread.entries:
        best = generation.entries[thread.entries[0]]
        text = best.example
    answered = not found.sparse or best.id in thread.entries
    return Answer(
        generation=found.generation,
        model=found.model,
        question=question,
        answered=answered,
        text=text if answered else "Nothing in the glossary answers this.",
        citations=(Citation(best.id, best.term, "What it is"),) if answered else (),
        confidence="quite sure" if answered else "none",
        sparse=not answered,
        nearest=nearest,
        follow_ups=tuple(item.question for item in best.faq[:3]),
    )
