"""What an encyclopedia entry is, and the passages it is found by."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from index.names import name_key
from index.text import clean, one_line

PassageKind = Literal["definition", "section", "example", "question", "answer", "phrase"]

LONGEST_NAME = 120  # characters of a term, another name, a category or a heading
LONGEST_TEXT = 20_000  # characters of a definition, a section or an answer
MOST_NAMES = 200  # of one entry, besides its term
LONGEST_PHRASE = 200  # characters of a search phrase
MOST_PHRASES = 20  # search phrases that a source may give an entry; admins may add as many
OUTSIDE = "(outside)"  # behind a related term that is no entry, and is not meant to be one


@dataclass(frozen=True, slots=True)
class Sense:
    """One of several meanings of a term; `context` says where it is used."""

    definition: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an entry under its own heading."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Related:
    """A term worth reading next, and why. `id` is None when no entry has that name; `outside`
    says that none is meant to."""

    term: str
    why: str
    id: str | None = None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question people ask about a term, and its answer. One that is `reworded` is another way to
    ask the question before it, and has its answer."""

    question: str
    answer: str
    reworded: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A source an entry rests on; `url` is http(s) or None."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One term of the encyclopedia.

    `id` is unique in an index and never changes while the term stays; `source` is the name of
    the glossary it came from, `path` the file within it, and `licence` its note on reuse.
    `definition` is one sentence; with several `senses` it is the first one's. `search_phrases` are
    other ways to ask for it, which are indexed and never shown. `updated` is the last change of
    meaning, `reviewed` the last reading by somebody who checks the facts, and `status` how far that
    is, such as "draft". Empty strings, empty tuples and
    None stand for "not given".
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


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry, named, with its similarity (0…1) to what was asked; None when not measured."""

    id: str
    term: str
    category: str
    similarity: float | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an entry, small enough for the model to read whole.

    `term` is what it speaks of; questions and search phrases name that themselves, so that it is
    empty there.
    """

    id: str
    entry_id: str
    kind: PassageKind
    heading: str
    text: str
    term: str

    @property
    def embedded(self) -> str:
        """What the model is given: the text behind its term, since a passage such as "Lower it for
        facts" means nothing alone; letters in their plain form (NFKC), which the model knows."""
        text = f"{self.term} {self.text}" if self.term else self.text
        return text if text.isascii() else unicodedata.normalize("NFKC", text)

    @property
    def digest(self) -> str:
        """SHA-256 of what is embedded, hexadecimal: equal digests have equal vectors."""
        return hashlib.sha256(self.embedded.encode()).hexdigest()


def passages_of(entry: Entry) -> Iterator[Passage]:
    """The passages of an entry: definition first, then senses, sections, example, questions,
    search phrases.

    A question and its answer are two: people ask in the words of the one and describe in the
    words of the other. Other ways to ask a question stand under it, and share its answer.
    """

    def passage(name: str, kind: PassageKind, heading: str, text: str) -> Passage:
        term = "" if kind in ("question", "phrase") else entry.term
        return Passage(f"{entry.id}#{name}", entry.id, kind, heading, text, term)

    yield passage("definition", "definition", "Definition", entry.definition)
    for number, sense in enumerate(entry.senses[1:], start=2):
        text = f"{sense.definition} ({sense.context})" if sense.context else sense.definition
        yield passage(f"sense-{number}", "definition", f"Meaning {number}", text)
    for number, section in enumerate(entry.sections, start=1):
        yield passage(f"section-{number}", "section", section.heading, section.text)
    if entry.example:
        yield passage("example", "example", "Example", entry.example)
    number = 0
    for first, *others in asked_alike(entry.faq):
        number += 1
        yield passage(f"question-{number}", "question", first.question, first.question)
        yield passage(f"answer-{number}", "answer", first.question, first.answer)
        for other in others:
            number += 1
            yield passage(f"question-{number}", "question", first.question, other.question)
    for number, phrase in enumerate(entry.search_phrases, start=1):
        yield passage(f"phrase-{number}", "phrase", "", phrase)


def asked_alike(questions: Iterable[Question]) -> list[list[Question]]:
    """The questions of an entry, each with the other ways to ask it, as it is shown first."""
    alike: list[list[Question]] = []
    for item in questions:
        if item.reworded and alike and alike[-1][0].answer == item.answer:
            alike[-1].append(item)
        else:
            alike.append([item])
    return alike


def cleaned_related(items: Iterable[Related]) -> Iterator[Related]:
    """Related terms as every reader cleans them, not resolved."""
    for item in items:
        yield Related(one_line(item.term), one_line(item.why), outside=item.outside)


def cleaned_questions(questions: Iterable[Question]) -> Iterator[Question]:
    """Questions as every reader cleans them; those that are asked alike stand together."""
    for alike in asked_alike(questions):
        for number, item in enumerate(alike):
            yield Question(one_line(item.question), clean(item.answer), number > 0)


def link(entries: Iterable[Entry]) -> list[Entry]:
    """The entries with each related term resolved to the id of the entry that it names.

    A term names the entry of its own source first, then any other's; one that names none keeps
    `id=None`, which marks it as lying outside the encyclopedia.
    """
    entries = list(entries)
    ids: dict[tuple[str, str], str] = {}
    anywhere: dict[str, str] = {}
    for names in (lambda entry: (entry.term,), lambda entry: entry.aliases):
        for entry in entries:
            for name in names(entry):
                ids.setdefault((entry.source, name_key(name)), entry.id)
                anywhere.setdefault(name_key(name), entry.id)

    def resolved(entry: Entry) -> Entry:
        if not entry.related:
            return entry
        related = tuple(
            replace(
                item,
                id=ids.get((entry.source, name_key(item.term)), anywhere.get(name_key(item.term))),
            )
            for item in entry.related
        )
        return replace(entry, related=related)

    return [resolved(entry) for entry in entries]
