"""Join the two halves of a database that was exported from Notion: a table, and a page of each row.

Words 1f2e….csv, Words 1f2e…_all.csv     the properties of all rows
Words/Berth 2a3b….md                     the title, the properties and the text of a row
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from index.entry import (
    MOST_CATEGORIES,
    MOST_DETAILS,
    MOST_NAMES,
    MOST_PHRASES,
    Entry,
    Section,
)
from index.names import name_key, unique_names
from index.sources.columns import NO_COLUMNS
from index.sources.files import Reading
from index.sources.page_ids import has_page_id, without_page_id
from index.sources.prose import sections
from index.text import one_line

Read = tuple[str, Reading]  # the path of a file within its source, and what was read from it
_PAGES = frozenset({".md", ".html"})
_NO_TEXT = " has no definition"  # the reason for refusing a page that has only properties
_WHAT = "What it is"


def with_pages(read: Sequence[Read]) -> list[Read]:
    """Return the files of a source with each row of an exported database and its page as one entry,
    in the place of the page: the text of the page, and the properties of both.

    Other files stay as they are. A page without text is not refused if its row is an entry, and
    neither is a table without definitions if there are pages.
    """
    joined = dict(read)
    for table in filter(_is_table, joined):
        pages = {path: joined[path] for path in joined if _is_page_of(path, table)}
        if pages:
            joined |= _joined(table, joined[table], pages)
    return [(path, joined[path]) for path, _ in read]


def _is_table(path: str) -> bool:
    name = PurePosixPath(path)
    return name.suffix.casefold() == ".csv" and has_page_id(_stem(name))


def _stem(table: PurePosixPath) -> str:
    return table.stem.removesuffix("_all")


def _is_page_of(path: str, table: str) -> bool:
    """Return whether a file is in the folder that has the name of a table, with or without id."""
    page, name = PurePosixPath(path), PurePosixPath(table)
    folders = (name.parent / _stem(name), name.parent / without_page_id(_stem(name)))
    is_page = page.suffix.casefold() in _PAGES and has_page_id(page.stem)
    return is_page and page.parent in folders


def _joined(path: str, table: Reading, pages: dict[str, Reading]) -> dict[str, Reading]:
    """Return the readings of a table and its pages with each entry once."""
    homes = {
        name_key(reading.entries[0].term): name
        for name, reading in pages.items()
        if len(reading.entries) == 1
    }
    rows: list[Entry] = []
    found = dict(pages)
    for row in table.entries:
        home = homes.get(name_key(row.term))
        if home is None or row.senses:
            rows.append(row)
        else:
            found[home] = replace(found[home], entries=(_entry(found[home].entries[0], row),))
    kept = {name_key(row.term) for row in rows}
    for name, reading in pages.items():
        if not reading.entries and name_key(without_page_id(PurePosixPath(name).stem)) in kept:
            others = (one for one in reading.refused if not one.reason.endswith(_NO_TEXT))
            found[name] = replace(reading, refused=tuple(others))
    refused = tuple(one for one in table.refused if not (homes and one.reason == NO_COLUMNS))
    return found | {path: replace(table, entries=tuple(rows), refused=refused)}


def _entry(page: Entry, row: Entry) -> Entry:
    """Return the entry with the text of a page, and the properties of the page and its row."""
    text = _folded((page.definition, *(part.text for part in page.sections)))
    definition, parts = page.definition, page.sections
    if _folded([row.definition]) not in text:
        definition, parts = row.definition, (*sections(_WHAT, page.definition), *parts)
    parts = (*parts, *_missing(row.sections, text))
    related = {name_key(one.term): one for one in (*row.related, *page.related)}
    category = page.category or row.category
    categories = unique_names(category, (*page.more_categories, *row.categories))
    details = {name_key(one.name): one for one in (*row.details, *page.details)}
    return replace(
        page,
        definition=definition,
        sections=parts,
        category=category,
        more_categories=categories[:MOST_CATEGORIES],
        aliases=unique_names(page.term, (*page.aliases, *row.aliases))[:MOST_NAMES],
        search_phrases=unique_names("", (*page.search_phrases, *row.search_phrases))[:MOST_PHRASES],
        related=tuple(related.values()),
        references=tuple(dict.fromkeys((*page.references, *row.references))),
        details=tuple(details.values())[:MOST_DETAILS],
        updated=page.updated or row.updated,
        example=page.example or row.example,
        url=page.url or row.url,
        owner=page.owner or row.owner,
        status=page.status or row.status,
    )


def _missing(parts: Iterable[Section], text: str) -> list[Section]:
    return [part for part in parts if _folded([part.text]) not in text]


def _folded(texts: Iterable[str]) -> str:
    return " ".join(one_line(text).casefold() for text in texts)
