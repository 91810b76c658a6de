"""Read a source that contains one good file and hostile ones, and check its refusals."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.entry import Entry
from index.sources import loader, plain_data
from index.sources.files import Refusal
from index.sources.loader import read_sources
from index.sources.source import Report, Source
from index.sources.tabular import xlsx

MB = 1024 * 1024
MOST_SECONDS = 5.0
GOOD = "---\nterm: Good\n---\nA definition.\n"
BINARY = b"\x7fELF" + bytes(range(256)) * 400
Content = bytes | Callable[[], bytes]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a source with one good file, with an empty encyclopedia and low limits."""
    (tmp_path / "bundled").mkdir()
    monkeypatch.setattr(loader, "bundled", lambda: tmp_path / "bundled")
    monkeypatch.setattr(plain_data, "MOST_VALUES", 10_000)
    monkeypatch.setattr(xlsx, "LARGEST_UNPACKED", 40 * MB)
    folder = tmp_path / "terms"
    folder.mkdir()
    (folder / "good.md").write_text(GOOD)
    return folder


def read(path: Path | str) -> Report:
    """Read the source at `path`, and check its refusals and its CPU time."""
    started = time.process_time()  # CPU time, because other processes share the processor
    report = read_sources([Source("terms", str(path))])
    assert time.process_time() - started < MOST_SECONDS
    for refusal in report.refused:
        assert_plain(refusal)
    return report


def assert_plain(refusal: Refusal) -> None:
    for text in (refusal.path, refusal.reason, refusal.hint):
        assert text.isprintable()
    for text in (refusal.reason, refusal.hint):
        assert len(text) <= 200
        assert not re.search(r"Error|Exception|Traceback|<class|object at 0x|/tmp|\\x", text)
    assert refusal.reason


def entries_besides_good(report: Report) -> list[Entry]:
    """Return the entries except that of the good file, which must be present."""
    entries = {entry.path: entry for entry in report.entries}
    assert entries.pop("good.md").term == "Good"
    return [entry for entry in report.entries if entry.path != "good.md"]


def write(folder: Path, name: str, content: Content) -> Path:
    file = folder / name
    file.write_bytes(content() if callable(content) else content)
    return file
