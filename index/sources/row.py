"""Convert a table row or a record to the fields of an entry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from index.entry import (
    LONGEST_DETAIL_NAME,
    LONGEST_NAME,
    LONGEST_PHRASE,
    Detail,
    Reference,
    Related,
    Section,
)
from index.names import name_key
from index.sources.cells import plain, plain_line
from index.sources.columns import ATTRIBUTES, OTHER, field_of, is_plural
from index.sources.dates import as_date
from index.sources.details import detail_of, is_prose, too_long
from index.sources.field_values import (
    example_in,
    heading_of,
    line_of,
    names_in,
    references_in,
    related_in,
    text_of,
)
from index.sources.files import RefusedError
from index.sources.markdown.term_names import is_acronym
from index.sources.plain_data import ObjectNode, Value
from index.sources.prose import sections
from index.text import address_in, is_web_address, one_line, shorten


@dataclass(slots=True)
class Row:
    """One meaning of a term, read from one row or record."""

    line: int
    term: str = ""
    expansion: str = ""
    definition: str = ""
    long: str = ""
    context: str = ""
    categories: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    url: str | None = None
    example: str = ""
    related: list[Related] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    updated: date | None = None
    licence: str = ""
    sections: list[Section] = field(default_factory=list)
    search_phrases: list[str] = field(default_factory=list)
    owner: str = ""
    status: str = ""
    details: list[Detail] = field(default_factory=list)
    # (kind, reason) of each skipped value; a kind is reported once per file.
    left_out: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)  # names of the fields that are not kept

    @property
    def category(self) -> str:
        """The first category, or ""."""
        return self.categories[0] if self.categories else ""


def draft_of(cells: Iterable[tuple[str, str, Value]], line: int) -> Row:
    """Build a row from `(field, column name, value)` cells.

    Raises `RefusedError` if the term or the definition is missing or too long.
    """
    draft = Row(line)
    for known, name, value in cells:
        if value:
            _set(draft, known, name, value)
    if not draft.term:
        raise RefusedError("has no term")
    if len(draft.term) > LONGEST_NAME:
        raise RefusedError(
            f"has a term of {len(draft.term):,} characters; {LONGEST_NAME} are allowed"
        )
    if not name_key(draft.term):
        raise RefusedError(f'the term "{draft.term}" has no letter')
    if not (draft.definition or draft.long or draft.expansion):
        raise RefusedError("has no definition")
    return draft


def _set(draft: Row, known: str, name: str, value: Value) -> None:
    if known in ("term", "expansion", "context"):
        setattr(draft, known, getattr(draft, known) or plain_line(text_of(value)))
    elif known in ("definition", "long"):
        setattr(draft, known, getattr(draft, known) or plain(text_of(value)))
    elif known == "category":
        categories = _short(
            names_in(value, commas=is_plural(name)), LONGEST_NAME, "a category", draft
        )
        draft.categories = [*categories, *draft.categories]
    elif known == "tags":
        draft.categories += _short(names_in(value), LONGEST_NAME, "a category", draft)
    elif known in ("owner", "status"):
        _set_line(draft, known, name, value)
    elif known == "aliases":
        draft.aliases += _short(names_in(value), LONGEST_NAME, "an alias", draft)
    elif known == "search_phrases":
        phrases = names_in(value, commas=False)  # a phrase may contain commas
        draft.search_phrases += _short(phrases, LONGEST_PHRASE, "a search phrase", draft)
    elif known == "url":
        _set_url(draft, value)
    elif known == "example":
        draft.example = "\n\n".join(filter(None, (draft.example, example_in(value))))
    elif known == "related":
        draft.related += related_in(value, name)
    elif known == "references":
        draft.references += references_in(value)
    elif known == "updated":
        _set_date(draft, value)
    elif known == "licence":
        draft.licence = draft.licence or shorten(plain_line(text_of(value)), 300)
    elif known == "notes":
        draft.sections += sections(heading_of(name), plain(text_of(value)))
    elif known in (ATTRIBUTES, OTHER):
        _set_other(draft, known, name, value)
    elif not known:
        draft.ignored.append(shorten(plain_line(name), LONGEST_DETAIL_NAME))


def _short(names: Iterable[str], limit: int, what: str, draft: Row) -> Iterator[str]:
    """Yield the names of up to `limit` characters. Record the longer ones in `left_out`."""
    for name in names:
        if len(name) <= limit:
            yield name
        else:
            draft.left_out.append((what, f"{what} of {len(name):,} characters is skipped"))


def _set_url(draft: Row, value: Value) -> None:
    cell = one_line(text_of(value))
    address = cell if is_web_address(cell) else address_in(cell)
    draft.url = draft.url or address or None
    if not address:
        draft.left_out.append(("url", f'not a web address: "{shorten(cell, 80)}"'))


def _set_date(draft: Row, value: Value) -> None:
    written = one_line(text_of(value))
    draft.updated = as_date(written)
    if not draft.updated:
        draft.left_out.append(("date", f'not a date: "{shorten(written, 40)}"; write 2026-01-31'))


def _set_line(draft: Row, known: str, name: str, value: Value) -> None:
    """Set the owner or the status."""
    line = line_of(value)
    if reason := too_long(plain_line(name), line):
        draft.left_out.append((known, reason))
    else:
        setattr(draft, known, getattr(draft, known) or line)


def _set_other(draft: Row, known: str, name: str, value: Value) -> None:
    """Add a field that is only shown. Prose, also in a column with an unknown name, becomes a
    section; other values become details."""
    if isinstance(value, ObjectNode):
        for key, item in value.pairs:
            if item and (field_of(key) or (OTHER, 0))[0]:
                _set_other(draft, known, f"{name}: {key.replace('_', ' ')}", item)
        return
    text, line = plain(text_of(value)), line_of(value)
    reason = too_long(plain_line(name), line)
    if is_prose(text) and (reason or (known == OTHER and isinstance(value, str))):
        draft.sections += sections(heading_of(name), text)
    elif reason:
        draft.left_out.append((f"other {shorten(name, 60)}", reason))
    elif line:
        draft.details.append(detail_of(plain_line(name), line))


def with_expansion(draft: Row) -> Row:
    """Return the row with its definition moved to `expansion` if it only spells out the acronym
    ("API", "Application Programming Interface")."""
    if draft.expansion or not spells_out(draft.definition, draft.term):
        return draft
    return replace(draft, expansion=draft.definition, definition=draft.long, long="")


def spells_out(text: str, acronym: str) -> bool:
    """Return whether `acronym`, at least half in capitals, abbreviates the name `text`."""
    capitals = sum(letter.isupper() for letter in acronym)
    short = is_name(text) and 2 <= len(text.split()) <= len(acronym) + 4
    return short and 2 * capitals >= len(acronym) and is_acronym(acronym, text)


def is_name(text: str) -> bool:
    """Return whether `text` can be an alias: short, and not a sentence."""
    return 0 < len(text) <= LONGEST_NAME and not text.endswith((".", "?", "!")) and ". " not in text
