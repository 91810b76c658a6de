"""Check the house style of the bundled pages: spelling, wording, sources for figures, dates, and
repeated examples."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from index.entry import Entry
from index.text import words_in

# Stems of the words that take -ize. Words such as "analyse" and "revise" do not.
_STEMS = (
    "author|categor|character|custom|emphas|final|general|initial|maxim|memor|minim|modern|normal|"
    "optim|organ|personal|prior|quant|random|real|recogn|regular|special|standard|summar|"
    "synchron|token|util|vector|visual"
)
_SPELLING = re.compile(
    rf"\b(?:(?:{_STEMS})(?:is(?:e|ed|es|ing|er|ers)|isations?)|behaviors?|centers?|colors?|"
    r"favorites?|labeled|labeling|modeling|analyz\w+)\b",
    re.IGNORECASE,
)
_PHRASES = re.compile(
    r"\b(?:drawn by lot|by lot|in today's world|it is important to note|needless to say|"
    r"studies (?:show|suggest|have shown)|research shows|experts (?:say|agree)|experiments show|"
    r"delve|game[- ]changer)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\b\d+(?:\.\d+)? ?(?:%|per ?cent\b)")
_MADE_UP = re.compile(
    r"\b(?:invent\w*|made[- ]up|make up|imagine\w*|imaginary|imagination|fiction\w*|not real|"
    r"(?:none|all) of this|nobody real|it never happened|nothing here really|"
    r"did not happen|does not exist|"
    r"(?:neither|no such)\b.*\b(?:exists?|real)|no such \w+|suppose|picture a|thought[- ]up|"
    r"illustrat\w+)\b",
    re.IGNORECASE,
)
OVERLAP_WORDS = 8  # consecutive words that no two examples may share


def check_style(entries: Sequence[Entry], today: date) -> Iterator[tuple[str, str]]:
    """Yield an (entry id, description) pair for each violation of the house style."""
    for entry in entries:
        for fault in _faults(entry, today):
            yield entry.id, fault
    yield from _shared_examples(entries)


def _faults(entry: Entry, today: date) -> Iterator[str]:
    # Quoted text (titles of works, prompts) keeps its own spelling.
    text = re.sub(r'"[^"\n]*"|`[^`\n]*`|^>.*$', "", "\n".join(_texts(entry)), flags=re.MULTILINE)
    for word in sorted({found.group().lower() for found in _SPELLING.finditer(text)}):
        yield f'"{word}" is not in the house spelling (British, with -ize)'
    for phrase in sorted({found.group().lower() for found in _PHRASES.finditer(text)}):
        yield f'"{phrase}" is a filler phrase: state the fact itself'
    sections = "\n".join(section.text for section in entry.sections)
    if not entry.references and (figure := _FIGURE.search(sections)):
        yield f'"{figure.group()}" has no source: the page has no references'
    if entry.example and not _MADE_UP.search(entry.example):
        yield "the example does not say that it is made up"
    for name, day in (("updated", entry.updated), ("reviewed", entry.reviewed)):
        if day is not None and day > today:
            yield f"{name} is in the future: {day}"


def _texts(entry: Entry) -> Iterator[str]:
    yield entry.definition
    yield from (section.text for section in entry.sections)
    yield entry.example
    for item in entry.faq:
        yield from (item.question, item.answer)
    yield from (item.why for item in entry.related)


def _shared_examples(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    owners: dict[tuple[str, ...], str] = {}
    for entry in entries:
        words = [found.group() for found in words_in(entry.example.casefold())]
        runs = {
            tuple(words[at : at + OVERLAP_WORDS]) for at in range(len(words) - OVERLAP_WORDS + 1)
        }
        others = {owners.setdefault(run, entry.id) for run in runs} - {entry.id}
        for other in sorted(others):
            yield (
                entry.id,
                f"its example shares {OVERLAP_WORDS} words in a row with that of {other}",
            )
