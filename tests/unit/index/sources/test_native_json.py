"""Entries in Nearsay's own JSON: in lines, in table cells, and in a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.entry import Entry, Related, Section, Sense
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
HEADER = "source,id,term,definition,context,aliases,related (JSON)\n"


def read(text: str, name: str) -> Reading:
    return read_file(SourceFile(Path(name), name, text.encode()), {})


def read_record(**fields: object) -> Reading:
    return read(json.dumps(RECORD | fields), "words.jsonl")


def read_page(fields: str, definition: str = "A pole.") -> Entry:
    text = f"---\nterm: Mast\n---\n{definition}\n\n## Fields as JSON\n```json\n{fields}\n```\n"
    return read(text, "mast.md").entries[0]


def test_a_native_record_is_read_unchanged() -> None:
    text = "<b>*Holds*</b> {{ sails }} &amp; more"
    (entry,) = read_record(definition=text, related=[{"term": "Keel", "outside": True}]).entries
    assert (entry.id, entry.definition) == ("mast", text)
    assert entry.related == (Related("Keel", "", outside=True),)


def test_native_and_other_records_may_be_mixed() -> None:
    reading = read(f'{json.dumps(RECORD)}\n{{"term": "Keel", "definition": "*It*"}}\n', "w.jsonl")
    assert [(entry.id, entry.definition) for entry in reading.entries] == [
        ("mast", "A pole."),
        ("keel", "It"),
    ]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        *rows(__file__, "refused"),
        ({"example": "x" * 20_001}, "20,001 characters, 20,000 are allowed"),
    ],
)
def test_an_invalid_record_is_refused_with_its_reason(
    fields: dict[str, object], reason: str
) -> None:
    reading = read_record(**fields)
    assert reading.entries == ()
    assert reason in reading.refused[0].reason


def test_rows_of_one_id_are_meanings_and_of_one_term_are_not() -> None:
    rows = (
        "team,team/mast,Mast,A pole.,ship,a; b,\n"
        "team,team/mast,Mast,Fruit.,tree,,\n"
        'team,team/mast-2,Mast,Food.,,,"[{""term"": ""Oak"", ""why"": ""bears it""}]"\n'
        ",,Keel,Wood.,,,\n"
    )
    mast, food, keel = read(HEADER + rows, "words.csv").entries
    assert mast.senses == (Sense("A pole.", "ship"), Sense("Fruit.", "tree"))
    assert mast.aliases == ("a", "b")
    assert (food.id, food.senses) == ("mast-2", ())
    assert food.related == (Related("Oak", "bears it"),)
    assert (keel.id, keel.definition) == ("keel", "Wood.")


def test_an_entry_with_an_invalid_row_is_refused_as_a_whole() -> None:
    rows = "team,team/mast,Mast,A pole.,,,not json\nteam,team/mast,Mast,Fruit.,,,\n"
    (refusal,) = read(HEADER + rows, "words.csv").refused
    assert (refusal.line, refusal.reason) == (
        2,
        '"related (JSON)" is not valid JSON: Expecting value',
    )


def test_fields_of_a_page_override_its_body() -> None:
    entry = read_page('{"id": "x", "sections": [{"heading": "Example", "text": "## a"}]}')
    assert (entry.id, entry.definition) == ("x", "A pole.")
    assert entry.sections == (Section("Example", "## a"),)


def test_a_page_may_have_its_definition_in_its_fields() -> None:
    assert read_page('{"definition": "## a"}', definition="").definition == "## a"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("[]", "is not a JSON object"),
        ("{", "is not valid JSON"),
        ('{"id": "a/b"}', "is not valid within a source"),
        ('{"colour": "x"}', "is not a field"),
        ("{}\n```\nmore\n```\n", "one block"),
    ],
)
def test_invalid_fields_of_a_page_are_refused(fields: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        read_page(fields)
    assert caught.value.line is not None
    assert caught.value.line >= 6


def test_a_page_states_its_licence() -> None:
    (entry,) = read("---\nterm: Mast\nlicence: CC0\n---\nA pole.\n", "mast.md").entries
    assert entry.licence == "CC0"
