"""What a person finds before they ask: what there is, what is new, what they asked before."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from index.errors import LedgerError
from index.evaluation.churn import golden_questions
from index.search.browse import Contents, EntryPage, News, PageRef, contents, leaf, news
from index.storage import Generation
from index.storage.db import Ledger

logger = logging.getLogger(__name__)

SEVERAL = 2  # people who asked a question before it is suggested to others
RECENT = 5  # of a person's own questions
NEW = 5  # entries
LOOKED_THROUGH = 100  # changes, or questions, among which some are looked for
SHORT = 60  # characters of a question that is easily read


@dataclass(frozen=True, slots=True)
class Overview:
    """The shelves of the encyclopedia and the leaf that is open, if any; what is new in it; the
    person's own last questions, the newest first; and whether questions are kept at all."""

    contents: Contents
    leaf: EntryPage | None
    news: tuple[News, ...]
    recent: tuple[str, ...]
    keeps: bool = True


def front_of(
    generation: Generation, ledger: Ledger, person: str, place: PageRef | None
) -> Overview:
    """The front for a person, by their id, who leafs at `place`. What the ledger cannot tell for
    now is left out."""
    found: tuple[News, ...] = ()
    recent: tuple[str, ...] = ()
    try:
        found = news(generation, ledger.generations.history(LOOKED_THROUGH), NEW)
        recent = tuple(question.text for question in ledger.asked.recent(person, RECENT))
    except LedgerError as error:
        logger.warning("news and questions cannot be told: %s", error.message)
    opened = leaf(generation, place) if place is not None else None
    return Overview(contents(generation), opened, found, recent)


def suggested_questions(generation: Generation, ledger: Ledger, count: int) -> list[str]:
    """`count` questions to suggest: those that most people asked where everybody could see it, if
    `SEVERAL` did, so that they are nobody's own; then those that entries answer themselves, short
    ones first."""
    try:
        asked = [
            popular.what for popular in ledger.asked.most_asked(count) if popular.people >= SEVERAL
        ]
    except LedgerError as error:
        logger.warning("what is asked most cannot be told: %s", error.message)
        asked = []
    own = golden_questions(generation.entries.values(), LOOKED_THROUGH)
    own.sort(key=lambda question: len(question) > SHORT)
    return list(dict.fromkeys([*asked, *own]))[:count]
