"""Hostile and broken files are refused with one plain sentence or read correctly, within limits on
time and memory, and do not affect other files of the source."""

import io
import re
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from tests.unit.index.sources.hostile import (
    BINARY,
    MB,
    Content,
    entries_besides_good,
    folder,
    read,
    write,
)

__all__ = ["folder"]

MOST_MEMORY = 200 * MB  # for a file of 16 MB as bytes, as text and as lines
DEEP = 10_000


def peak(action: Callable[[], object]) -> int:
    """Return the peak memory that Python allocated during `action`, in bytes."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def billion_laughs() -> bytes:
    """Return nested YAML aliases that expand to at least 9⁹ items."""
    lines = [b"a: &a [x, x, x, x, x, x, x, x, x]"]
    for name, before in zip(b"bcdefghijkl", b"abcdefghijk", strict=True):
        lines.append(b"%c: &%c [" % (name, name) + b", ".join([b"*%c" % before] * 9) + b"]")
    return b"\n".join(lines) + b"\n"


def excel(sheet: Callable[[bytes], list[bytes]], more: dict[str, bytes] | None = None) -> bytes:
    """Return a workbook of one row. `sheet` rewrites the parts of its sheet; `more` adds files."""
    book = openpyxl.Workbook()
    for row in (("term", "definition"), ("Vault", "A strong room.")):
        book.worksheets[0].append(row)
    saved, made = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with (
        zipfile.ZipFile(saved) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as part:
                content = old.read(name)
                for piece in sheet(content) if "worksheets/" in name else [content]:
                    part.write(piece)
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return made.getvalue()


@cache
def bomb(megabytes: int) -> bytes:
    """Return a workbook whose sheet expands to `megabytes` of spaces between two rows."""

    def sheet(content: bytes) -> list[bytes]:
        start, end = content.split(b"</sheetData>")
        return [start, *[b" " * MB] * megabytes, b"</sheetData>", end]

    return excel(sheet)


def lying_bomb() -> bytes:
    """Return a zip bomb whose directory understates the size of its sheet."""
    data = bytearray(bomb(60))
    at = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, at + 24, 1_000)
    return bytes(data)


TAG = b"!!python/object/apply:os.system ['touch owned']"
NAMES = [b"a%d" % number for number in range(200_000)]


REFUSED: dict[str, tuple[str, Content, str]] = {
    "a tag in YAML": ("bad.yaml", TAG, "has a YAML tag"),
    "a tag in front matter": ("bad.md", b"---\nterm: " + TAG + b"\n---\nText.\n", "a YAML tag"),
    "aliases of aliases": ("bad.yaml", billion_laughs, "has a YAML anchor or alias"),
    "aliases of aliases in front matter": (
        *("bad.md", lambda: b"---\nterm: T\n" + billion_laughs() + b"---\nText.\n"),
        "has a YAML anchor or alias",
    ),
    "a zip bomb": ("bad.xlsx", lambda: bomb(60), "has 62,9.* bytes when unpacked"),
    "a small zip bomb": ("bad.xlsx", lambda: bomb(20), "unpacks to more than 100 times its size"),
    "a zip bomb with a false size": ("bad.xlsx", lying_bomb, "is not a readable Excel workbook"),
    "not a zip": ("bad.xlsx", b"term,definition\n", "is not a readable Excel workbook"),
    "a cell of 100 MB": (
        *("bad.csv", lambda: b"term,definition\nBig," + b"x" * 100 * MB),
        "has 104,857,620 bytes; 67,108,864 are allowed",
    ),
    "a cell of 15 MB": (
        *("bad.csv", lambda: b"term,definition\nBig," + b"word " * 3 * MB),
        "a text of 15,728,639 characters; 20,000 are allowed",
    ),
    "deep JSON": ("bad.json", b"[" * DEEP + b"]" * DEEP, "is nested too deep"),
    "deep YAML blocks": ("bad.yaml", b"- " * DEEP + b"x", "is nested deeper than 100 levels"),
    "many values in JSON": ("bad.json", b"[" + b"[]," * 30_000 + b"[]]", "more than 10,000 values"),
    "many values in YAML": ("bad.yaml", b"- a\n" * 30_000, "more than 10,000 values"),
    "a page with many table cells": ("bad.md", b"|a" * 50_001, "50,001 table cells"),
    "paragraphs of brackets": ("bad.md", (b"[" * 20_000 + b"\n\n") * 3, "too many markup"),
    "deep TOML": ("bad.md", b"+++\na = " + b"[" * 30_000 + b"\n+++\ny", "is not valid TOML"),
    "a page of 15 MB": (
        *("bad.md", lambda: b"---\nterm: T\n---\nText.\n\n" + b"- x\n" * 4_000_000),
        "the page has 16,000,0.. characters; 400,000 are allowed",
    ),
    "deep HTML": ("bad.html", b"<div>" * DEEP + b"x" + b"</div>" * DEEP, "is nested too deep"),
    "truncated UTF-16": ("bad.csv", "term,definition\n".encode("utf-16")[:-1], "valid UTF-16"),
    "a term of a million characters in CSV": (
        *("bad.csv", b"term,definition\n" + b"x" * 1_000_000 + b",Short.\n"),
        "a text of 1,000,000 characters; 20,000 are allowed",
    ),
    **{
        f"an empty {ending}": (f"bad.{ending}", content, "is empty")
        for ending in ("md", "csv", "json", "jsonl", "yaml", "html", "txt", "xlsx")
        for content in (b"", b" \n\n")
    },
    "only a BOM": ("bad.md", b"\xef\xbb\xbf", "is empty"),
    **{
        f"a binary {ending}": (f"bad.{ending}", BINARY, "is not text")
        for ending in ("md", "csv", "json", "yaml", "html", "txt")
    },
}


@pytest.mark.parametrize(("name", "content", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_a_hostile_file_is_refused_with_a_plain_sentence(
    folder: Path, name: str, content: Content, reason: str
) -> None:
    bad = write(folder, name, content)
    report = read(folder)
    assert entries_besides_good(report) == []
    (refusal,) = report.refused
    assert refusal.path == str(bad)
    assert re.search(reason, refusal.reason)
    assert not (Path.cwd() / "owned").exists()


@pytest.mark.parametrize(
    "kind",
    [
        *(
            "aliases of aliases",
            "aliases of aliases in front matter",
            "a zip bomb with a false size",
        ),
        *("a cell of 15 MB", "a page of 15 MB"),
    ],
)
def test_reading_hostile_files_takes_little_memory(folder: Path, kind: str) -> None:
    name, content, _ = REFUSED[kind]
    write(folder, name, content)
    assert peak(lambda: read(folder)) < MOST_MEMORY


CAFE = "Un petit café avec de la crème, très apprécié à Paris."
READ: dict[str, tuple[str, Content, str, str]] = {
    "Latin-1": ("odd.csv", f"term;definition\nCafé;{CAFE}\n".encode("latin-1"), "Café", CAFE),
    "UTF-16 with a BOM": (
        "odd.csv",
        f"term;definition\nCafé;{CAFE}".encode("utf-16"),
        "Café",
        CAFE,
    ),
    "UTF-8 with a BOM": ("odd.yaml", f"Café: {CAFE}".encode("utf-8-sig"), "Café", CAFE),
    "a zip with paths outside its folder": (
        *("odd.xlsx", lambda: excel(lambda text: [text], {"../../escaped.txt": b"x"})),
        *("Vault", "A strong room."),
    ),
    "a lone surrogate and terminal escapes": (
        *("odd.json", b'[{"term": "T\\ud800", "definition": "A \\u001b[31mred\\u0000 thing."}]'),
        *("T", "A [31mred thing."),
    ),
}


@pytest.mark.parametrize(("name", "content", "term", "definition"), READ.values(), ids=list(READ))
def test_an_unusual_file_is_read_correctly(
    folder: Path, name: str, content: Content, term: str, definition: str
) -> None:
    write(folder, name, content)
    report = read(folder)
    assert report.refused == ()
    (entry,) = entries_besides_good(report)
    assert (entry.term, entry.definition) == (term, definition)
    assert not list(folder.parent.parent.rglob("escaped.txt"))


def test_the_size_of_an_entry_merged_from_many_rows_is_limited(folder: Path) -> None:
    rows = b"".join(b"T,Is %s.,%s;x%s,%s;x%s\n" % (5 * (name,)) for name in NAMES[:150])
    write(folder, "rows.csv", b"term,definition,aliases,related\n" + rows)
    (entry,) = entries_besides_good(read(folder))
    assert {len(entry.aliases), len(entry.related)} == {200}


PAGE = "<h1>A</h1><h2>Definition</h2><p>A thing.</p>"
TEXT_PAGE = "# A\n## Definition\nA thing.\n"
ROWS = "term,definition\n"
LONG_TO_READ: dict[str, tuple[str, str]] = {
    "rows with open quotes": ("bad.csv", ROWS + 'a,"b\n' * 40_000),
    "a header of many columns": ("bad.csv", "," * 800_000),
    "many empty rows": ("bad.csv", ROWS + "\n" * 800_000),
    "many meanings of one term": ("bad.csv", ROWS + "".join(f"A,{n}\n" for n in range(20_000))),
    "a cell of brackets": ("bad.csv", f"{ROWS}a," + "[" * 800_000),
    "many quotes": ("bad.csv", '"' * 800_001),
    "a long number": ("bad.json", "[" + "9" * 100_000 + "]"),
    "many invalid records": ("bad.json", "[" + '{"a":"b"},' * 4_000 + "1]"),
    "declarations in HTML": ("bad.html", PAGE + "<![" * 50_000 + ">"),
    "open tags": ("bad.html", PAGE + "<a b='" * 50_000),
    "marks in each other": ("bad.html", PAGE + "<sup>" * 19_000 + "x" + "</sup>" * 19_000),
    "many paragraphs": ("bad.html", PAGE + "<p>t</p>" * 60_000),
    "tables in each other": ("bad.html", "<table><tr><td>x" * 40_000),
    "lists in each other": ("bad.html", "<dl><dt>x<dd>y" * 40_000),
    "cells across many rows": (
        "bad.html",
        "<table><tr><th>term<th>definition</tr><tr><td rowspan=99999>x<td rowspan=99999>"
        + ("y " * 9_000 + "</tr>" + "<tr></tr><tr><td>" * 40_000),
    ),
    "cells across many columns": ("bad.html", "<table><tr><td colspan=99999>" * 10_000),
    "many lines": ("bad.txt", "a - b\n" * 200_000),
    "many separators": ("bad.txt", " - : " * 60_000 + "\n" + "a" * 60 + " " * 60_000 + "- b\n"),
    "many short paragraphs": ("bad.txt", "a\n\n" * 100_000),
    "many brackets": ("bad.txt", TEXT_PAGE + "[" * 60_000),
    "many lists": ("bad.txt", TEXT_PAGE + "- " * 60_000),
    "many questions": ("bad.txt", TEXT_PAGE + "What is x?\n" * 20_000),
    "breadcrumbs": ("bad.txt", "Home" + " > a" * 20_000 + "\nDefinition\nA thing.\n"),
}


@pytest.mark.parametrize(("name", "text"), LONG_TO_READ.values(), ids=list(LONG_TO_READ))
def test_a_hostile_file_is_read_or_refused_within_the_time_limit(
    folder: Path, name: str, text: str
) -> None:
    write(folder, name, text.encode())
    entries_besides_good(read(folder))
