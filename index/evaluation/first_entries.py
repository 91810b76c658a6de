"""Compare the first entries that the same questions find in two generations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.embedding.embedder import Embedder
from index.progress import Progress, no_progress
from index.search.near import embed_queries, near
from index.storage import Generation

SHOWN = 5  # changes listed


@dataclass(frozen=True, slots=True)
class ChangedFirst:
    """A question with the term of the entry that it found first, before and after; empty if it
    found none."""

    question: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FirstEntries:
    """How many of `questions` questions find another entry first. `shown` are some of them."""

    questions: int
    changed: int
    shown: tuple[ChangedFirst, ...]


def compare_first(
    before: Generation,
    after: Generation,
    embedder: Embedder,
    questions: Sequence[str],
    report: Progress = no_progress,
) -> FirstEntries:
    """Compare the first entries of `questions`. The changed ones are listed in the same order.

    Raises `ModelMismatch` unless both generations are in the embedder's space.
    """
    changed = []
    if before.id != after.id and questions:
        total = 2 * len(questions)
        firsts: list[list[tuple[str, str]]] = [[], []]
        for one, found in zip((before, after), firsts, strict=True):
            for first in _firsts(one, embedder, questions):
                found.append(first)
                report("comparing", sum(map(len, firsts)), total)
        for question, (old_id, old), (new_id, new) in zip(questions, *firsts, strict=True):
            if old_id != new_id:
                changed.append(ChangedFirst(question, old, new))
    return FirstEntries(len(questions), len(changed), tuple(changed[:SHOWN]))


def _firsts(
    generation: Generation, embedder: Embedder, questions: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield the id and the term of the first entry of each question, both empty if it has none."""
    points = embed_queries(generation, embedder, questions)
    for question, point in zip(questions, points, strict=True):
        reply = near(generation, embedder, question, 1, point=point)
        found = () if reply.sparse else reply.neighbours
        yield (found[0].id, found[0].term) if found else ("", "")
