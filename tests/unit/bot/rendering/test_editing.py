"""Replies to edits name the source of an entry as a sentence does."""

from dataclasses import replace

from bot.rendering.admin import lines_of
from bot.replies.editing import Form, History, Saved
from index.entry_draft import EntryDraft
from index.sources.source import BUNDLED, WRITTEN


def test_a_form_names_the_source_of_its_entry() -> None:
    def first_line(source: str) -> str:
        fields = EntryDraft(term="Anchor", definition="A heavy hook.")
        form = Form(entry="anchor", version="1", fields=fields, source=source, edited=False)
        return lines_of(form)[0]

    assert first_line(BUNDLED) == "Anchor, from the encyclopedia"
    assert first_line("harbour") == "Anchor, from harbour"
    assert first_line(WRITTEN) == "Anchor, written in Nearsay"


def test_an_undone_addition_can_be_brought_back() -> None:
    saved = Saved(
        entry="jib", term="Jib", change="removed", fields=(), number=2, live=False, seconds=0.0
    )
    assert lines_of(saved)[-1] == "To bring it back: /near-admin undo Jib"
    assert lines_of(replace(saved, change="added"))[-1] == "To undo it: /near-admin undo Jib"


def test_the_history_names_the_source_that_has_a_newer_text() -> None:
    reply = History(
        entry="anchor", term="Anchor", source=BUNDLED, state="edited", outdated=True, changes=()
    )
    assert lines_of(reply)[1] == (
        "There is a newer text in the encyclopedia. To use it: /near-admin history Anchor restore=0"
    )


def test_a_form_says_which_sections_it_leaves_out_and_where_they_are_changed() -> None:
    fields = EntryDraft(term="Anchor", definition="A heavy hook.")
    form = Form(entry="anchor", version="1", fields=fields, source="harbour", edited=False)
    assert not any("Sections" in line for line in lines_of(form))
    line = lines_of(replace(form, unshown=("What it is", "How\nit works")))[-1]
    assert line == (
        "Sections that are not in the form stay as they are: What it is, How it works. "
        "To change them, edit the files of harbour and reindex."
    )
