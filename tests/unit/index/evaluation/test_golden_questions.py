import json
from pathlib import Path
from typing import Any

import pytest

from index.errors import SourceError
from index.evaluation.golden_questions import BUNDLED, GoldenQuestion, GoldenSet, Half, read_golden
from index.sources.loader import read_sources

KNOWN = {"anchor": "anchor", "hook": "anchor", "buoy": "buoy"}


def write(file: Path, *rows: Any) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_right_entries_are_resolved_by_id_or_name_without_duplicates(tmp_path: Path) -> None:
    write(
        tmp_path / "answerable.jsonl",
        {"question": "what holds a ship?", "entry": "hook", "kind": "plain", "also": ["anchor"]},
        {"question": "  a floating mark\x1b ", "entry": "buoy", "also": ["hook"]},
    )
    write(tmp_path / "unanswerable.jsonl", {"question": "how to bake?", "kind": "cooking"})
    assert read_golden(tmp_path, KNOWN.get) == GoldenSet(
        tmp_path.name,
        (
            GoldenQuestion("what holds a ship?", "plain", ("anchor",)),
            GoldenQuestion("a floating mark", "questions", ("buoy", "anchor")),
        ),
        (GoldenQuestion("how to bake?", "cooking"),),
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"question": "x", "entry": "whale"}, r'jsonl:1: the index has no entry "whale"'),
        ({"question": "x", "entry": "buoy", "also": ["whale"]}, 'no entry "whale"'),
        ({"question": "x", "entry": "buoy", "also": "hook"}, '"also": .*valid array'),
        ({"question": "x"}, '"entry": Field required'),
    ],
    ids=str,
)
def test_an_invalid_line_is_reported(tmp_path: Path, row: Any, message: str) -> None:
    write(tmp_path / "answerable.jsonl", row)
    with pytest.raises(SourceError, match=message):
        read_golden(tmp_path, KNOWN.get)


def test_a_missing_folder_or_file_is_reported_with_the_layout(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(SourceError) as caught:
            read_golden(folder, KNOWN.get)
        assert "answerable.jsonl and unanswerable.jsonl" in caught.value.hint


@pytest.mark.parametrize(
    ("half", "kept"), [("tuning", ["a1", "b1", "a3"]), ("reporting", ["a2", "b2"]), ("both", None)]
)
def test_questions_of_a_kind_alternate_between_halves(half: Half, kept: list[str] | None) -> None:
    every = ["a1", "b1", "a2", "b2", "a3"]
    questions = tuple(GoldenQuestion(text, text[0]) for text in every)
    golden = GoldenSet("set", questions, questions[:1]).half(half)
    assert [question.text for question in golden.answerable] == (kept or every)
    assert len(golden.unanswerable) == (half != "reporting")


def test_the_bundled_questions_are_about_bundled_entries() -> None:
    ids = {entry.id: entry.id for entry in read_sources().entries}
    golden = read_golden(BUNDLED, ids.get)
    assert (len(golden.answerable), len(golden.unanswerable)) == (300, 139)
    texts = [question.text.casefold() for question in golden.answerable + golden.unanswerable]
    assert len(set(texts)) == len(texts)
    tuning, reporting = golden.half("tuning"), golden.half("reporting")
    assert not set(tuning.answerable) & set(reporting.answerable)
    assert {*tuning.unanswerable, *reporting.unanswerable} == set(golden.unanswerable)
