from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.entry import Section, Sense
from index.errors import SourceError
from index.sources.files import Reading, SourceFile, load
from index.sources.table import read_table

DATA = Path(os.environ.get("NEARSAY_TEST_DATA", "../shared/data"))


def read(
    text: str | bytes, name: str = "words.csv", columns: Mapping[str, str] | None = None
) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read_table(SourceFile(Path(name), name, data), columns or {})


def terms(reading: Reading) -> list[tuple[str, str]]:
    return [(entry.term, entry.definition) for entry in reading.entries]


def reasons(reading: Reading) -> list[tuple[int | None, str]]:
    return [(item.line, item.reason) for item in reading.refused]


TWO = [("Mast", "Holds the sail."), ("Keel", "Holds the boat, upright.")]


@pytest.mark.parametrize(
    "text",
    [
        'Term,Definition\nMast,Holds the sail.\nKeel,"Holds the boat, upright."\n',
        "Term;Definition\r\nMast;Holds the sail.\r\nKeel;Holds the boat, upright.\r\n",
        "term\tdefinition\nMast\tHolds the sail.\nKeel\tHolds the boat, upright.\n",
        "Term|Definition\nMast|Holds the sail.\nKeel|Holds the boat, upright.\n",
        "sep=;\nTerm;Definition\nMast;Holds the sail.\nKeel;Holds the boat, upright.\n",
        "\ufeffTerm,Definition\nMast,Holds the sail.\nKeel,Holds the boat, upright.\n",
        "'Term','Definition'\n'Mast','Holds the sail.'\n'Keel','Holds the boat, upright.'\n",
        'Term, Definition\n\n"Mast", "Holds the sail."\n,\n"Keel", "Holds the boat, upright."\n',
        "Mast;Holds the sail.\nKeel;Holds the boat, upright.\n",
        'definition,word\nHolds the sail.,Mast\n"Holds the boat, upright.",Keel\n',
        'Mast,Holds the sail.\nKeel,"Holds the boat, upright."\n',
    ],
)
def test_the_form_of_a_table_is_found_out(text: str) -> None:
    reading = read(text)
    assert terms(reading) == TWO
    assert reading.refused == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_any_encoding(encoding: str) -> None:
    rows = "Term,Definition\nÉtrave,La pièce à l’avant du navire, « où il fend l’eau ».\n" * 3
    assert read(rows.encode(encoding)).entries[0].term == "Étrave"


def test_rows_above_the_names_are_told() -> None:
    reading = read("Sailing words,\nversion 3,\n\nTerm,Definition\nMast,Holds the sail.\n")
    assert terms(reading) == TWO[:1]
    assert [line for line, _ in reasons(reading)] == [1, 2]


def test_all_columns() -> None:
    reading = read(
        "Term,Definition,Category,Aliases,URL,Example,See also,Updated,License,Notes,Status,Depth\n"
        "Mast,Holds the sail.,Rig,pole; spar,https://x.org/m,Climb the mast.,"
        '"Sail, Boom",2026-01-31T10:00,CC0,It is tall.,ok,It goes down to the keel.\n'
    )
    entry = reading.entries[0]
    assert (entry.id, entry.category, entry.aliases) == ("mast", "Rig", ("pole", "spar"))
    assert (entry.url, entry.example) == ("https://x.org/m", "Climb the mast.")
    assert [(item.term, item.why) for item in entry.related] == [
        ("Sail", "related"),
        ("Boom", "related"),
    ]
    assert str(entry.updated) == "2026-01-31"
    assert entry.sections == (
        Section("Notes", "It is tall."),
        Section("Depth", "It goes down to the keel."),
    )
    assert reading.licence == "CC0"
    assert reading.refused == ()


def test_a_row_without_term_or_definition_is_refused_with_its_line() -> None:
    reading = read('Term,Definition\n"A\nB",x y\n,no term here\nMast,\nKeel,Holds.\n')
    assert reasons(reading) == [(4, "no term"), (5, "no definition")]
    assert [term for term, _ in terms(reading)] == ["A B", "Keel"]


def test_too_long_cells_are_refused_and_the_rest_is_kept() -> None:
    reading = read(f"Term,Definition\nMast,{'x' * 20_001}\n{'y' * 121},z\nKeel,Holds.\n")
    assert [line for line, _ in reasons(reading)] == [2, 3]
    assert [term for term, _ in terms(reading)] == ["Keel"]


def test_meanings_of_one_term_are_senses_in_order_and_repeats_are_told() -> None:
    reading = read(
        "Term,Definition,Context\nBoom,A spar.,Sailing\nBoom,A loud sound.,Noise\n"
        "boom,A SPAR.,sailing\nSheet,A rope.,Sailing\n"
    )
    boom, sheet = reading.entries
    assert boom.senses == (Sense("A spar.", "Sailing"), Sense("A loud sound.", "Noise"))
    assert boom.definition == "A spar."
    assert (sheet.senses, sheet.category) == ((), "Sailing")
    assert reasons(reading) == [(4, "the same as line 2")]


