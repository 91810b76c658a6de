"""Resolve the links between entries to related terms."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from index.entry import LONGEST_NAME, Entry, Related
from index.names import name_key
from index.sources.page_ids import without_page_id
from index.text import one_line

LINKED = "linked in its text"  # why a term is related
MOST_LINKED = 20  # of one entry
MOST_FOUND = 100  # links of one entry that are looked up
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_SUFFIX = re.compile(r"\.(?:mdx?|markdown|html?|txt)$", re.IGNORECASE)
_INDEXES = frozenset({"index", "_index", "readme", ""})
_PREFIX = re.compile(r"^(?:term|glossary|def|entry)[-_ ](?=.)")

Link = tuple[str, str]  # the target and the text


def linked(links: Iterable[Link]) -> list[Related]:
    """Return the terms that links may lead to, by the end of the target and by the text.

    `with_links` removes those without an entry in the source. Web addresses lead to none.
    """
    names: dict[str, str] = {}
    for target, text in links:
        for name in _names(target, text):
            if name_key(name) and len(name) <= LONGEST_NAME:
                names.setdefault(name_key(name), name)
        if len(names) >= MOST_FOUND:
            break
    return [Related(name, LINKED) for name in names.values()]


def _names(target: str, text: str) -> list[str]:
    if _SCHEME.match(target):
        return []
    path, _, anchor = unquote(target).partition("#")
    steps = [_SUFFIX.sub("", step) for step in path.partition("?")[0].split("/")]
    steps = [step for step in steps if step.casefold() not in _INDEXES | {".", ".."}]
    slugs = (anchor, _PREFIX.sub("", anchor), without_page_id(steps[-1] if steps else ""))
    names = (one_line(slug.replace("_", " ").replace("-", " ")) for slug in slugs)
    return [*names, one_line(text)]


def with_links(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries of a source, with the links that lead to its entries as related terms, at
    most 20 for each, and without the other links."""
    entries = list(entries)
    if not any(item.why == LINKED for entry in entries for item in entry.related):
        return entries
    terms: dict[str, str] = {}
    for entry in entries:
        terms.setdefault(name_key(entry.term), entry.term)
    for entry in entries:
        path = PurePosixPath(entry.path)
        stem = path.parent.name if path.stem in _INDEXES else without_page_id(path.stem)
        for name in (*entry.aliases, stem):
            terms.setdefault(name_key(name), entry.term)
    return [_with_links(entry, terms) for entry in entries]


def _with_links(entry: Entry, terms: dict[str, str]) -> Entry:
    given = [item for item in entry.related if item.why != LINKED]
    taken = {name_key(entry.term), *(name_key(terms.get(name_key(i.term), i.term)) for i in given)}
    found: dict[str, Related] = {}
    for item in entry.related:
        term = terms.get(name_key(item.term), "") if item.why == LINKED else ""
        if term and name_key(term) not in taken:
            found.setdefault(name_key(term), Related(term, LINKED))
    return replace(entry, related=(*given, *list(found.values())[:MOST_LINKED]))
