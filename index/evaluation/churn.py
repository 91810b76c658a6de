"""How much a reindex changes answers: the same questions put to two generations."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from index.build.reindex import Churn, Worst
from index.embedding.embedder import Embedder
from index.entry import Entry
from index.search.near import near
from index.storage import Generation

FIRST = 10  # neighbours compared
SHOWN = 3  # questions named


def churn(
    before: Generation,
    after: Generation,
    embedder: Embedder,
    questions: Sequence[str],
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Churn | None:
    """How the neighbours of `questions` differ between two generations.

    None when the two lie in different spaces, or in another than the embedder's: then every
    answer is another.
    """
    spaces = {before.manifest.fingerprint.key, after.manifest.fingerprint.key}
    if spaces != {embedder.fingerprint.key}:
        return None
    others: list[Worst] = []
    first = 0
    for done, question in enumerate(questions, start=1):
        point = embedder.queries([question])[0]
        old, new = (
            [
                item.id
                for item in near(generation, embedder, question, FIRST, point=point).neighbours
            ]
            for generation in (before, after)
        )
        first += old[:1] != new[:1]
        different = max(len(set(old) - set(new)), len(set(new) - set(old)))
        if different:
            others.append(Worst(question=question, changed=different))
        progress("comparing", done, len(questions))
    worst = sorted(others, key=lambda item: (-item.changed, item.question))[:SHOWN]
    return Churn(questions=len(questions), changed=len(others), first=first, worst=tuple(worst))


def golden_questions(entries: Iterable[Entry], count: int) -> list[str]:
    """`count` of the questions that entries answer themselves, always the same ones for the same
    entries, and few others when few entries change."""
    questions = {item.question for entry in entries for item in entry.faq}
    ranked = sorted(questions, key=lambda question: hashlib.sha256(question.encode()).digest())
    return ranked[:count]
