"""The search phrases of glossaries of one's own, in each kind of file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest

from index.entry import passages_of
from index.sources.files import Reading, SourceFile
from index.sources.readers import read_file

PHRASES = ("what holds the sail, please", "pole on a ship")
MAST = {"term": "Mast", "definition": "Holds the sail."}
HEADER = "Term,Definition,Search phrases\n"
LOOSE = "---\ntitle: Mast\n{}\n---\nHolds the sail.\n"
MANY = [f"ask {number}" for number in range(21)]


def read(text: str | bytes, name: str) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read_file(SourceFile(Path(name), name, data), {})


def xlsx() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["Term", "Definition", "Search phrases"])
    book.active.append([*MAST.values(), "\n".join(PHRASES)])
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", f'{HEADER}Mast,Holds.,"{"; ".join(PHRASES)}"\n'),
        ("a.tsv", f"Term\tDefinition\tAlso asked as\nMast\tHolds.\t{' | '.join(PHRASES)}\n"),
        ("a.xlsx", xlsx()),
        ("a.json", json.dumps([MAST | {"searchPhrases": PHRASES}])),
        ("a.jsonl", json.dumps(MAST | {"search_phrases": ";".join(PHRASES)})),
        ("a.yaml", json.dumps(MAST | {"search phrases": PHRASES})),
        ("own.md", f"---\nterm: Mast\nsearch phrases: {json.dumps(PHRASES)}\n---\nHolds.\n"),
        ("own.md", f"---\nterm: Mast\nsearch_phrases: {json.dumps(PHRASES)}\n---\nHolds.\n"),
        ("loose.md", LOOSE.format(f"search-phrases: {json.dumps(PHRASES)}")),
        ("loose.md", LOOSE.format(f"search phrases: {'; '.join(PHRASES)}")),
        (
            "glossary.md",
            "# Glossary\n\n| Term | Definition | Search phrases |\n| --- | --- | --- |\n"
            f"| Mast | Holds the sail. | {'; '.join(PHRASES)} |\n| Keel | A timber. | |\n",
        ),
    ],
)
def test_search_phrases_are_indexed_and_stand_nowhere_else(name: str, text: str | bytes) -> None:
    reading = read(text, name)
    entry = reading.entries[0]
    assert entry.search_phrases == PHRASES
    assert (entry.aliases, entry.faq, entry.sections) == ((), (), ())
    assert reading.refused == ()
    kinds = [passage.kind for passage in passages_of(entry)]
    assert kinds == ["definition", "phrase", "phrase"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", f"{HEADER}Mast,Holds.,{'; '.join([*MANY, 'x' * 201])}\n"),
        ("a.json", json.dumps([MAST | {"search phrases": [*MANY, "x" * 201]}])),
        ("loose.md", LOOSE.format(f"search phrases: {json.dumps([*MANY, 'x' * 201])}")),
    ],
)
def test_more_than_an_entry_may_have_are_left_out_and_told(name: str, text: str) -> None:
    reading = read(text, name)
    assert reading.entries[0].search_phrases == tuple(MANY[:20])
    assert sorted(refusal.reason for refusal in reading.refused) == [
        "a search phrase of 201 characters is left out",
        "has 21 search phrases, the first 20 are kept",
    ]


def test_a_phrase_that_says_the_term_or_another_phrase_is_left_away() -> None:
    reading = read(f"{HEADER}Mast,Holds.,mast; A pole?; a pole\n", "a.csv")
    assert reading.entries[0].search_phrases == ("A pole?",)


def test_meanings_of_one_term_have_their_phrases_in_common() -> None:
    reading = read(f"{HEADER}Mast,Holds.,a pole\nMast,Fruit.,tree food\n", "a.csv")
    entry = reading.entries[0]
    assert (len(entry.senses), entry.search_phrases) == (2, ("a pole", "tree food"))
