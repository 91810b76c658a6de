"""Tables beyond the limits and in other encodings; `cases/tables.yaml` has the others."""

from pathlib import Path

import pytest

from index.entry import passages_of
from index.sources import collector
from index.sources.collector import EntryCollector
from index.sources.files import Reading, SourceFile
from index.sources.registry import read_file
from index.sources.tabular.csv import csv_rows
from index.sources.tabular.table import read_table


def read(text: str | bytes, name: str = "words.csv") -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read_table(SourceFile(Path(name), name, data))


def test_excessive_markup_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "MOST_MARKS", 3_000)
    rows = "".join(f"W{n},{'*' * 100}x\n" for n in range(40))
    reading = read(f"Term,Definition\n{rows}")
    assert len(reading.entries) == 30
    assert "markup characters" in reading.refused[-1].reason


@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_surplus_search_phrases_are_dropped_and_reported(name: str) -> None:
    phrases = "; ".join([*(f"ask {number}" for number in range(21)), "x" * 201])
    text = {
        "a.csv": f"Term,Definition,Search phrases\nMast,Holds.,{phrases}\n",
        "a.json": f'[{{"term": "Mast", "definition": "Holds.", "search phrases": "{phrases}"}}]',
    }[name]
    reading = read_file(SourceFile(Path(name), name, text.encode()), {})
    assert len(reading.entries[0].search_phrases) == 20
    reasons = [refusal.reason.removeprefix("record 1: ") for refusal in reading.refused]
    assert sorted(reasons) == [
        "a search phrase of 201 characters is skipped",
        "has 21 search phrases; the first 20 are used",
    ]


def test_surplus_and_long_details_are_dropped_and_reported() -> None:
    names = [f"Colour {number}" for number in range(22)]
    long = "x" * 301
    cells = ["Mast", "Holds.", long, *map(str, range(22))]
    reading = read(f"{','.join(['Term', 'Definition', 'Owner', *names])}\n{','.join(cells)}\n")
    (entry,) = reading.entries
    assert [detail.name for detail in entry.details] == names[:20]
    assert entry.owner == ""
    assert [refusal.reason for refusal in reading.refused] == [
        "has 22 details; the first 20 are used",
        '"Owner" has 301 characters; 300 are allowed, so it is skipped',
    ]


def test_the_name_of_a_detail_is_shortened() -> None:
    reading = read(f"Term,Definition,{'Colour' * 20}\nMast,Holds.,red\n")
    (detail,) = reading.entries[0].details
    assert (len(detail.name), detail.value) == (60, "red")


def test_a_detail_does_not_change_what_is_embedded() -> None:
    with_columns = read("Term,Definition,Owner,Region\nMast,Holds.,Ana,EMEA\n").entries[0]
    without = read("Term,Definition\nMast,Holds.\n").entries[0]
    assert with_columns.owner
    assert with_columns.details
    assert list(passages_of(with_columns)) == list(passages_of(without))


def test_surplus_categories_are_dropped_and_reported() -> None:
    names = "; ".join(f"C{number}" for number in range(22))
    reading = read(f"Term,Definition,Category\nMast,Holds.,{names}\n")
    assert reading.entries[0].categories == tuple(f"C{number}" for number in range(21))
    assert [refusal.reason for refusal in reading.refused] == [
        "has 21 further categories; the first 20 are used"
    ]


def test_a_long_cell_is_read_after_another_table_has_ended() -> None:
    file = SourceFile(Path("words.csv"), "words.csv", b"")
    long = "x" * 200_000
    first = csv_rows("a,b", (",", '"'), 0, EntryCollector(file))
    next(first)
    second = csv_rows(f"a,b\nc,{long}", (",", '"'), 0, EntryCollector(file))
    next(second)
    assert list(first) == []
    assert list(second) == [(2, ["c", long])]
