"""Tables beyond the limits and in other encodings; `cases/tables.yaml` has the others."""

from pathlib import Path

import pytest

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


def test_a_long_cell_is_read_after_another_table_has_ended() -> None:
    file = SourceFile(Path("words.csv"), "words.csv", b"")
    long = "x" * 200_000
    first = csv_rows("a,b", (",", '"'), 0, EntryCollector(file))
    next(first)
    second = csv_rows(f"a,b\nc,{long}", (",", '"'), 0, EntryCollector(file))
    next(second)
    assert list(first) == []
    assert list(second) == [(2, ["c", long])]
