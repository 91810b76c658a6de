"""Report knowledge gaps to the owners: unanswered questions, grouped by meaning."""

from datetime import UTC, datetime, timedelta

import numpy as np

from bot.replies.insights import Gap, Gaps
from index.embedding.embedder import Embedder
from index.search.gaps.clustering import Group, distinct_texts, group_questions
from index.search.near import require_same_model
from index.search.neighbours import mention, mention_of
from index.search.ranking import rank
from index.storage import Generation, Store

NEAREST = 3  # nearest entries shown per gap
COVERED = 0.7  # similarity of an entry to a question that is not a gap


def gaps_of(
    store: Store,
    embedder: Embedder,
    days: int,
    shown: int,
    *,
    since: datetime | None = None,
    in_public_only: bool = False,
) -> Gaps:
    """Return up to `shown` gaps from the last `days` days, or since `since`. Questions to which an
    entry has the similarity `COVERED` are not gaps.

    With `since`, `days` is the rounded length of the period. Only questions visible to the owners
    are included; with `in_public_only`, only those asked in public. Raises `NearsayError` without
    an index or when the ledger cannot be read.
    """
    since = since or datetime.now(UTC) - timedelta(days)
    with store.reading() as generation:
        require_same_model(generation, embedder)
        missed = [
            question
            for question in store.ledger.usage_stats.missed(since, in_public_only=in_public_only)
            # A lookup by name is not a gap once an entry has that name.
            if not (question.by_name and generation.names.resolve(question.text))
        ]
        texts = distinct_texts(missed)
        vectors = embedder.queries(texts) if texts else np.zeros((0, 1), dtype=np.float32)
        groups = group_questions(missed, texts, vectors)
        gaps: list[Gap] = []
        total = len(groups)
        for group in groups:  # only as many as are shown are compared with the entries
            if len(gaps) == shown:
                break
            gap = _gap(generation, group)
            if _is_covered(gap):
                total -= 1
            else:
                gaps.append(gap)
        return Gaps(
            generation=generation.id,
            model=generation.model,
            days=days,
            questions=len(missed),
            people=len({question.person for question in missed}),
            total=total,
            gaps=tuple(gaps),
        )


def _is_covered(gap: Gap) -> bool:
    """Return whether an entry of another name answers the questions of a gap."""
    return gap.entry is None and any((one.similarity or 0.0) >= COVERED for one in gap.nearest)


def _gap(generation: Generation, group: Group) -> Gap:
    named = [found.entry_id for found in generation.names.find_exact(group.title)[:1]]
    nearest = rank(generation, group.examples[0], group.centre, NEAREST, without=named).found
    return Gap(
        title=group.title,
        questions=group.questions,
        people=group.people,
        examples=group.examples,
        nearest=tuple(mention(generation, found) for found in nearest),
        entry=mention_of(generation, named[0], 1.0) if named else None,
    )
