"""An entry as a page in an editor, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.terminal.editor import NoEditor, discard, edited, fields_in, new_file, page_of, text_in
from index.editing.checks import normal
from index.editing.fields import Fields
from index.entry import Question, Related
from index.errors import SourceError

FULL = Fields(
    "Keel: a part",
    ("back, bone", "no"),
    "Ships",
    "The lowest timber of a ship.",
    "It was oak.\n\n## Or was it?",
    (Related("Hull", "stands on it"), Related("Oak", "", outside=True)),
    (Question("What for?", "It holds\n\n# all."),),
)


@pytest.mark.parametrize(
    "fields", [FULL, Fields("Keel", definition="x"), Fields("Keel", definition="# y")]
)
def test_a_form_comes_back_from_its_page(fields: Fields) -> None:
    page = page_of(fields, ["Write the page.", "And leave."])
    assert page.startswith("# Write the page.\n# And leave.\n---\n")
    assert fields_in(page) == normal(fields)


def test_an_empty_form_is_a_page_whose_definition_is_missing() -> None:
    page = page_of(Fields("Keel"))
    assert page.startswith("---\nterm: Keel\n---\n")
    with pytest.raises(SourceError, match="definition is missing"):
        fields_in(page)


def test_what_a_form_has_not_is_refused_and_not_lost() -> None:
    with pytest.raises(SourceError, match="no sections"):
        fields_in(page_of(FULL) + "\n## How it works\nSo.\n")


@pytest.mark.children
def test_an_editor_that_cannot_be_started_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    file = new_file("text")
    monkeypatch.setenv("VISUAL", "true")
    assert edited(file) == "text"
    for command in ("no-such-editor --wait", "false"):
        monkeypatch.setenv("VISUAL", command)
        with pytest.raises(NoEditor, match="nothing was saved"):
            edited(file)
    discard(file)
    assert not file.parent.exists()


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(SourceError, match="not UTF-8"):
        text_in(tmp_path / "bytes")
    with pytest.raises(SourceError, match="cannot be read"):
        text_in(tmp_path / "nothing")
