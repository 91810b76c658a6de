"""Normalize entries before export in the same way as the readers."""

from dataclasses import replace

from index.entry import Entry, Reference, Section, Sense, clean_questions, clean_related
from index.text import clean, is_web_address, one_line


def normalize_entry(entry: Entry) -> Entry:
    """Clean the texts of an entry in the same way as every reader.

    Control and invisible characters are removed and line breaks are `\\n` (see `index.text`).
    Names, definitions, headings, questions and reasons are on one line. Empty names, invalid web
    addresses, and a list of meanings that has only the definition, are removed. Apart from such
    lists, the entries in an index are already normalized.
    """
    definition = one_line(entry.definition)
    senses = tuple(Sense(one_line(s.definition), one_line(s.context)) for s in entry.senses)
    return replace(
        entry,
        term=one_line(entry.term),
        definition=definition,
        category=one_line(entry.category),
        aliases=tuple(name for name in map(one_line, entry.aliases) if name),
        senses=() if senses == (Sense(definition),) else senses,
        sections=tuple(Section(one_line(s.heading), clean(s.text)) for s in entry.sections),
        example=clean(entry.example),
        related=tuple(clean_related(entry.related)),
        faq=tuple(clean_questions(entry.faq)),
        references=tuple(
            Reference(one_line(item.text), _address(item.url)) for item in entry.references
        ),
        url=_address(entry.url),
        licence=one_line(entry.licence),
        search_phrases=tuple(phrase for phrase in map(one_line, entry.search_phrases) if phrase),
    )


def _address(url: str | None) -> str | None:
    return url if url and is_web_address(url) else None


def id_within(entry: Entry) -> str:
    """Return an entry's id within its source, such as `rag` for `team/rag`."""
    return entry.id.removeprefix(f"{entry.source}/")
