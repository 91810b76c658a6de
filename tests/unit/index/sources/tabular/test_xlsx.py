import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from index.errors import SourceError
from index.sources.files import Reading, SourceFile
from index.sources.tabular import xlsx
from index.sources.tabular.table import read_table


def read(data: bytes) -> Reading:
    return read_table(SourceFile(Path("words.xlsx"), "words.xlsx", data))


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def book_of(*rows: tuple[object, ...]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    return book


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return the workbook `data` with one part replaced."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return stream.getvalue()


def test_sheets_with_titles_and_gaps_are_read() -> None:
    book = book_of(
        ("Our words",),
        (),
        ("Term", "Definition", "Updated"),
        ("Mast", "Holds sails.", date(2026, 1, 31)),
    )
    second = book.create_sheet("More")
    second.append(("Acronym", "Meaning"))
    second.append(("GPS", "Global Positioning System"))
    second.append((None, "nothing"))
    third = book.create_sheet("Read me")
    third.append(("Only", "three", "cells"))
    reading = read(saved(book))
    assert [(entry.term, entry.definition) for entry in reading.entries] == [
        ("Mast", "Holds sails."),
        ("GPS", "Global Positioning System"),
    ]
    assert str(reading.entries[0].updated) == "2026-01-31"
    assert [(item.line, item.reason.partition(":")[0]) for item in reading.refused] == [
        (None, 'sheet "Read me"'),
        (1, 'sheet "Sheet"'),
        (3, 'sheet "More"'),
    ]


def test_a_merged_cell_applies_to_all_its_rows() -> None:
    book = book_of(("Term", "Definition"), ("Boom", "A spar."), (None, "A loud sound."))
    book.worksheets[0].merge_cells("A2:A3")
    assert [sense.definition for sense in read(saved(book)).entries[0].senses] == [
        "A spar.",
        "A loud sound.",
    ]


def test_a_formula_is_read_as_its_stored_value() -> None:
    data = saved(book_of(("Term", "Definition"), ("Mast", "KEPT")))
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read(name)
    at = sheet.index(b'<c r="B2"')
    end = sheet.index(b"</c>", at)
    formula = b'<c r="B2" t="str"><f>A1&amp;"x"</f><v>Holds sails.</v>'
    reading = read(with_part(data, name, sheet[:at] + formula + sheet[end:]))
    assert reading.entries[0].definition == "Holds sails."


def test_hidden_sheets_are_reported_and_not_read() -> None:
    book = book_of(("Term", "Definition"), ("Mast", "Holds sails."))
    hidden = book.create_sheet("Old")
    hidden.append(("Term", "Definition"))
    hidden.append(("Keel", "Holds boats."))
    hidden.sheet_state = "hidden"
    reading = read(saved(book))
    assert [entry.term for entry in reading.entries] == ["Mast"]
    (refusal,) = reading.refused
    assert refusal.reason == 'sheet "Old": is hidden, so it is not read'
    assert refusal.hint == ""


def test_every_sheet_that_cannot_be_read_is_reported() -> None:
    book = book_of(("Only", "three", "cells"))
    book.create_sheet("Blank")
    assert [item.reason for item in read(saved(book)).refused] == [
        'sheet "Sheet": has no column recognized as terms or as definitions',
        'sheet "Blank": is empty',
    ]


BOOK = saved(book_of(("Term", "Definition"), ("Mast", "Holds sails.")))
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><sst>&a;</sst>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (lambda: with_part(BOOK, "xl/workbook.xml", b"<nonsense"), "not a readable Excel workbook"),
        (lambda: with_part(BOOK, "xl/workbook.xml", b"<x/>"), "no entries"),
        (lambda: with_part(BOOK, "xl/worksheets/sheet1.xml", ENTITY), "entities"),
        (lambda: with_part(BOOK, "xl/styles.xml", ENTITY), "entities"),
        (lambda: with_part(BOOK, "xl/media/big.bin", b" " * 22_000_000), "22,0"),
    ],
    ids=["xml", "empty", "sheet-entity", "style-entity", "size"],
)
def test_a_broken_or_hostile_workbook_is_refused(
    data: Callable[[], bytes], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "LARGEST_UNPACKED", 20_000_000)
    with pytest.raises(SourceError) as caught:
        read(data())
    assert reason in caught.value.reason
