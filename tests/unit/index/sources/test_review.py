"""Reviewing a source before it is indexed: kinds of refusals, lost columns, and shared names."""

from pathlib import Path

import pytest

from index.entry import Entry
from index.sources.files import by_seriousness
from index.sources.loader import read_sources
from index.sources.review import SharedName, review
from index.sources.source import Source, SourceReport

LONG = "A rope of many strands. " * 200
TABLE = f"""\
id,Term,Definition,URL,slug
1,Mast,A tall pole.,,mast
2,Mast,A tall pole.,,mast
3,,A word without a term.,,
4,Boom,A pole along a sail.,not an address,
5,Yard,A pole across a mast.,,
6,Rope,{LONG},,
7,Sail,A cloth that catches wind.,,
8,Keel,The spine of a ship.,,
"""


def read(tmp_path: Path, name: str, text: str) -> SourceReport:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    (report,) = read_sources([Source("own", str(file))], encyclopedia=False).sources
    return report


def test_what_was_not_read_as_written_is_sorted_by_seriousness(tmp_path: Path) -> None:
    report = read(tmp_path, "terms.csv", TABLE)
    found = [(one.kind, one.line) for one in by_seriousness(report.refused)]
    assert found == [("far longer", 7), ("skipped", 4), ("shortened", 5), ("merged", 3)]


def test_a_page_of_terms_tells_far_longer_entries_from_skipped_ones(tmp_path: Path) -> None:
    page = "".join(
        f"## {name}\n\nA part of a ship.\n\n" for name in ("Mast", "Boom", "Keel", "Rib")
    )
    page = f"# Glossary\n\n{page}## Empty\n\n## Rope\n\n{LONG}\n"
    report = read(tmp_path, "terms.md", page)
    assert {one.kind for one in report.refused} == {"far longer", "skipped"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("terms.csv", TABLE),
        ("terms.json", '[{"id": 1, "slug": "mast", "term": "Mast", "definition": "A pole."}]'),
    ],
)
def test_columns_and_keys_that_are_not_kept_are_named(tmp_path: Path, name: str, text: str) -> None:
    assert read(tmp_path, name, text).ignored == ("id", "slug")


def test_names_of_several_entries_and_hidden_terms_are_listed() -> None:
    entries = [
        Entry("own/a", "Purchase order", "A form.", source="own", aliases=("PO",)),
        Entry("own/b", "Product owner", "A person.", source="own", aliases=("P.O.",)),
        Entry("own/c", "Epoch", "A year of our firm.", source="own"),
        Entry("epoch", "Epoch", "One pass over the data.", source="encyclopedia"),
        Entry("po", "PO", "Another thing.", source="other"),
    ]
    found = review("own", entries)
    assert found.shared == (SharedName("PO", 2, ("Purchase order", "Product owner")),)
    assert found.hides == ("Epoch",)
