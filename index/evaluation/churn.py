"""Measure how much a reindex changes the results of the same questions."""

import hashlib
from collections.abc import Iterable, Sequence

from index.embedding.embedder import Embedder
from index.entry import Entry
from index.indexing.reindex import ChangedQuestion, Churn
from index.progress import Progress, no_progress
from index.search.near import near
from index.storage import Generation

FIRST = 10  # neighbours compared
SHOWN = 3  # questions listed


def churn(
    before: Generation,
    after: Generation,
    embedder: Embedder,
    questions: Sequence[str],
    progress: Progress = no_progress,
) -> Churn | None:
    """Compare the neighbours of `questions` in two generations.

    Returns None unless both are in the embedder's space, since results from different spaces cannot
    be compared.
    """
    spaces = {before.manifest.fingerprint.key, after.manifest.fingerprint.key}
    if spaces != {embedder.fingerprint.key}:
        return None
    others: list[ChangedQuestion] = []
    first = 0
    for done, question in enumerate(questions, start=1):
        point = embedder.queries([question])[0]
        replies = (near(one, embedder, question, FIRST, point=point) for one in (before, after))
        old, new = ([item.id for item in reply.neighbours] for reply in replies)
        first += old[:1] != new[:1]
        different = max(len(set(old) - set(new)), len(set(new) - set(old)))
        if different:
            others.append(ChangedQuestion(question=question, changed=different))
        progress("comparing", done, len(questions))
    worst = sorted(others, key=lambda item: (-item.changed, item.question))[:SHOWN]
    return Churn(questions=len(questions), changed=len(others), first=first, worst=tuple(worst))


def golden_questions(entries: Iterable[Entry], count: int) -> list[str]:
    """Choose up to `count` questions from the FAQs of the entries, by hash. A small change to the
    entries changes few of the questions."""
    questions = {item.question for entry in entries for item in entry.faq}
    ranked = sorted(questions, key=lambda question: hashlib.sha256(question.encode()).digest())
    return ranked[:count]
