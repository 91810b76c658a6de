from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.entry import Reference, Section, Sense
from index.errors import SourceError
from index.sources.files import Reading, SourceFile, load
from index.sources.records import read_records

DATA = Path(os.environ.get("NEARSAY_TEST_DATA", "../shared/data"))


def read(text: str, name: str = "words.yaml", columns: Mapping[str, str] | None = None) -> Reading:
    return read_records(SourceFile(Path(name), name, text.encode()), columns or {})


def read_json(value: object, columns: Mapping[str, str] | None = None) -> Reading:
    return read(json.dumps(value), "words.json", columns)


def reasons(reading: Reading) -> list[tuple[int | None, str]]:
    return [(item.line, item.reason) for item in reading.refused]


MAST = {"term": "Mast", "definition": "Holds sails."}
KEEL = {"term": "Keel", "definition": "Holds boats."}


@pytest.mark.parametrize(
    "value",
    [
        [MAST, KEEL],
        {"terms": [MAST, KEEL]},
        {"title": "Words", "version": 2, "glossary": {"entries": [MAST, KEEL]}},
        {"Mast": "Holds sails.", "Keel": "Holds boats."},
        {"Mast": {"definition": "Holds sails."}, "Keel": {"meaning": "Holds boats."}},
        {"glossary": {"Mast": "Holds sails.", "Keel": "Holds boats."}},
        [{"Mast": "Holds sails."}, {"Keel": "Holds boats."}],
        {"M": {"Mast": "Holds sails."}, "K": {"Keel": "Holds boats."}},
        {"M": [MAST], "K": [KEEL]},
        {"our_words": [MAST, KEEL]},
        {"Above": [MAST], "Below": [KEEL]},
        {"Above": {"Mast": "Holds sails."}, "Below": {"Keel": "Holds boats."}},
    ],
)
def test_where_records_stand(value: object) -> None:
    reading = read_json(value)
    assert [(entry.id, entry.term, entry.definition) for entry in reading.entries] == [
        ("mast", "Mast", "Holds sails."),
        ("keel", "Keel", "Holds boats."),
    ]
    assert reading.refused == ()


def test_the_part_that_a_record_stands_in_is_its_category() -> None:
    assert read_json({"Above": [MAST], "Below": [KEEL]}).entries[1].category == "Below"


def test_one_record_several_documents_and_lines() -> None:
    assert len(read("term: Mast\ndefinition: Holds sails.\n").entries) == 1
    yaml = "---\nterm: Mast\ndefinition: a b\n---\nterm: Keel\ndefinition: c d\n"
    assert len(read(yaml).entries) == 2
    lines = f"{json.dumps(MAST)}\n\nnot json\n{json.dumps(KEEL)}\n"
    for name in ("words.jsonl", "words.ndjson", "words.json"):
        reading = read(lines, name)
        assert len(reading.entries) == 2
        assert reasons(reading) == [(3, "line 3 is no JSON: Expecting value")]


def test_a_full_record() -> None:
    entry = read(
        """
term: top-p
aliases: [nucleus sampling]
categories: [Decoding, Other]
short_def: Draws from the likeliest words.
long_def: >-
  It keeps the smallest set of words whose probabilities add up to p.
examples:
  do: [Set it to 0.9., Try it.]
  dont: [Set it to 7.]
relationships:
  broader: [decoding]
  related:
    - temperature
    - {term: beam search, reason: the other way}
citations:
  - {source: A paper, url: "https://x.org/p"}
  - {source: A book, url: "javascript:x"}
  - See https://x.org/q.
last_reviewed: 2026-01-31
license: CC0
part_of_speech: noun
advice:
  exec: Ask for it when the answers are too wild.
"""
    ).entries[0]
    assert entry.definition == "Draws from the likeliest words."
    assert entry.sections == (
        Section(
            "What it is", "It keeps the smallest set of words whose probabilities add up to p."
        ),
        Section("Advice: exec", "Ask for it when the answers are too wild."),
    )
    assert (entry.aliases, entry.category) == (("nucleus sampling",), "Decoding")
    assert entry.example == "Do:\n- Set it to 0.9.\n- Try it.\n\nDon't:\n- Set it to 7."
    assert [(item.term, item.why) for item in entry.related] == [
        ("decoding", "broader term"),
        ("temperature", "related"),
        ("beam search", "the other way"),
    ]
    assert entry.references == (
        Reference("A paper", "https://x.org/p"),
        Reference("A book"),
        Reference("See", "https://x.org/q"),
    )
    assert str(entry.updated) == "2026-01-31"


