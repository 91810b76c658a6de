"""JSON and YAML files beyond the limits; `cases/records.yaml` has the others."""

import time
from pathlib import Path

import pytest

from index.errors import SourceError
from index.sources import plain_data
from index.sources.files import SourceFile
from index.sources.records.reader import read_records


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("[" * 200 + "]" * 200, "x.json", "nested"),
        ("\n".join(" " * n + "- " for n in range(3_000)), "x.yaml", "nested"),
        ("[" + "[]," * 30_000 + "[]]", "x.json", "more than 10,000 values"),
        ("- a\n" * 30_000, "x.yaml", "more than 10,000 values"),
        ("a: \x01b\n", "x.yaml", "not valid YAML"),
        ("[" + "9" * 100_000 + "]", "x.json", ""),
        ("[" + '{"a":"b"},' * 4_000 + "1]", "x.json", ""),
        ('{"a": {"b": ' * 40 + "1" + "}}" * 40, "x.json", ""),
    ],
)
def test_hostile_files_are_refused_within_the_time_limit(
    text: str, name: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_data, "MOST_VALUES", 10_000)
    start = time.process_time()
    try:
        refused = [item.reason for item in read_records(file(text, name)).refused]
    except SourceError as error:
        refused = [error.reason]
    assert reason in refused[0]
    assert time.process_time() - start < 2


def file(text: str, name: str) -> SourceFile:
    return SourceFile(Path(name), name, text.encode())
