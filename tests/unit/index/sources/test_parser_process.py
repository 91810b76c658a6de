"""Files that loop, need too much memory or crash the reader are refused; the others are read."""

import multiprocessing
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.identity import OPERATOR
from index.diff import difference
from index.entry import link
from index.errors import Cancelled
from index.sources import loader, parser_process, registry
from index.sources.files import Reading, SourceFile
from index.sources.loader import read_sources
from index.sources.registry import read_file
from index.sources.source import Report, Source
from index.storage.db.ledger import Ledger

pytestmark = pytest.mark.children

LARGE = 100_000  # rows
PARSE_FILES = parser_process._parse_files
FAILURES: dict[str, Callable[[], object]] = {
    "loop": lambda: re.match(r"(a+)+$", "a" * 60 + "b"),  # does not release the interpreter lock
    "grow": lambda: bytearray(2 * parser_process.MAX_MEMORY),
    "exit": lambda: os._exit(1),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a source of two good files, parsed by a child with a reader that can fail."""
    monkeypatch.setattr(loader, "bundled", lambda: tmp_path / "bundled")
    monkeypatch.setattr(parser_process, "_parse_files", _parse_files)
    for name in ("bundled", "bank"):
        (tmp_path / name).mkdir()
    for name in ("alpha", "omega"):
        write(tmp_path / "bank", name, name)
    return tmp_path / "bank"


def _parse_files(connection: Connection) -> None:
    pytest.MonkeyPatch().setattr(registry, "read_file", _read_or_fail)
    PARSE_FILES(connection)


def _parse_without_stderr(connection: Connection) -> None:
    sys.stderr = None
    PARSE_FILES(connection)


def _read_or_fail(file: SourceFile, columns: Mapping[str, str]) -> Reading:
    for content, fail in FAILURES.items():
        if content in file.text:
            fail()
    return read_file(file, columns)


def write(folder: Path, name: str, definition: str) -> None:
    (folder / f"{name}.csv").write_text(f"term,definition\n{name},It is {definition}.\n")


def read(folder: Path, progress: Callable[..., None] = lambda *_: None) -> Report:
    known = Ledger.open(folder.parent / "data").files
    return read_sources([Source("bank", str(folder))], progress, known)


def refusals(report: Report) -> list[tuple[str, str]]:
    return [(Path(refusal.path).stem, refusal.reason) for refusal in report.refused]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        pytest.param(
            "grow",
            "needs more than 2 GB of memory to read",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="not enforced elsewhere"),
        ),
        ("exit", "could not be read: the reader stopped"),
    ],
)
def test_a_file_that_fails_keeps_its_entries_and_the_others_are_read(
    folder: Path, failure: str, reason: str
) -> None:
    write(folder, "middle", "good")
    assert not read(folder).refused
    for name in ("alpha", "omega"):
        write(folder, name, "new")
    write(folder, "middle", failure)
    report = read(folder)
    definitions = [entry.definition for entry in report.entries]
    assert definitions == ["It is new.", "It is good.", "It is new."]
    assert refusals(report) == [("middle", f"{reason}. Its entries stay as they were last read")]
    assert not multiprocessing.active_children()


def test_a_new_file_that_stopped_the_reader_is_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "middle", "exit")
    assert refusals(read(folder)) == [("middle", "could not be read: the reader stopped")]
    monkeypatch.setattr(parser_process, "_parse_files", PARSE_FILES)
    assert "middle" in {entry.term for entry in read(folder).entries}


def test_files_are_read_without_a_standard_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parser_process, "_parse_files", _parse_without_stderr)
    assert not read(folder).refused


def test_questions_are_answered_while_a_file_loops(
    folder: Path, desk: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parser_process, "MAX_SECONDS", 3)
    for name in ("alpha", "omega"):
        (folder / f"{name}.csv").unlink()
    write(folder, "middle", "loop")
    replies: list[str] = []

    def ask(*_: object) -> None:
        replies.append(desk.ask("/define Buoy", OPERATOR).kind)

    assert refusals(read(folder, ask)) == [("middle", "takes more than 0.05 minutes to read")]
    assert len(replies) >= 3
    assert set(replies) == {"entry"}
    assert not multiprocessing.active_children()


@pytest.mark.slow
def test_questions_are_answered_while_a_large_glossary_is_compared(
    folder: Path, desk: Assistant
) -> None:
    rows = (f"Term {at},Definition {at} of many." for at in range(LARGE))
    text = "\n".join(("term,definition", *rows))
    (folder / "large.csv").write_text(text, encoding="utf-8")
    seconds: list[float] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            started = time.monotonic()
            assert desk.ask("/define Buoy", OPERATOR).kind == "entry"
            seconds.append(time.monotonic() - started)

    with ThreadPoolExecutor(1) as executor:
        asked = executor.submit(ask)
        entries = link(read(folder).entries)
        assert len(difference(entries[1:], entries).added) == 1
        done.set()
        asked.result()
    assert len(entries) > LARGE
    assert sorted(seconds)[int(0.99 * len(seconds))] < 0.3


def test_cancelling_kills_the_process(folder: Path) -> None:
    write(folder, "middle", "loop")
    calls: list[int] = []

    def cancel(phase: str, done: int, total: int) -> None:
        calls.append(done)
        if calls.count(1) == 2:  # the second time while the next file is parsed
            assert multiprocessing.active_children()
            raise Cancelled("The reindex was stopped.")

    with pytest.raises(Cancelled):
        read(folder, cancel)
    assert calls[-1] == 1
    assert not multiprocessing.active_children()
