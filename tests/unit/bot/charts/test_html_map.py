"""The interactive map: a self-contained file in which no foreign text is active."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.charts.html_map import PARTS, page_of
from index.entry import Entry
from index.indexing.reindex import SourceContent, reindex
from index.search.explore.map import map_of
from index.storage import Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(2)> & \u2028\u2029 \u202e"


class Elements(HTMLParser):
    """Collects the elements of a page with their attributes, and the contents of its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._within = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "script":
            self.scripts[-1] += data


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the map page of the harbour, with a hostile entry and a hostile text."""
    nasty = Entry(id="nasty", term=NASTY, definition=NASTY, category=NASTY, source="harbour")
    store = Store(tmp_path_factory.mktemp("nasty"))
    reindex(store, SourceContent([*harbour(), nasty]), ToyEmbedder())
    with store.reading() as generation:
        chart = map_of(generation, ToyEmbedder(), ["Anchor", NASTY + " text"])
        yield page_of(generation, replace(chart, within=NASTY))
    store.close()


def elements(page: str) -> Elements:
    parser = Elements()
    parser.feed(page)
    return parser


def data_of(page: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(elements(page).scripts[0])
    return loaded


def test_the_page_loads_nothing_from_other_servers(page: str) -> None:
    found = elements(page).found
    assert not [(tag, attrs) for tag, attrs in found if {"src", "href", "action"} & attrs.keys()]
    assert not [tag for tag, _ in found if tag in ("link", "img", "iframe", "object", "base")]
    (policy,) = [a["content"] for _, a in found if a.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "http" not in policy
    assert "eval" not in policy
    style = (PARTS / "page.css").read_text(encoding="utf-8")
    assert not re.findall(r"url\(|@import", style)


def test_text_in_the_page_cannot_end_a_script(page: str) -> None:
    parser = elements(page)
    assert len(parser.scripts) == 3
    assert "plotly.js v" in parser.scripts[1][:500]
    assert parser.scripts[2].strip() == (PARTS / "page.js").read_text(encoding="utf-8").strip()
    assert "alert(1)" not in "".join(parser.scripts[1:])
    assert len(re.findall("</script", page)) == 3


def test_markup_in_texts_is_escaped(page: str) -> None:
    data = data_of(page)
    nasty = next(entry for entry in data["entries"] if "alert" in entry["term"])
    assert nasty["term"].startswith("</script><script>alert(1)</script>")
    assert data["places"][1]["text"].startswith("</script>")
    raw = elements(page).scripts[0]
    assert raw.isascii()
    assert not set("<>&") & set(raw)


def test_the_script_does_not_insert_text_as_markup() -> None:
    script = (PARTS / "page.js").read_text(encoding="utf-8")
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
    ):
        assert way not in script
    assert "http:" not in script
    assert "https:" not in script


def test_the_page_contains_every_entry_with_its_true_neighbours(page: str) -> None:
    data = data_of(page)
    assert len(data["entries"]) == 13
    by_term = {entry["term"]: entry for entry in data["entries"]}
    anchor = by_term["Anchor"]
    assert anchor["definition"]
    assert len(anchor["near"]) == 8
    scores = [score for _, score in anchor["near"]]
    assert scores == sorted(scores, reverse=True)
    assert all(data["entries"][at] is not anchor for at, _ in anchor["near"])
    assert data["places"][0]["near"][0] == anchor["near"][0]
    assert len(page) < 5_000_000
