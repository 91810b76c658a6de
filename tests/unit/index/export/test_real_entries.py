"""The bundled encyclopedia is restored by an import in every format."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.entry import link
from index.export.exported import Form
from index.export.writer import export
from index.sources.loader import read_sources
from index.sources.source import BUNDLED, Report, bundled
from tests.unit.index.export.support import FORMS, NAMES, comparable, imported


@pytest.fixture(scope="module")
def encyclopedia() -> Report:
    return read_sources([])


@pytest.mark.parametrize("form", FORMS)
def test_the_encyclopedia_is_unchanged_after_export_and_import(
    form: Form, encyclopedia: Report, tmp_path: Path
) -> None:
    entries = link(encyclopedia.entries)
    done = export(entries, form, tmp_path / NAMES[form])
    assert done.lost == ()
    read = imported(Path(done.path), "copy").entries
    ids = (entry.id.removeprefix("copy/") for entry in read)
    own = [
        replace(entry, id=entry_id, source=BUNDLED, licence="")
        for entry_id, entry in zip(ids, read, strict=True)
    ]
    assert comparable(own) == comparable(entries)
    licence = "https://creativecommons.org/licenses/by/4.0/" if form == "skos" else ""
    assert {entry.licence for entry in read} == {licence}


def test_pages_of_the_encyclopedia_are_exported_unchanged(
    encyclopedia: Report, tmp_path: Path
) -> None:
    # The date of review comes from a record beside the pages, not from the page.
    pages = [replace(entry, search_phrases=(), reviewed=None) for entry in encyclopedia.entries]
    export(pages, "markdown", tmp_path / "pages")
    written = {path.name: path.read_text() for path in (tmp_path / "pages" / BUNDLED).iterdir()}
    ours = {path.name: path.read_text() for path in bundled().glob("*.md")}
    assert written.keys() == ours.keys()
    assert sum(written[name] == ours[name] for name in ours) > 0.9 * len(ours)
    assert not any("## Fields as JSON" in text for text in written.values())
