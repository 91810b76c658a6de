"""Validation of form fields, and their conversion to an entry."""

from collections.abc import Callable, Container, Iterator
from dataclasses import fields as parts_of
from dataclasses import replace
from datetime import date
from typing import Any

from index.editing.draft_check import FieldProblem
from index.entry import (
    LONGEST_DETAIL,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_NAMES,
    MOST_PHRASES,
    Entry,
    Question,
    Related,
    Sense,
    group_rewordings,
)
from index.entry_draft import NAMES, EntryDraft, FieldName
from index.names import name_key, unique_names
from index.sources.source import WRITTEN
from index.text import clean, one_line, shorten, visible

LONGEST_QUESTION = 500  # characters
MAX_ITEMS = 100  # related terms, or questions, of one entry

NameOwner = Callable[[str], str | None]
"""Returns the term of another entry with this name, or None."""


def normalize(fields: EntryDraft) -> EntryDraft:
    """Clean the fields of a form in the same way as the readers of source files.

    Control characters are removed, names and the definition are put on one line, and empty and
    repeated values are dropped.
    """
    term = one_line(fields.term)
    names = [one_line(name) for name in fields.aliases]
    aliases = {name_key(name): name for name in reversed(names)}
    aliases.pop(name_key(term), None)
    related = (
        Related(one_line(item.term), one_line(item.why), outside=item.outside)
        for item in fields.related
    )
    questions = (
        Question(one_line(item.question), clean(item.answer), number > 0)
        for alike in group_rewordings(fields.questions)
        for number, item in enumerate(alike)
    )
    return EntryDraft(
        term=term,
        aliases=tuple(name for name in reversed(aliases.values()) if name),
        category=one_line(fields.category),
        definition=one_line(fields.definition),
        example=clean(fields.example),
        related=tuple(dict.fromkeys(item for item in related if item.term or item.why)),
        questions=tuple(dict.fromkeys(item for item in questions if item.question or item.answer)),
        owner=None if fields.owner is None else one_line(fields.owner),
    )


def remove_invisible(fields: EntryDraft) -> EntryDraft:
    """Normalize fields, and remove all invisible characters."""
    return normalize(_visible(normalize(fields)))


def find_problems(
    fields: EntryDraft, before: Entry | None, taken: NameOwner
) -> tuple[FieldProblem, ...]:
    """Return the first problem with each field, for fields that `normalize` returned.

    `before` is the edited entry; names that it already had may also belong to another entry.
    """
    first: dict[str, FieldProblem] = {}
    for problem in _problems(fields, before, taken):
        first.setdefault(problem.field, problem)
    return tuple(sorted(first.values(), key=lambda problem: NAMES.index(problem.field)))


def entry_from_draft(
    fields: EntryDraft, before: Entry | None, today: date, ids: Container[str] = ()
) -> Entry:
    """Build an entry from fields that `normalize` returned and that have no problems.

    All other fields, such as sections, status and details, are kept from `before`. A new entry has
    the source `written` and an id that is not in `ids`.
    """
    entry = before or Entry(id=_free_id(fields.term, ids), term="", definition="", source=WRITTEN)
    senses = entry.senses
    if senses:
        senses = (Sense(fields.definition, senses[0].context), *senses[1:])
    return replace(
        entry,
        term=fields.term,
        aliases=fields.aliases,
        category=fields.category,
        more_categories=unique_names(fields.category, entry.more_categories),
        definition=fields.definition,
        senses=senses,
        example=fields.example,
        related=fields.related,
        faq=fields.questions,
        owner=entry.owner if fields.owner is None else fields.owner,
        updated=today,
    )


def search_keys(entry: Entry) -> set[str]:
    """Return the keys (see `name_key`) of the texts that find an entry exactly: names, questions
    and search phrases."""
    questions = (item.question for item in entry.faq)
    said = (entry.term, *entry.aliases, *questions, *entry.search_phrases)
    return set(map(name_key, said))


def can_add_phrase(entry: Entry, imported: Entry | None) -> bool:
    """Return whether an admin may add another search phrase. Phrases from the source (`imported`)
    do not count towards the limit."""
    given = imported.search_phrases if imported else ()
    return len(set(entry.search_phrases) - set(given)) < MOST_PHRASES


