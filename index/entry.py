"""Encyclopedia entries and their passages."""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from index.names import name_key

PassageKind = Literal["definition", "section", "example", "question", "answer", "phrase"]

LONGEST_NAME = 120  # characters of a term, an alias, a category or a heading
LONGEST_TEXT = 20_000  # characters of a definition, a section or an answer
MOST_NAMES = 200  # aliases of one entry
LONGEST_PHRASE = 200  # characters of a search phrase
MOST_PHRASES = 20  # search phrases of an entry from its source; admins may add as many again
MOST_CATEGORIES = 20  # categories of an entry beside the first
MOST_DETAILS = 20  # details of one entry
LONGEST_DETAIL_NAME = 60  # characters
LONGEST_DETAIL = 300  # characters of the value of a detail
OUTSIDE = "(outside)"  # suffix of a related term that intentionally has no entry


@dataclass(frozen=True, slots=True)
class Sense:
    """One of several meanings of a term; `context` is the field in which it is used."""

    definition: str
    context: str = ""

    @property
    def text(self) -> str:
        """The definition, followed by the context in brackets, if any."""
        return f"{self.definition} ({self.context})" if self.context else self.definition


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an entry under its own heading."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Related:
    """A related term, and the reason to read it. `id` is None if no entry has that name, and
    `outside` is True if no entry is meant to have it."""

    term: str
    why: str
    id: str | None = None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A frequent question about a term, and its answer. A `reworded` question rephrases the
    question before it and has the same answer."""

    question: str
    answer: str
    reworded: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A source of an entry; `url` is an http or https address, or None."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """A field of a team's own glossary that Nearsay only shows, such as Region: EMEA."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One term of the encyclopedia.

    `id` is unique in an index and does not change as long as the term stays the same. `source` is
    the name of the glossary, `path` the file within it, and `licence` the terms of reuse.
    `definition` is one sentence; with several `senses` it is the definition of the first.
    `search_phrases` are indexed but never shown. `updated` is the date of the last change in
    meaning, `reviewed` the date of the last fact check, and `status` the state of the review, such
    as "draft". `owner` is who looks after the entry. `details` are shown but not searched.
    `more_categories` are the categories of the entry beside `category`. Missing values are empty
    strings, empty tuples or None.
    """

    id: str
    term: str
    definition: str
    category: str = ""
    aliases: tuple[str, ...] = ()
    updated: date | None = None
    senses: tuple[Sense, ...] = ()
    sections: tuple[Section, ...] = ()
    example: str = ""
    related: tuple[Related, ...] = ()
    faq: tuple[Question, ...] = ()
    references: tuple[Reference, ...] = ()
    source: str = ""
    url: str | None = None
    path: str = ""
    licence: str = ""
    search_phrases: tuple[str, ...] = ()
    reviewed: date | None = None
    status: str = ""
    owner: str = ""
    details: tuple[Detail, ...] = ()
    more_categories: tuple[str, ...] = ()

    @property
    def categories(self) -> tuple[str, ...]:
        """All categories of the entry, the main one first."""
        return (self.category, *self.more_categories) if self.category else self.more_categories


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference to an entry, with its similarity (0…1) to the query, or None if not measured."""

    id: str
    term: str
    category: str
    similarity: float | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an entry that is embedded as one text.

    `term` is the term of the entry. It is empty for questions and search phrases, which contain
    their subject, and for the definition without its term.
    """

    id: str
    entry_id: str
    kind: PassageKind
    heading: str
    text: str
    term: str

    @property
    def embedded(self) -> str:
        """The text to embed, normalized to NFKC. The term comes first, since a text such as "Lower
        it for facts" needs its subject."""
        text = f"{self.term} {self.text}" if self.term else self.text
        return text if text.isascii() else unicodedata.normalize("NFKC", text)

    @property
    def digest(self) -> str:
        """The hexadecimal SHA-256 of the embedded text. Equal texts have equal vectors."""
        return hashlib.sha256(self.embedded.encode()).hexdigest()


def passages_of(entry: Entry) -> Iterator[Passage]:
    """Yield the passages of an entry: definition, senses, sections, example, questions, search
    phrases.

    The definition comes once more without the term, whose words otherwise weigh too much: people
    who know the term do not ask for it. A question and its answer are separate passages, since a
    query may resemble either. Reworded questions have the heading of the first question, and no
    answer passage of their own.
    """

    def passage(name: str, kind: PassageKind, heading: str, text: str) -> Passage:
        term = "" if kind in ("question", "phrase") else entry.term
        return Passage(f"{entry.id}#{name}", entry.id, kind, heading, text, term)

    yield passage("definition", "definition", "Definition", entry.definition)
    yield replace(passage("description", "definition", "Definition", entry.definition), term="")
    for number, sense in enumerate(entry.senses[1:], start=2):
        yield passage(f"sense-{number}", "definition", f"Meaning {number}", sense.text)
    for number, section in enumerate(entry.sections, start=1):
        yield passage(f"section-{number}", "section", section.heading, section.text)
    if entry.example:
        yield passage("example", "example", "Example", entry.example)
    number = 0
    for first, *others in group_rewordings(entry.faq):
        number += 1
        yield passage(f"question-{number}", "question", first.question, first.question)
        yield passage(f"answer-{number}", "answer", first.question, first.answer)
        for other in others:
            number += 1
            yield passage(f"question-{number}", "question", first.question, other.question)
    for number, phrase in enumerate(entry.search_phrases, start=1):
        yield passage(f"phrase-{number}", "phrase", "", phrase)


def group_rewordings(questions: Iterable[Question]) -> list[list[Question]]:
    """Group questions with their rewordings. Only the first question of a group is shown."""
    alike: list[list[Question]] = []
    for item in questions:
        if item.reworded and alike and alike[-1][0].answer == item.answer:
            alike[-1].append(item)
        else:
            alike.append([item])
    return alike


def link(entries: Iterable[Entry]) -> list[Entry]:
    """Resolve the related terms of entries to entry ids.

    Entries from the same source take precedence over entries from other sources. A term without an
    entry keeps `id=None`.
    """
    entries = list(entries)
    ids: dict[tuple[str | None, str], str] = {}  # the source None means any source
    for names in (lambda entry: (entry.term,), lambda entry: entry.aliases):
        for entry in entries:
            for name in names(entry):
                ids.setdefault((entry.source, name_key(name)), entry.id)
                ids.setdefault((None, name_key(name)), entry.id)

    def find(source: str, key: str) -> str | None:
        return ids.get((source, key), ids.get((None, key)))

    return [
        replace(
            entry,
            related=tuple(
                replace(item, id=find(entry.source, name_key(item.term))) for item in entry.related
            ),
        )
        for entry in entries
    ]


def unlinked(entry: Entry) -> Entry:
    """Return an entry without the ids of its related terms, as an author writes it."""
    return replace(entry, related=tuple(replace(item, id=None) for item in entry.related))
