"""Data for the Home tab: categories, recent changes, the user's recent questions."""

import logging
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from bot.commands.examples import example_terms, term_questions
from index.errors import LedgerError
from index.names import content_words
from index.search.answers.intents import refers_back
from index.search.browse import (
    Contents,
    EntryPage,
    PageRef,
    RecentChange,
    contents,
    entry_page,
    recent_changes,
)
from index.storage import Generation
from index.storage.db.ledger import Ledger

logger = logging.getLogger(__name__)

MIN_ASKERS = 2  # a question is suggested if at least this many users asked it
RECENT = 5  # recent questions shown to the user
NEW = 5  # recent changes shown
MAX_LOOKED_AT = 100  # candidates considered for changes and for questions
SHORT_QUESTION = 60  # characters; shorter questions are suggested first
SUGGESTED = 3  # questions suggested on the Home tab


@dataclass(frozen=True, slots=True)
class Overview:
    """The categories, the open page if any, recent changes, and the user's last questions, newest
    first. `keeps` says whether questions are logged. `suggested` are questions for a newcomer."""

    contents: Contents
    leaf: EntryPage | None
    news: tuple[RecentChange, ...]
    recent: tuple[str, ...]
    keeps: bool = True
    suggested: tuple[str, ...] = ()


def overview_of(
    generation: Generation, ledger: Ledger, person: str, place: PageRef | None
) -> Overview:
    """Return the Home tab's data for a user id, with the page at `place`.

    If the ledger cannot be read, the recent changes and questions are empty.
    """
    found: tuple[RecentChange, ...] = ()
    recent: tuple[str, ...] = ()
    try:
        found = recent_changes(generation, ledger.generations.history(MAX_LOOKED_AT), NEW)
        asked = (question.text for question in ledger.questions.recent(person, MAX_LOOKED_AT))
        recent = tuple(
            islice((text for text in asked if not _is_fragment(generation, text)), RECENT)
        )
    except LedgerError as error:
        logger.warning("Home tab shown without recent changes and questions: %s", error.message)
    opened = entry_page(generation, place) if place is not None else None
    return Overview(contents(generation), opened, found, recent)


def suggested_questions(
    generation: Generation, ledger: Ledger | None, count: int, *, bundled: bool = True
) -> list[str]:
    """Return up to `count` questions to suggest.

    First come the answered questions that the most users asked in public channels, if there is a
    `ledger`. Each was asked by at least `MIN_ASKERS` users, so that no suggestion reveals one
    user's question. Then come questions of the entries that most others name as related, short ones
    first. If the encyclopedia is off (not `bundled`), all of them are about entries of the index,
    and questions made from their terms come last.
    """
    try:
        asked = [
            question.what
            for question in (ledger.questions.most_asked(count) if ledger else ())
            if question.people >= MIN_ASKERS
        ]
    except LedgerError as error:
        logger.warning("suggestions without popular questions: %s", error.message)
        asked = []
    own = _central_questions(generation)
    if not bundled:
        asked = [question for question in asked if generation.names.find_in(question)]
        own += term_questions(example_terms(entry.term for entry in generation.listed))
    return list(dict.fromkeys([*asked, *own]))[:count]


def _central_questions(generation: Generation) -> list[str]:
    """Return the first question of each of the most central entries, short questions first: an
    entry is central if many others name it as related."""
    entries = generation.entries.values()
    linked = Counter(item.id for entry in entries for item in entry.related)
    central = sorted(entries, key=lambda entry: -linked[entry.id])
    questions = [entry.faq[0].question for entry in central if entry.faq][:MAX_LOOKED_AT]
    return sorted(questions, key=lambda question: len(question) > SHORT_QUESTION)


def _is_fragment(generation: Generation, text: str) -> bool:
    """Return whether a question cannot be understood without its conversation; a name can."""
    if len(text.split()) == 1 and generation.names.find_in(text):
        return False
    return not content_words(text) or refers_back(text)
