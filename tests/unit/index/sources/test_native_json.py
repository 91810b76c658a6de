"""Entries in Nearsay's own JSON: in lines, in table cells, and in a page."""

import json
from pathlib import Path

import pytest

from index.entry import Entry, Section
from index.errors import SourceError
from index.sources.files import Reading, SourceFile
from index.sources.registry import read_file
from tests.unit.index.tables import rows

RECORD = {
    "nearsay": 1,
    "id": "team/mast",
    "source": "team",
    "term": "Mast",
    "definition": "A pole.",
}


def read(text: str, name: str) -> Reading:
    return read_file(SourceFile(Path(name), name, text.encode()), {})


def read_record(**fields: object) -> Reading:
    return read(json.dumps(RECORD | fields), "words.jsonl")


def read_page(fields: str, definition: str = "A pole.") -> Entry:
    text = f"---\nterm: Mast\n---\n{definition}\n\n## Fields as JSON\n```json\n{fields}\n```\n"
    return read(text, "mast.md").entries[0]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        *rows(__file__, "refused"),
        ({"example": "x" * 20_001}, "20,001 characters; 20,000 are allowed"),
    ],
)
def test_an_invalid_record_is_refused_with_its_reason(
    fields: dict[str, object], reason: str
) -> None:
    reading = read_record(**fields)
    assert reading.entries == ()
    assert reason in reading.refused[0].reason


def test_json_fields_of_a_page_override_its_body() -> None:
    entry = read_page('{"id": "x", "sections": [{"heading": "Example", "text": "## a"}]}')
    assert (entry.id, entry.definition) == ("x", "A pole.")
    assert entry.sections == (Section("Example", "## a"),)


def test_the_definition_of_a_page_may_be_in_its_json_fields() -> None:
    assert read_page('{"definition": "## a"}', definition="").definition == "## a"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("[]", "is not a JSON object"),
        ("{", "is not valid JSON"),
        ('{"id": "a/b"}', "is not valid within a source"),
        ('{"colour": "x"}', "is not a field"),
        ("{}\n```\nmore\n```\n", "a single ```json block"),
    ],
)
def test_invalid_json_fields_of_a_page_are_refused(fields: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        read_page(fields)
    assert caught.value.line is not None
    assert caught.value.line >= 6
