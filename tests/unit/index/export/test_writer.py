"""Entries of any content are restored by an import of their export."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from index.entry import Entry, Related, link
from index.errors import ExportError
from index.export.exported import Form
from index.export.writer import export
from tests.unit.index.export.support import (
    ENTRIES,
    FORMS,
    NAMES,
    WHOLE,
    comparable,
    imported,
    plain,
    round_trip,
)

every_form = pytest.mark.parametrize("form", FORMS)


@every_form
def test_every_field_is_restored_by_an_import(form: Form, tmp_path: Path) -> None:
    entries, done = round_trip([WHOLE], form, tmp_path)
    assert comparable(entries) == comparable([WHOLE])
    assert (done.kind, done.form, done.entries, done.files) == ("exported", form, 1, 1)
    assert (done.lost, done.losses) == ((), 0)


def test_a_page_shows_details_in_its_front_matter(tmp_path: Path) -> None:
    entry = replace(plain("team/a", "A"), details=WHOLE.details[1:])
    done = export([entry], "markdown", tmp_path / NAMES["markdown"])
    (page,) = Path(done.path).rglob("*.md")
    assert "details: {Region: APAC, Version: '1.10', PII: 'No'}\n" in page.read_text()


@every_form
@settings(max_examples=50)
@given(entries=ENTRIES)
def test_hostile_texts_are_restored_by_an_import(form: Form, entries: list[Entry]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        read, done = round_trip(entries, form, Path(folder))
    assert done.losses == 0, done.lost
    assert comparable(read) == comparable(entries)


ODD = {
    "team/c++": "C++",
    "team/c#": "C#",
    "team/k8s": "k8s",
    "team/etc": "../../etc",
    "team/a-b": "a/b",
    "team/con": "CON",
    "team/com1.x": "COM1.x",
    "team/...": "...",
    "team/🦭": "🦭",
    "team/a:b?": "a:b?",
    "team/..\\..\\x": "..\\..\\x",
    "team/" + "é" * 120: "É" * 120,
    "team/rag": "RAG",
    "team/rag-2": "RAG",
    "team/rag-3": "rag",
    "team/gpt-4": "GPT-4",
    "team/top-p": "Top P",
    "team/entry": "Entry",
}


@every_form
def test_ids_of_unusual_terms_are_restored_by_an_import(form: Form, tmp_path: Path) -> None:
    odd = [plain(entry_id, term, f"It is {entry_id}.") for entry_id, term in ODD.items()]
    entries, done = round_trip(odd, form, tmp_path)
    assert comparable(entries) == comparable(odd)
    assert done.losses == 0, done.lost


@every_form
def test_a_link_to_a_shared_term_leads_to_the_same_entry_after_an_import(
    form: Form, tmp_path: Path
) -> None:
    linking = replace(plain("team/x", "X"), related=(Related("RAG", "It is used."),))
    entries = [plain("team/rag", "RAG", "One."), plain("team/rag-2", "RAG", "Two."), linking]
    read, _ = round_trip(entries, form, tmp_path)
    (related,) = next(entry for entry in link(read) if entry.term == "X").related
    assert related.id == "team/rag"


@every_form
def test_entries_that_cannot_be_imported_are_reported_with_the_reason(
    form: Form, tmp_path: Path
) -> None:
    long = [plain(f"team/long-{n}", "x" * 300) for n in range(30)]
    done = export([plain("team/a", "A"), *long], form, tmp_path / NAMES[form])
    assert (done.losses, len(done.lost)) == (30, 20)
    explained = done.lost[:1] if form == "skos" else done.lost  # which groups equal reasons
    assert all("300 characters; 120 are allowed" in loss for loss in explained)
    assert [entry.id for entry in imported(Path(done.path)).entries] == ["team/a"]


@every_form
def test_several_sources_are_kept_separate(form: Form, tmp_path: Path) -> None:
    both = [plain("rag", "RAG", "One.", "encyclopedia"), plain("team/rag", "RAG", "Two.")]
    done = export(both, form, tmp_path / NAMES[form])
    assert done.losses == 0
    written = Path(done.path)
    if form == "markdown":
        assert {path.parent.name for path in written.rglob("*.md")} == {"encyclopedia", "team"}
        written = written / "team"
    found = {entry.definition: entry.id for entry in imported(written).entries}
    if form == "markdown":
        assert found == {"Two.": "team/rag"}
    else:
        assert found == {"One.": "team/rag", "Two.": "team/rag-2"}
        assert "encyclopedia" in written.read_text(encoding="utf-8")


@pytest.mark.parametrize(("form", "name"), [("csv", "x.txt"), ("jsonl", "x"), ("csv", "x.jsonl")])
def test_a_file_name_with_the_wrong_suffix_is_refused(
    form: Form, name: str, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match="would not read") as caught:
        export([WHOLE], form, tmp_path / name)
    assert f".{form}" in caught.value.hint
    assert list(tmp_path.iterdir()) == []
