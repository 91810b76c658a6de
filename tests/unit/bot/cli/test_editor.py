"""Convert a form to a page for the editor, and back."""

from pathlib import Path

import pytest

from bot.cli.editor import fields_in, page_of, read_text
from index.editing.validation import normalize
from index.entry import Question, Related
from index.entry_draft import EntryDraft
from index.errors import SourceError

FULL = EntryDraft(
    "Keel: a part",
    ("back, bone", "no"),
    "Ships",
    "The lowest timber of a ship.",
    "It was oak.\n\n## Or was it?",
    (Related("Hull", "stands on it"), Related("Oak", "", outside=True)),
    (Question("What for?", "It holds\n\n# all."),),
    "Yard: team",
)


@pytest.mark.parametrize(
    "fields", [FULL, EntryDraft("Keel", definition="x"), EntryDraft("Keel", definition="# y")]
)
def test_a_form_is_unchanged_after_conversion_to_a_page_and_back(fields: EntryDraft) -> None:
    page = page_of(fields, ["Write the page.", "And leave."])
    assert page.startswith("# Write the page.\n# And leave.\n---\n")
    assert fields_in(page) == normalize(fields)


def test_the_page_for_an_empty_form_has_no_definition() -> None:
    page = page_of(EntryDraft("Keel"))
    assert page.startswith("---\nterm: Keel\n---\n")
    with pytest.raises(SourceError, match="definition is missing"):
        fields_in(page)


def test_fields_that_a_form_does_not_have_are_refused_by_name() -> None:
    page = page_of(FULL).replace("---\n", "---\nstatus: agreed\n", 1)
    with pytest.raises(SourceError, match="a form has no status"):
        fields_in(page)


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(SourceError, match="not UTF-8"):
        read_text(tmp_path / "bytes")
    with pytest.raises(SourceError, match="cannot be read"):
        read_text(tmp_path / "nothing")
