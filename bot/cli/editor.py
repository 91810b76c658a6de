"""Edit an entry as a page in a text editor."""

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from index.editing.validation import normalize
from index.entry import Entry
from index.entry_draft import EntryDraft, draft_of
from index.errors import NearsayError, SourceError
from index.export.markdown import render_page
from index.sources.entry_page import parse_page
from index.text import alternatives

COMMENT = "#"  # starts a note above the page
_NO_DEFINITION = "Nothing yet"
# Fields of an entry that a form does not have, and their names in a message.
_KEPT = {
    "sections": "sections",
    "references": "references",
    "senses": "further meanings",
    "search_phrases": "search phrases",
    "status": "status",
    "details": "details",
    "more_categories": "further categories",
}


class NoEditor(NearsayError):
    """No editor can be started, or the editor failed."""

    code = "no_editor"


def page_of(fields: EntryDraft, notes: Iterable[str] = ()) -> str:
    """Return a form's fields as a page in the entry format, with `notes` above it."""
    entry = Entry("new", fields.term, fields.definition or _NO_DEFINITION)
    entry = replace(
        entry,
        aliases=fields.aliases,
        category=fields.category,
        example=fields.example,
        related=fields.related,
        faq=fields.questions,
        owner=fields.owner or "",
    )
    text = render_page(entry).text
    if not fields.definition:
        text = text.replace(f"\n{_NO_DEFINITION}\n", "\n\n", 1)
    return "".join(f"{COMMENT} {note}\n" for note in notes) + text


def fields_in(text: str) -> EntryDraft:
    """Parse a page from `page_of`; without an owner, that is None. Raises `SourceError` with the
    reason if that fails."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    while lines and (lines[0].startswith(COMMENT) or not lines[0].strip()):
        del lines[0]
    path = Path("page.md")
    entry = parse_page("".join(lines), path, "new")
    if kept := [what for name, what in _KEPT.items() if getattr(entry, name)]:
        reason = f"a form has no {alternatives(kept)}"
        raise SourceError(path, None, reason, "Those of an existing entry are kept.")
    return normalize(replace(draft_of(entry), owner=entry.owner or None))


def new_file(text: str) -> Path:
    """Write `text` to a file in a new temporary folder, which the caller deletes."""
    file = Path(tempfile.mkdtemp(prefix="nearsay-")) / "entry.md"
    file.write_text(text, encoding="utf-8")
    return file


def open_editor(file: Path) -> str:
    """Open a file in the editor and return its new text. Raises `NoEditor` or `SourceError`."""
    try:
        click.edit(filename=str(file))
    except click.ClickException as error:
        raise NoEditor(
            f"The editor failed, so nothing was saved ({error.message}).",
            "Set EDITOR to another editor, or pass a page with --file.",
        ) from error
    return read_text(file)


def read_text(file: Path) -> str:
    """Return a file's text. Raises `SourceError` when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(file, None, f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SourceError(file, None, "is not UTF-8 text") from error