def test_one_meaning_of_an_acronym_is_its_alias() -> None:
    reading = read(
        "Acronym,Meaning,Description\nGPS,Global Positioning System,Tells where one is.\n"
        "VHF,Very High Frequency,\n"
    )
    assert terms(reading) == [("GPS", "Tells where one is."), ("VHF", "Very High Frequency")]
    assert [entry.aliases for entry in reading.entries] == [
        ("Global Positioning System",),
        ("Very High Frequency",),
    ]


def test_several_meanings_of_an_acronym_are_no_aliases() -> None:
    reading = read(
        "Acronym,Expansion,Description,Domain\nCG,Coast Guard,Saves people.,Sea\n"
        "CG,Centre of Gravity,,Physics\n"
    )
    assert reading.entries[0].aliases == ()
    assert reading.entries[0].senses == (
        Sense("Coast Guard: Saves people.", "Sea"),
        Sense("Centre of Gravity", "Physics"),
    )


def test_an_acronym_is_known_by_its_meaning_where_no_column_says_so() -> None:
    reading = read("Title,Meaning\nGPS,Global Positioning System\nGPX,Old boat of ours\n")
    assert [entry.aliases for entry in reading.entries] == [("Global Positioning System",), ()]


def test_a_mapping_of_columns() -> None:
    text = "Nr,Begriff,Text\n7,Mast,Hält das Segel.\n"
    reading = read(text, columns={"term": "begriff", "definition": "Text"})
    assert terms(reading) == [("Mast", "Hält das Segel.")]
    reading = read(text, columns={"term": "Begriff", "definition": "Text", "category": "Art"})
    assert reasons(reading) == [(1, 'has no column "Art"')]


def test_names_in_words_that_are_not_known() -> None:
    rows = "".join(
        f"Wort {n},Ein langer Satz erklärt hier das Wort Nummer {n}.\n" for n in range(5)
    )
    reading = read("Begriff,Erklärung\n" + rows)
    assert [term for term, _ in terms(reading)] == [f"Wort {n}" for n in range(5)]
    assert reasons(reading) == [(1, "is taken for the row of column names")]


@pytest.mark.parametrize("text", ["one\ntwo\n", "a,b,c\nd,e,f\n", " \n", "Foo,Bar,Baz\n1,2,3\n"])
def test_a_file_whose_columns_cannot_be_told_is_an_error(text: str) -> None:
    with pytest.raises(SourceError):
        read(text)


def test_an_open_quotation_mark_costs_its_own_line_only() -> None:
    rows = "".join(f"Word {n},Means {n}.\n" for n in range(50))
    reading = read(f'Term,Definition\nMast,"Holds the sail.\n{rows}')
    assert len(reading.entries) == 50
    assert reasons(reading) == [(2, "a quotation mark that is not closed")]


def test_a_text_that_was_not_quoted_is_put_together_again() -> None:
    reading = read("Term,Definition\nMast,Holds sails, flags, and lights.\nKeel,Holds.\n")
    assert terms(reading)[0] == ("Mast", "Holds sails, flags, and lights.")


def test_no_syntax_and_no_address_but_web_ones() -> None:
    reading = read(
        "Term,Definition,URL\n<b>Mast</b>,**Holds** the [sail](x.html) {{x}}.,javascript:alert(1)\n"
    )
    assert terms(reading) == [("Mast", "Holds the sail .")]
    assert reading.entries[0].url is None
    assert reasons(reading) == [(2, 'no web address: "javascript:alert(1)"')]


def test_what_is_left_out_is_told_once() -> None:
    rows = "".join(f"W{n},Means {n}.,31.1.2026,k{n}\n" for n in range(9))
    reading = read(f"Term,Definition,Updated,Colour\n{rows}")
    assert reasons(reading) == [
        (2, 'no date: "31.1.2026"; write 2026-01-31 (and 8 more)'),
        (2, '"Colour" is not read: its name is not known (and 8 more)'),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Term,Definition\n" + 'a,"b\n' * 200_000,
        "," * 4_000_000,
        "Term,Definition\n" + "\n" * 4_000_000,
        "Term,Definition\n" + "".join(f"A,{n}\n" for n in range(100_000)),
        "Term,Definition\na," + "[" * 4_000_000,
        '"' * 4_000_001,
    ],
)
def test_hostile_tables_end_soon(text: str) -> None:
    start = time.process_time()
    with contextlib.suppress(SourceError):
        read(text)
    assert time.process_time() - start < 8


def test_more_markup_than_there_is_time_for_is_told() -> None:
    rows = "".join(f"W{n},{'*' * 10_000}x\n" for n in range(40))
    reading = read(f"Term,Definition\n{rows}")
    assert len(reading.entries) == 30
    assert "signs of markup" in reading.refused[-1].reason


def test_the_acronyms_of_the_shared_data() -> None:
    path = DATA / "glossaries/va-acronyms/acronyms.csv"
    if not path.is_file():
        pytest.skip(f"no shared data at {path}; set NEARSAY_TEST_DATA")
    file = load(path, path.parent)
    start = time.process_time()
    reading = read_table(file)
    took = time.process_time() - start
    same = sum("the same as line" in item.reason for item in reading.refused)
    assert sum(max(1, len(entry.senses)) for entry in reading.entries) + same == 5_793
    assert sum(len(entry.senses) > 1 for entry in reading.entries) >= 655
    assert took < 3
