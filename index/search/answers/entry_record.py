"""Answer questions about the record of an entry: its owner, its date, its origin or its status."""

from collections.abc import Callable
from dataclasses import replace

from index.entry import Entry
from index.names import name_key
from index.search.answers.context import AnswerDraft, QuestionContext, draft_from
from index.search.answers.intents import plain, without_lead
from index.search.text_similarity import stems
from index.sources.source import BUNDLED, WRITTEN
from index.text import word_set

HEADING = "Record"  # the heading of the citation

# A question is about the record of an entry if it has one of these words, and beside the name of an
# entry no other words than these and fillers.
_OWNER = word_set(
    "owner owns owned own maintains maintainer maintained manages author editor wrote writes whose "
    "responsible charge contact ask looks approved approves signed added edited"
)
_DATE = word_set(
    "date dated old outdated current updated update changed change reviewed edited revised recent "
    "valid"
)
_STATUS = word_set("status approved official final draft agreed confirmed")
_ORIGIN = word_set("from source origin originate get got glossary document file")
_WHO, _WHEN = (
    word_set("who who's whose owner author maintainer editor contact"),
    word_set("when how"),
)
_FILLERS = word_set(
    "a about after an any are be come comes did do does for has have here i in is it its it's last "
    "of off on should still that the there these this to up was we were what what's where where's "
    "which with you definition entry term page text"
)
_WORDS = _OWNER | _DATE | _STATUS | _ORIGIN | _WHO | _WHEN | _FILLERS
# A bundled page has no owner, and may well say who made a thing, and how old it is. So a question
# about its record has one of these words.
_OF_PAGE = word_set("current glossary outdated reviewed source updated")
MAX_NAME_WORDS = 6


def answer_from_record(context: QuestionContext) -> AnswerDraft | None:
    """Answer a question about the record of an entry that it names, or of the topic, or return
    None, also for a question that the entry itself answers. What is not recorded is said; no text
    of the entry is shown for it."""
    text = name_key(without_lead(plain(context.question)))
    text = text.replace("up to date", "current").replace("out of date", "outdated")
    named, rest = _split(context, text.split())
    entry = named or context.focus
    describe = _field_of(rest) if rest <= _WORDS else None
    if entry is None or describe is None:
        return None
    if entry.source == BUNDLED and not rest & _OF_PAGE:
        return None
    asked, name = stems(context.question), stems(entry.term)
    if any(stems(item.question) - name == asked - name for item in entry.faq):
        return None
    draft = draft_from(context, entry, HEADING, describe(entry))
    return replace(draft, nearest=draft.nearest[:1])


def _split(context: QuestionContext, words: list[str]) -> tuple[Entry | None, frozenset[str]]:
    """Return the entry with the longest name in a question, if any, and the words beside it."""
    generation = context.generation
    for length in range(min(MAX_NAME_WORDS, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            part = words[start : start + length]
            if _WORDS.issuperset(part):
                continue
            if named := generation.names.find_exact(" ".join(part)):
                rest = frozenset((*words[:start], *words[start + length :]))
                return generation.entries[named[0].entry_id], rest
    return None, frozenset(words)


def _field_of(words: frozenset[str]) -> Callable[[Entry], str] | None:
    if words & _WHO and words & _OWNER:
        return _owner
    if words & _DATE or (words & _WHEN and words & _OWNER):
        return _date
    if words & _STATUS:
        return _status
    return _origin if words & _ORIGIN else None


def _owner(entry: Entry) -> str:
    if entry.owner:
        return f"The owner of {entry.term} is {entry.owner.rstrip('.')}."
    return f"No owner is recorded for {entry.term}."


def _date(entry: Entry) -> str:
    dates = [
        f"{what} on {day:%-d %B %Y}"
        for what, day in (("last updated", entry.updated), ("last reviewed", entry.reviewed))
        if day
    ]
    if not dates:
        return f"No date is recorded for {entry.term}."
    return f"{entry.term} was {' and '.join(dates)}."


def _origin(entry: Entry) -> str:
    if entry.source == WRITTEN:
        text = f"{entry.term} was written in Nearsay."
    elif entry.source == BUNDLED:
        text = f"{entry.term} is from the bundled encyclopedia."
    elif entry.source:
        file = f" ({entry.path})" if entry.path else ""
        text = f'{entry.term} is from the source "{entry.source}"{file}.'
    else:
        text = f"No source is recorded for {entry.term}."
    return f"{text} {entry.url}" if entry.url else text


def _status(entry: Entry) -> str:
    if entry.status:
        return f"The status of {entry.term} is: {entry.status}."
    return f"No status is recorded for {entry.term}."
