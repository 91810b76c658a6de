"""The excerpts of an entry that can be shown as an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from index.entry import Entry, passages_of
from index.names import name_key
from index.sentences import (
    continued_definition,
    first_sentences,
    is_self_contained,
    prefix_term,
)
from index.text import paragraphs, split_sentences

ExcerptKind = Literal["definition", "section", "example", "question"]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A definition, a paragraph, the example, or the answer to a question of an entry.

    `heading` is "Definition", the heading of a section, "Example", or the question. `text` is what
    is shown, and `read` what a reader compares with a question. `passages` are the ids of the
    passages whose vectors stand for the excerpt."""

    entry_id: str
    kind: ExcerptKind
    heading: str
    text: str
    read: str
    passages: tuple[str, ...]


def excerpts_of(entry: Entry) -> Iterator[Excerpt]:
    """Yield the excerpts of an entry: each meaning, the paragraphs that make sense on their own,
    the example, and the answers. Sections that continue a long definition belong to it."""
    ids: dict[tuple[str, str], list[str]] = {}
    for passage in passages_of(entry):
        ids.setdefault((passage.kind, passage.heading), []).append(passage.id)
    yield from _definitions(entry, ids)
    for section in entry.sections:
        if name_key(section.heading) == name_key(entry.term):
            continue
        for at, paragraph in enumerate(paragraphs(section.text)):
            if at and not is_self_contained(split_sentences(paragraph)[0]):
                continue
            read = f"{entry.term}, {section.heading}: {paragraph}"
            of_section = tuple(ids["section", section.heading])
            text = first_sentences(paragraph)
            yield Excerpt(entry.id, "section", section.heading, text, read, of_section)
    if entry.example:
        read, of_example = f"{entry.term}, example: {entry.example}", ids["example", "Example"]
        text = first_sentences(entry.example)
        yield Excerpt(entry.id, "example", "Example", text, read, tuple(of_example))
    answers = {item.question: item.answer for item in reversed(entry.faq)}
    for (kind, heading), of_question in ids.items():
        if kind == "question":
            answer = answers[heading]
            both = (*of_question, *ids["answer", heading])
            read = f"{heading} {answer}"
            yield Excerpt(entry.id, "question", heading, first_sentences(answer), read, both)


def _definitions(entry: Entry, ids: dict[tuple[str, str], list[str]]) -> Iterator[Excerpt]:
    """Yield the definition, and each further meaning under the same heading. A definition that is
    too long to be shown whole is an excerpt for each section that continues it."""
    first = ids["definition", "Definition"]
    meanings = [(sense.text, f"Meaning {at}") for at, sense in enumerate(entry.senses, start=1)]
    rest = [one for one in entry.sections if name_key(one.heading) == name_key(entry.term)]
    texts = {} if meanings else {continued_definition(entry, ""): tuple(first)}
    if rest and not meanings:
        for section in rest:
            of_both = (*first, *ids["section", section.heading])
            texts.setdefault(continued_definition(entry, section.text), of_both)
    for text, heading in meanings:
        texts[text] = tuple(ids.get(("definition", heading), first))
    for text, passages in texts.items():
        shown = prefix_term(entry, text)
        yield Excerpt(
            entry.id, "definition", "Definition", shown, f"{entry.term}: {text}", passages
        )
