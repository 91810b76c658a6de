"""Render entries as the files of a static site.

Each entry has a page; `index.html` lists them by category. The search runs in the page, on
`search-data.js`, so that it works from a folder. Pages load nothing from elsewhere. Equal entries
give equal files.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from index.entry import Entry, link
from index.export.filenames import safe_name
from index.export.jsonl import id_within
from index.export.site.folder import MANIFEST, manifest_of
from index.export.site.markup import render_block, render_line
from index.names import name_key
from index.sources.source import BUNDLED

_FOLDER = Path(__file__).parent
_ASSETS = ("search.js", "site.css")
_UNFILED = "Other terms"  # the category of entries without one
_TO_ROOT = "../../"  # from the page of an entry
_SCHEMA = "https://schema.org"
_CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class _Link:
    """A link to the page of an entry."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class _Category:
    name: str
    anchor: str
    entries: tuple[_Link, ...]


def site_files(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the files of a site, as texts by relative path.

    Related terms lead to the pages of these entries only. Search phrases are left out, since they
    are never shown.
    """
    ordered = sorted(link(entries), key=lambda entry: (name_key(entry.term), entry.id))
    paths = {entry.id: _path(entry) for entry in ordered}
    links = {entry.id: _Link(label, quote(paths[entry.id])) for entry, label in _labelled(ordered)}
    categories = _categories(ordered, links)
    shared = {
        "site": "Encyclopedia" if {entry.source for entry in ordered} == {BUNDLED} else "Glossary",
        "count": f"{len(ordered):,} {'term' if len(ordered) == 1 else 'terms'}",
        "urls": {entry_id: link.url for entry_id, link in links.items()},
    }
    files = {name: (_FOLDER / "assets" / name).read_text(encoding="utf-8") for name in _ASSETS}
    files["search-data.js"] = _search_data(ordered, links)
    files["index.html"] = _template("index.html").render(
        shared,
        root="",
        credit=any(entry.source == BUNDLED for entry in ordered),
        categories=categories,
        data=_term_set(shared["site"], links.values()),
    )
    page = _template("entry.html")
    for entry in ordered:
        files[paths[entry.id]] = page.render(
            shared,
            root=_TO_ROOT,
            credit=entry.source == BUNDLED,
            entry=entry,
            categories=[of for of in categories if of.name in (entry.categories or (_UNFILED,))],
            facts=list(_facts(entry)),
            data=_term(entry, shared["site"]),
        )
    return {**files, MANIFEST: manifest_of(list(files))}


def _path(entry: Entry) -> str:
    return f"entries/{safe_name(entry.source)}/{safe_name(id_within(entry))}.html"


def _labelled(entries: Sequence[Entry]) -> Iterator[tuple[Entry, str]]:
    """Yield each entry with its term, and with its source if the term is that of several."""
    times = Counter(name_key(entry.term) for entry in entries)
    for entry in entries:
        several = times[name_key(entry.term)] > 1
        yield entry, f"{entry.term} ({entry.source})" if several else entry.term


def _categories(entries: Sequence[Entry], links: Mapping[str, _Link]) -> list[_Category]:
    filed: dict[str, list[_Link]] = {}
    for entry in entries:
        for name in dict.fromkeys(entry.categories or (_UNFILED,)):
            filed.setdefault(name, []).append(links[entry.id])
    names = sorted(filed, key=lambda name: (name == _UNFILED, name_key(name), name))
    return [
        _Category(name, f"category-{number}", tuple(filed[name]))
        for number, name in enumerate(names, start=1)
    ]


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield what is known about an entry beside its text."""
    yield from ((name, value) for name, value in _optional_facts(entry) if value)
    yield from ((detail.name, detail.value) for detail in entry.details)


def _optional_facts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "Updated", f"{entry.updated:%d %B %Y}" if entry.updated else ""
    yield "Reviewed", f"{entry.reviewed:%d %B %Y}" if entry.reviewed else ""
    yield "Status", entry.status
    yield "Owner", entry.owner
    yield "Source", entry.source
    yield "Licence", entry.licence


def _search_data(entries: Iterable[Entry], links: Mapping[str, _Link]) -> str:
    rows = [
        [links[entry.id].label, links[entry.id].url, list(entry.aliases), entry.definition]
        for entry in entries
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"const nearsayEntries = [\n{lines}\n];\n"


def _term_set(site: object, links: Iterable[_Link]) -> dict[str, Any]:
    terms = [{"@type": "DefinedTerm", "name": link.label, "url": link.url} for link in links]
    return {
        "@context": _SCHEMA,
        "@type": "DefinedTermSet",
        "name": site,
        "hasDefinedTerm": terms,
    }


def _term(entry: Entry, site: object) -> dict[str, Any]:
    term = {
        "@context": _SCHEMA,
        "@type": "DefinedTerm",
        "name": entry.term,
        "alternateName": list(entry.aliases),
        "description": entry.definition,
        "url": entry.url,
        "license": _CC_BY if entry.source == BUNDLED else entry.licence,
        "dateModified": entry.updated.isoformat() if entry.updated else None,
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "name": site,
            "url": f"{_TO_ROOT}index.html",
        },
    }
    return {key: value for key, value in term.items() if value}


def _template(name: str) -> jinja2.Template:
    return _environment().get_template(name)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"block": render_block, "line": render_line}
    return environment
