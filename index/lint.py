"""Lint an encyclopedia: names, links, missing fields, lengths, style and near-duplicates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from index.embedding.embedder import Embedder, embed_documents
from index.entry import Entry, group_rewordings
from index.names import name_key
from index.page_style import check_style

SECTIONS = ("What it is", "How it works", "Why it matters for your prompts")
DEFINITION_LENGTH = (40, 300)  # characters
SECTION_LENGTH = (200, 2_000)  # characters
ANSWER_LENGTH = (60, 1_000)  # characters
RELATED_COUNT = (4, 8)
QUESTION_COUNT = (4, 6)
MAX_UNRELATED_COSINE = 0.85  # between the definitions of two unrelated entries


@dataclass(frozen=True, slots=True)
class LintError:
    """A violation of a lint rule by an entry. `what` describes the violation."""

    entry_id: str
    what: str


def lint(
    entries: Sequence[Entry], today: date, embedder: Embedder | None = None
) -> list[LintError]:
    """Lint linked `entries` (see `index.entry.link`). The errors are in the order of the entries.

    Each name must belong to one entry. Each related term must have an entry, or be marked as
    outside. Each section and field must be present and within its length limits. Each entry must be
    a related term of another entry. The text must follow the house style (see `index.page_style`).
    With an `embedder`, one of two entries with very similar definitions must list the other.
    """
    found = [*_names(entries), *_unreachable(entries)]
    found += [LintError(entry_id, what) for entry_id, what in check_style(entries, today)]
    for entry in entries:
        found += [LintError(entry.id, what) for what in _parts(entry)]
    if embedder is not None:
        found += _unrelated_duplicates(entries, embedder)
    order = {entry.id: at for at, entry in enumerate(entries)}
    return sorted(found, key=lambda fault: order[fault.entry_id])


def _names(entries: Sequence[Entry]) -> Iterator[LintError]:
    owner: dict[str, str] = {}
    for entry in entries:
        key = name_key(entry.term)
        if key in owner:
            yield LintError(entry.id, f'the term "{entry.term}" is also that of {owner[key]}')
        owner[key] = entry.id
    for entry in entries:
        for alias in entry.aliases:
            other = owner.setdefault(name_key(alias), entry.id)
            if other != entry.id:
                yield LintError(entry.id, f'the alias "{alias}" is a name of {other}')


def _unreachable(entries: Sequence[Entry]) -> Iterator[LintError]:
    named = {item.id for entry in entries for item in entry.related if item.id != entry.id}
    for entry in entries:
        if entry.id not in named and len(entries) > 1:
            yield LintError(entry.id, "no other entry lists it as a related term")


def _parts(entry: Entry) -> Iterator[str]:
    yield from _within("the definition", len(entry.definition), DEFINITION_LENGTH, "characters")
    texts = {section.heading: section.text for section in entry.sections}
    for heading in SECTIONS:
        if heading not in texts:
            yield f'there is no section "{heading}"'
    for heading, text in {**texts, "Example": entry.example}.items():
        yield from _within(f'"{heading}"', len(text), SECTION_LENGTH, "characters")
    yield from _within("the list of related terms", len(entry.related), RELATED_COUNT, "terms")
    yield from _within(
        "the list of questions", len(group_rewordings(entry.faq)), QUESTION_COUNT, "questions"
    )
    for item, *_ in group_rewordings(entry.faq):
        yield from _within(
            f'the answer to "{item.question}"', len(item.answer), ANSWER_LENGTH, "characters"
        )
    for related in entry.related:
        if related.id is None and not related.outside:
            yield f'the related term "{related.term}" has no entry and is not marked (outside)'
    if not entry.category:
        yield "there is no category"
    if entry.updated is None:
        yield "there is no date of the last update"
    if not entry.references:
        yield "there are no references"


def _within(what: str, size: int, bounds: tuple[int, int], unit: str) -> Iterator[str]:
    low, high = bounds
    if not low <= size <= high:
        yield f"{what} has {size:,} {unit}; expected {low:,} to {high:,}"


def _unrelated_duplicates(entries: Sequence[Entry], embedder: Embedder) -> Iterator[LintError]:
    vectors = embed_documents(embedder, [entry.definition for entry in entries])
    links = {(entry.id, item.id) for entry in entries for item in entry.related}
    for row, column in np.argwhere(np.triu(vectors @ vectors.T, k=1) > MAX_UNRELATED_COSINE):
        one, other = entries[row], entries[column]
        if (one.id, other.id) not in links and (other.id, one.id) not in links:
            cosine = float(vectors[row] @ vectors[column])
            yield LintError(
                one.id,
                f"its definition has cosine {cosine:.2f} to that of {other.id}, and neither entry "
                "lists the other as a related term",
            )