@pytest.mark.parametrize(
    "value",
    [
        {"Boom": ["A spar.", "A sound."]},
        {"Boom": [{"definition": "A spar."}, {"definition": "A sound."}]},
        [{"term": "Boom", "definition": ["A spar.", "A sound."]}],
        [{"term": "Boom", "senses": [{"definition": "A spar."}, {"definition": "A sound."}]}],
        [{"term": "Boom", "definition": "A spar."}, {"term": "boom", "definition": "A sound."}],
        {"term": "Boom", "definitions": [{"definition": "A spar."}, {"definition": "A sound."}]},
    ],
)
def test_several_meanings_of_a_term_are_senses(value: object) -> None:
    assert [entry.senses for entry in read_json(value).entries] == [
        (Sense("A spar."), Sense("A sound."))
    ]


def test_a_key_that_stands_twice_in_a_mapping_of_terms_is_two_meanings() -> None:
    for text, name in (('{"A": "One.", "A": "Two."}', "a.json"), ("A: One.\nA: Two.\n", "a.yaml")):
        assert len(read(text, name).entries[0].senses) == 2


def test_acronyms_by_key() -> None:
    record = {"name": "Global Positioning System", "description": "Tells where one is."}
    entry = read_json({"GPS": record}).entries[0]
    assert (entry.term, entry.aliases) == ("Global Positioning System", ("GPS",))
    entry = read_json([{"acronym": "GPS", "expansion": "Global Positioning System"}]).entries[0]
    assert (entry.term, entry.aliases) == ("GPS", ("Global Positioning System",))


def test_what_is_no_entry_is_refused_with_its_number() -> None:
    reading = read_json([MAST, {"term": "X"}, {"definition": "y"}, "z", 7, None, [], MAST])
    assert [line for line, _ in reasons(reading)] == [2, 3, 4, 5, 6, 7, 8]
    assert reasons(reading)[-1] == (8, "the same as record 1")


def test_values_stay_as_written() -> None:
    assert read("- {term: No, definition: 1.10}\n").entries[0].definition == "1.10"
    assert read_json([{"term": True, "definition": 1.50}]).entries[0].term == "true"


def test_a_mapping_of_keys() -> None:
    value = [{"wort": "Mast", "sinn": "Hält Segel."}]
    entry = read_json(value, {"term": "Wort", "definition": "sinn"}).entries[0]
    assert (entry.term, entry.definition) == ("Mast", "Hält Segel.")


def test_the_licence_of_the_file() -> None:
    assert read_json({"license": "CC BY 4.0", "terms": [MAST]}).licence == "CC BY 4.0"


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("[" * 10_000 + "]" * 10_000, "x.json", "nested"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "x.json", "nested"),
        ("[" * 200 + "]" * 200, "x.json", "nested"),
        ("[" * 10_000 + "]" * 10_000, "x.yaml", ""),
        ("\n".join(" " * n + "- " for n in range(3_000)), "x.yaml", "nested"),
        ("- " * 10_000, "x.yaml", "nested"),
        ("a: &x 1\nb: *x\n", "x.yaml", "anchor"),
        ("a: !!python/object/apply:os.system [ls]\n", "x.yaml", "tag"),
        ("a: [", "x.yaml", "no YAML"),
        ("? [a]\n: b\n", "x.yaml", "no text"),
        ("a: \x01b\n", "x.yaml", "no YAML"),
        ("{", "x.json", "no JSON"),
        ("{]\n{]\n", "x.jsonl", "no line"),
        ("[]", "x.json", "no entries"),
        ("# nothing\n", "x.yaml", "no entries"),
        ("[" + "[]," * 3_000_000 + "[]]", "x.json", "values"),
        ("- a\n" * 3_000_000, "x.yaml", "values"),
        ("[" + "9" * 100_000 + "]", "x.json", None),
        ('[{"term": "\\ud800", "definition": "x"}]', "x.json", None),
        ("[" + '{"a":"b"},' * 20_000 + "1]", "x.json", None),
        ('{"a": {"b": ' * 40 + "1" + "}}" * 40, "x.json", None),
        ('[{"term": "a", "definition": [[[], {}], []], "aliases": [[]]}]', "x.json", None),
    ],
)
def test_hostile_files(text: str, name: str, reason: str | None) -> None:
    start = time.process_time()
    if reason is None:
        assert read(text, name).entries == () or name
    else:
        with pytest.raises(SourceError) as caught:
            read(text, name)
        assert reason in caught.value.reason
    assert time.process_time() - start < 6


def test_the_records_of_the_shared_data() -> None:
    folder = DATA / "glossaries/ai-yaml"
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}; set NEARSAY_TEST_DATA")
    readings = [read_records(load(path, folder)) for path in sorted(folder.glob("*.yml"))]
    entries = [entry for reading in readings for entry in reading.entries]
    assert len(entries) == len(readings) == 109
    assert sum(len(entry.aliases) for entry in entries) >= 200
    assert not [item for reading in readings for item in reading.refused]
