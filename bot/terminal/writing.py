"""Writing an entry at the terminal: a page in an editor, a preview, and a question before it is
saved."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.actors import OPERATOR
from bot.admin.editing_commands import Editing
from bot.admin.editing_phrases import conflict_line
from bot.admin.editing_replies import Conflict, Form, Saved
from bot.replies import Problem, Reply
from bot.terminal.editor import discard, edited, fields_in, new_file, page_of, text_in
from bot.terminal.plain import show
from bot.terminal.progress import Report
from index.editing.fields import Fields
from index.editing.forms import text_of
from index.editing.results import Preview
from index.errors import NearsayError, SourceError
from index.text import one_line

STANDARD_INPUT = "-"
FORM = (  # of a page, for whoever writes a new one
    "Below the second --- goes one sentence that says what it is. Between the two, where you like:",
    "aliases: [another name], category: Name. Below the sentence, where you like: ## Example,",
    "## Related terms (lines: - Term: why), ## Questions (### Question? and below it its answer).",
)


@dataclass(frozen=True, slots=True)
class Means:
    """How a page is had: from `file` (`-` for standard input), else by the editor. With `yes`
    nobody is asked before it is saved."""

    file: str | None
    yes: bool


def write_entry(editing: Editing, term: str, *, new: bool, means: Means, progress: Report) -> Reply:
    """Lets whoever sits here write the entry `term`, a `new` one or one that is there."""
    forms = editing.forms
    form = forms.blank(term, OPERATOR) if new else forms.form(term, OPERATOR)
    if isinstance(form, Problem):
        return form
    if means.file is not None or not sys.stdin.isatty():
        return _from_file(editing, form, means, progress)
    notes = [*(FORM if new else ()), "Save the page and leave the editor."]
    fields = form.fields
    if form.draft is not None:
        notes.append(f"This is your unsaved draft of {form.draft.at:%d %b %Y %H:%M} UTC.")
        fields = form.draft.fields
    file = new_file(page_of(fields, notes))
    try:
        reply = _in_editor(editing, form, file, means, progress)
    except NearsayError as error:
        reply = Problem.of(error)
    if isinstance(reply, Saved) or _is_as_it_was(reply):
        discard(file)
    elif str(file) not in getattr(reply, "hint", ""):
        _say(f"What you wrote is in {file}.")
    return reply


def _from_file(editing: Editing, form: Form, means: Means, progress: Report) -> Reply:
    """Saves a page that is in a file, or comes by standard input."""
    try:
        if means.file in (None, STANDARD_INPUT):
            text = sys.stdin.read()
        else:
            text = text_in(Path(str(means.file)))
        if not text.strip():
            return Problem(
                code="empty",
                message="There is no page to save.",
                hint="Give one by standard input, or as a file: --file PATH",
            )
        fields = fields_in(text)
    except NearsayError as error:
        return Problem.of(error)
    return editing.entries.save(fields, form.version, OPERATOR, progress, entry=form.entry)


def _in_editor(editing: Editing, form: Form, file: Path, means: Means, progress: Report) -> Reply:
    """Opens the editor, again and again until the page can be saved or is left as it is."""
    version = form.version
    before = file.read_text(encoding="utf-8")
    while True:
        text = edited(file)
        if text == before:
            return Problem(code="unchanged", message="Nothing was changed.", hint="")
        before = text
        try:
            fields = fields_in(text)
        except SourceError as error:
            before = _noted(file, text, [f"{error.reason}. {error.hint}".strip()], error.line)
            continue
        seen = editing.forms.preview(fields, form.entry)
        if isinstance(seen, Problem) and seen.fields:
            editing.forms.keep_draft(form.entry, fields, version, OPERATOR)
            before = _noted(file, text, [item.message for item in seen.fields])
            continue
        if isinstance(seen, Preview):
            show(seen, Console(stderr=True, highlight=False))
        if not means.yes and not _agreed(editing, form, fields, version):
            return Problem(
                code="not_saved",
                message="Nothing was saved.",
                hint=f"What you wrote is in {file}, and offered when you edit it again.",
            )
        reply = editing.entries.save(fields, version, OPERATOR, progress, entry=form.entry)
        if not isinstance(reply, Conflict):
            return reply
        version = reply.version
        before = _noted(file, page_of(fields), _told(reply))


def _agreed(editing: Editing, form: Form, fields: Fields, version: str) -> bool:
    """Whether whoever sits here wants it saved; if not, it is kept as a draft."""
    Console(stderr=True).print("Save it? (y/n) ", end="", highlight=False)
    if sys.stdin.readline().strip().casefold() in ("y", "yes"):
        return True
    editing.forms.keep_draft(form.entry, fields, version, OPERATOR)
    return False


def _noted(file: Path, text: str, notes: list[str], line: int | None = None) -> str:
    """Puts notes above the page in a file, in the place of those that were there; returns what is
    in the file then. Of `line`, the text says which line is meant."""
    lines = text.splitlines()
    while lines and (lines[0].startswith("#") or not lines[0].strip()):
        del lines[0]
    where = f' (at "{one_line(lines[line - 1])[:60]}")' if line and line <= len(lines) else ""
    head = [f"# {one_line(note)}{where}" for note in notes]
    noted = "\n".join([*head, *lines]) + "\n"
    file.write_text(noted, encoding="utf-8")
    return noted


def _told(reply: Conflict) -> list[str]:
    """What somebody else changed, for the one who is still writing."""
    notes = [f"{conflict_line(reply)} Save the page again to put yours on top."]
    return notes + [
        f"{item.field}, theirs: {text_of(reply.theirs, item.field)}" for item in reply.differences
    ]


def _is_as_it_was(reply: Reply) -> bool:
    return isinstance(reply, Problem) and reply.code == "unchanged"


def _say(sentence: str) -> None:
    Console(stderr=True, highlight=False).print(sentence, markup=False)
