"""Write an entry at the terminal: in an editor or from a file."""

import shutil
import sys
from pathlib import Path

import click
from rich.console import Console

from bot.admin.entry_commands import EditingServices
from bot.cli.editor import fields_in, new_file, open_editor, page_of, read_text
from bot.identity import OPERATOR
from bot.rendering.editing import unshown_line
from bot.replies.base import Problem, Reply
from bot.replies.editing import Form, Saved
from index.entry_draft import EntryDraft
from index.errors import NearsayError
from index.progress import Progress

STANDARD_INPUT = "-"
FORM = (  # the hints above a new page
    "Write the definition, one sentence, below the second ---. Optional lines above it:",
    "aliases: [another name], category: Name and owner: Team. Optional sections below it:",
    "## Example, ## Related terms (lines: - Term: why), ## Questions (### Question?, then the",
    "answer).",
)


def write_entry(
    editing: EditingServices, term: str, *, new: bool, file: str | None, progress: Progress
) -> Reply:
    """Let the operator write the entry `term`, new or existing.

    The page comes from `file` (`-` for standard input). Without a file it comes from an editor, or
    from standard input if that is not a terminal.
    """
    forms = editing.forms
    form = forms.blank(term, OPERATOR) if new else forms.form(term, OPERATOR)
    if isinstance(form, Problem):
        return form
    if file is None and sys.stdin.isatty():
        return _in_editor(editing, form, progress)
    text = sys.stdin.read() if file in (None, STANDARD_INPUT) else read_text(Path(str(file)))
    return _save(editing, form, text, progress)


def _in_editor(editing: EditingServices, form: Form, progress: Progress) -> Reply:
    notes = ["Save the page and close the editor. If you change nothing, nothing is saved."]
    notes += () if form.entry else FORM
    notes += [unshown_line(form)] if form.unshown else []
    fields = form.fields
    if form.draft is not None:
        notes[0] = "Save the page and close the editor."
        notes.append(f"This is your unsaved draft of {form.draft.at:%d %b %Y %H:%M} UTC.")
        fields = form.draft.fields
    page = page_of(fields, notes)
    file = new_file(page)
    try:
        text = open_editor(file)
        ask = "You changed nothing. Save the draft as it is?"
        unchanged = text == page and not (form.draft and click.confirm(ask, err=True))
        reply = (
            Problem(code="unchanged", message="Nothing was changed.")
            if unchanged
            else _save(editing, form, text, progress, edited=True)
        )
    except NearsayError as error:
        unchanged, reply = False, Problem.of(error)
    if unchanged or isinstance(reply, Saved):
        shutil.rmtree(file.parent, ignore_errors=True)
    else:
        notice = f"Your text is in {file}. To save it, repeat the command with --file {file}"
        Console(stderr=True, highlight=False).print(notice, markup=False)
    return reply


def _save(
    editing: EditingServices, form: Form, text: str, progress: Progress, *, edited: bool = False
) -> Reply:
    """Save a page. One that was `edited` showed the owner; another one without it keeps it."""
    if not text.strip():
        return Problem(
            code="empty",
            message="There is no page to save.",
            hint="Pass a page on standard input, or as a file: --file PATH",
        )
    fields = fields_in(text)
    if edited:
        fields = fields.completed_from(EntryDraft(owner=""))
    return editing.entries.save(fields, form.version, OPERATOR, progress, entry=form.entry)
