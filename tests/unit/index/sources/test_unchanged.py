"""Unchanged files are not parsed again, and sources that were not requested are not read at all."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.entry import Entry
from index.errors import NotFound, SourceError
from index.sources import loader, registry
from index.sources.file_cache import reader_of
from index.sources.files import Reading, SourceFile, load
from index.sources.loader import read_sources
from index.sources.registry import read_file
from index.sources.source import Report, Source, SourceReport
from index.storage.db.ledger import Ledger

LONG_AGO = 1_700_000_000  # seconds since 1970


class Bench:
    """A source, its cache, and the names of the files that were parsed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.memory = Ledger.open(folder.parent / "data").files
        self.parsed: list[str] = []

    def parse(self, file: SourceFile, columns: Mapping[str, str]) -> Reading:
        self.parsed.append(file.name)
        return read_file(file, columns)

    def write(self, name: str, text: str, modified: int = LONG_AGO) -> Path:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        os.utime(file, (modified, modified))
        return file

    def read(self, columns: Mapping[str, str] | None = None) -> Report:
        """Read the source; `parsed` then names the files of that read."""
        self.parsed.clear()
        return read_sources([Source("bank", str(self.folder), columns or {})], known=self.memory)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return an old source: a page, a table with a refused row, and an empty file."""
    (tmp_path / "bundled").mkdir()
    (tmp_path / "bank").mkdir()
    bench = Bench(tmp_path / "bank")
    monkeypatch.setattr(loader, "bundled", lambda: tmp_path / "bundled")
    monkeypatch.setattr(registry, "read_file", bench.parse)
    bench.write("card.md", page("Card"))
    bench.write("table.csv", "term,definition\nTeller,A person behind a counter.\nVault,\n")
    bench.write("empty.md", "")
    return bench


def page(term: str) -> str:
    return f"---\nterm: {term}\n---\nA definition.\n"


def terms(report: Report) -> list[str]:
    return [entry.term for entry in report.entries]


def bank(report: Report) -> SourceReport:
    (found,) = (source for source in report.sources if source.name == "bank")
    return found


def test_unchanged_files_are_not_parsed_again(bench: Bench) -> None:
    first = bench.read()
    assert sorted(bench.parsed) == ["card.md", "empty.md", "table.csv"]
    second = bench.read()
    assert bench.parsed == []
    assert second.entries == first.entries
    assert second.refused == first.refused
    assert [item.reason for item in second.refused] == ["is empty", "has no definition"]
    assert (bank(first).unchanged, bank(second).unchanged) == (0, 3)
    assert bank(second).digest == bank(first).digest


def test_a_file_with_only_a_new_modification_time_is_not_parsed_again(bench: Bench) -> None:
    first = bench.read()
    bench.write("card.md", page("Card"), LONG_AGO + 1)
    second = bench.read()
    assert bench.parsed == []
    assert bank(second).unchanged == 3
    assert bank(second).digest == bank(first).digest


def test_a_file_with_other_content_of_the_same_size_and_time_is_parsed_again(bench: Bench) -> None:
    bench.read()
    bench.write("card.md", page("Cord"))
    assert terms(bench.read()) == ["Cord", "Teller"]
    assert bench.parsed == ["card.md"]


def test_new_and_removed_files_are_detected(bench: Bench) -> None:
    first = bench.read()
    bench.write("loan.md", page("Loan"))
    (bench.folder / "card.md").unlink()
    second = bench.read()
    assert bench.parsed == ["loan.md"]
    assert terms(second) == ["Loan", "Teller"]
    assert bank(second).digest != bank(first).digest
    remembered = bench.memory.files("bank", reader_of(Source("bank", str(bench.folder))))
    assert sorted(Path(path).name for path in remembered) == ["empty.md", "loan.md", "table.csv"]


def test_changed_columns_or_parsers_cause_all_files_to_be_read_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.read()
    second = bench.read({"term": "definition"})
    assert len(bench.parsed) == 3
    assert bank(second).digest != bank(first).digest
    monkeypatch.setattr(loader, "reader_of", lambda source: reader_of(source) + "newer")
    bench.read({"term": "definition"})
    assert len(bench.parsed) == 3


def test_a_damaged_file_keeps_its_entries_until_it_can_be_parsed(bench: Bench) -> None:
    bench.write("list.json", '[{"term": "Loan", "definition": "Money lent."}]')
    bench.read()
    for damaged in ('[{"term": "Loan", "defin', ""):
        bench.write("list.json", damaged)
        report = bench.read()
        assert terms(report) == ["Card", "Loan", "Teller"]
        reasons = [item.reason for item in report.refused if "list.json" in item.path]
        assert [reason.partition(". ")[2] for reason in reasons] == [
            "Its entries stay as they were last read"
        ]
    bench.write("list.json", '[{"term": "Loan", "definition": "Money lent."}]')
    assert not [item for item in bench.read().refused if "list.json" in item.path]
    bench.write("list.json", '[{"term": "Debt", "definition": "Money owed."}]')
    assert terms(bench.read()) == ["Card", "Debt", "Teller"]


def test_an_unreadable_file_is_read_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(file: SourceFile, columns: Mapping[str, str]) -> Reading:
        raise RuntimeError

    monkeypatch.setattr(registry, "read_file", fails)
    assert {item.reason for item in bench.read().refused} == {"cannot be read"}
    monkeypatch.setattr(registry, "read_file", bench.parse)
    assert terms(bench.read()) == ["Card", "Teller"]


@pytest.mark.parametrize(
    ("cause", "kept"), [(None, True), (OSError(5, "I/O"), True), (FileNotFoundError(), False)]
)
def test_a_known_file_that_cannot_be_loaded_keeps_its_entries_unless_it_is_deleted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, cause: OSError | None, kept: bool
) -> None:
    def fails(path: Path, root: Path) -> SourceFile:
        raise SourceError(path, None, "changed while it was read") from cause

    first = bench.read()
    bench.write("card.md", page("Cord"))
    monkeypatch.setattr(loader, "load", fails)
    second = bench.read()
    assert terms(second) == (["Card", "Teller"] if kept else [])
    assert "changed while it was read" in {item.reason for item in second.refused}
    assert (bank(second).digest == bank(first).digest) == kept
    monkeypatch.setattr(loader, "load", load)
    assert terms(bench.read()) == ["Cord", "Teller"]


BEFORE = (
    Entry("atom", "Atom", "A thing.", source="encyclopedia"),
    Entry("bank/old", "Old", "A thing.", source="bank"),
    Entry("shop/till", "Till", "A thing.", source="shop"),
    Entry("gone/x", "X", "A thing.", source="gone"),
)


def test_sources_not_requested_are_not_read(bench: Bench) -> None:
    sources = [Source("bank", str(bench.folder)), Source("shop", "/no/such/folder")]
    progress: list[tuple[str, int, int]] = []
    report = read_sources(
        sources, lambda *done: progress.append(done), bench.memory, {"bank"}, BEFORE
    )
    assert [entry.id for entry in report.entries] == [
        "atom",
        "bank/card",
        "bank/teller",
        "shop/till",
    ]
    assert [source.name for source in report.sources] == ["bank"]
    assert progress == [("reading", done, 3) for done in (1, 2, 3)]


def test_an_unknown_source_is_reported_with_the_known_sources(bench: Bench) -> None:
    with pytest.raises(NotFound, match='There is no source "bnak"') as caught:
        read_sources([Source("bank", str(bench.folder))], only=["bank", "bnak"])
    assert caught.value.hint == "Sources: encyclopedia, bank."
