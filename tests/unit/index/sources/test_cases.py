"""Files of every format and their entries: the cases are in `cases/` and `pages/`.

A case has the text of a file and its result: the non-empty fields of its entries (an id only if it
differs from the term's), `line: reason` of each refusal, the licence; or the error.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from index.errors import SourceError
from index.export.jsonl import as_json, record_of
from index.sources.files import SourceFile
from index.sources.linked_terms import with_links
from index.sources.registry import read_file
from index.sources.webpage.page import looks_like_encyclopedia_page

HERE = Path(__file__).parent
CASES = [
    pytest.param(case, id=f"{file.stem}: {case['name']}, {case['file']}")
    for file in sorted((HERE / "cases").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]
PAGES = sorted(file for file in (HERE / "pages").iterdir() if file.suffix != ".yaml")


def result(name: str, data: bytes, columns: dict[str, str]) -> dict[str, Any]:
    """Return the result of reading a file in the form of a case."""
    try:
        reading = read_file(SourceFile(Path(name), name, data), columns)
    except SourceError as error:
        return {"error": f"{error.line}: {error.reason}"}
    found = {
        "entries": [
            without_blanks(json.loads(as_json(record_of(entry))))
            for entry in with_links(reading.entries)
        ],
        "refused": [f"{item.line}: {item.reason}" for item in reading.refused],
        "licence": reading.licence,
    }
    return {key: value for key, value in found.items() if value}


def without_blanks(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without empty fields, the format version, and an id that follows from its
    term."""
    if record.get("id") == "-".join(str(record.get("term")).casefold().split()):
        del record["id"]
    return {
        key: [without_blanks(part) if isinstance(part, dict) else part for part in value]
        if isinstance(value, list)
        else value
        for key, value in record.items()
        if value and key != "nearsay"
    }


@pytest.mark.parametrize("case", CASES)
def test_reading_a_file_returns_the_expected_entries(case: dict[str, Any]) -> None:
    found = result(case["file"], case["text"].encode(), case.get("columns", {}))
    wanted = {key: case[key] for key in ("entries", "refused", "licence", "error") if key in case}
    assert found == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_reading_a_saved_page_returns_its_entry_without_boilerplate(page: Path) -> None:
    found = result(page.name, page.read_bytes(), {})
    assert found == yaml.safe_load(page.with_name(f"{page.name}.yaml").read_text(encoding="utf-8"))
    assert looks_like_encyclopedia_page(page.read_text(encoding="utf-8"))