def _visible(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, tuple):
        return tuple(map(_visible, value))
    if isinstance(value, EntryDraft | Related | Question):
        names = (field.name for field in parts_of(value))
        return replace(value, **{name: _visible(getattr(value, name)) for name in names})
    return value


def _problems(fields: EntryDraft, before: Entry | None, taken: NameOwner) -> Iterator[FieldProblem]:
    yield from _excesses(fields)
    had = {name_key(name) for name in (before.term, *before.aliases)} if before else set()
    yield from _name_problems(fields, had, taken)
    if not fields.definition:
        yield FieldProblem(
            "definition", "A definition is required: a sentence that defines the term."
        )
    owner = fields.owner or ""
    if len(owner) > LONGEST_DETAIL and (before is None or owner != before.owner):
        message = f"The owner has {len(owner):,} characters; {LONGEST_DETAIL} are allowed."
        yield FieldProblem("owner", message)
    own = {name_key(name) for name in (fields.term, *fields.aliases)}
    for item in fields.related:
        if not item.term:
            yield FieldProblem("related", 'Write each line as "Term: why to read it next".')
        elif name_key(item.term) in own:
            yield FieldProblem("related", f'"{item.term}" is this entry itself.')
    for asked in fields.questions:
        if not asked.question:
            yield FieldProblem("questions", 'Start a question with "Q:" and its answer with "A:".')
        elif not asked.answer:
            yield FieldProblem("questions", f'"{shorten(asked.question, 80)}" has no answer.')


def _excesses(fields: EntryDraft) -> Iterator[FieldProblem]:
    texts: list[tuple[FieldName, str, str, int]] = [
        ("term", "The term", fields.term, LONGEST_NAME),
        *(("aliases", "An alias", alias, LONGEST_NAME) for alias in fields.aliases),
        ("category", "The category", fields.category, LONGEST_NAME),
        ("definition", "The definition", fields.definition, LONGEST_TEXT),
        ("example", "The example", fields.example, LONGEST_TEXT),
        *(("related", "A related term", item.term, LONGEST_NAME) for item in fields.related),
        *(("related", "A reason", item.why, LONGEST_TEXT) for item in fields.related),
        *(("questions", "A question", one.question, LONGEST_QUESTION) for one in fields.questions),
        *(("questions", "An answer", one.answer, LONGEST_TEXT) for one in fields.questions),
    ]
    for name, what, text, most in texts:
        if len(text) > most:
            message = f"{what} has {len(text):,} characters; {most:,} are allowed."
            yield FieldProblem(name, message)
    parts: list[tuple[FieldName, str, int, int]] = [
        ("aliases", "aliases", len(fields.aliases), MOST_NAMES),
        ("related", "related terms", len(fields.related), MAX_ITEMS),
        ("questions", "questions", len(fields.questions), MAX_ITEMS),
    ]
    for name, what, count, most in parts:
        if count > most:
            yield FieldProblem(name, f"There are {count:,} {what}; {most} are allowed.")


def _name_problems(fields: EntryDraft, had: set[str], taken: NameOwner) -> Iterator[FieldProblem]:
    if not fields.term:
        yield FieldProblem("term", "A term is required: the name of the entry.")
    elif not any(character.isalnum() for character in fields.term):
        yield FieldProblem("term", "A term needs a letter or a digit.")
    elif name_key(fields.term) not in had and (other := taken(fields.term)):
        what = (
            "is already an entry"
            if name_key(other) == name_key(fields.term)
            else f"is an alias of {shorten(other, 60)}"
        )
        yield FieldProblem(
            "term", f'"{fields.term}" {what}: edit that entry, or choose another name.'
        )
    for alias in fields.aliases:
        if not any(character.isalnum() for character in alias):
            yield FieldProblem("aliases", f'"{alias}" has no letter or digit.')
        elif name_key(alias) not in had and (other := taken(alias)):
            yield FieldProblem(
                "aliases", f'"{alias}" is a name of {shorten(other, 60)}: choose another alias.'
            )


def _free_id(term: str, ids: Container[str]) -> str:
    name = f"{WRITTEN}/{'-'.join(name_key(term).split()) or 'entry'}"
    found, number = name, 2
    while found in ids:
        found, number = f"{name}-{number}", number + 1
    return found
