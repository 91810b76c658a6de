"""Export entries or the audit log to one file in the data directory."""

import csv
import io
import shutil
import tempfile
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import cast

from bot.ops.expired_files import EXPORTS, delete_expired
from index.entry import Entry
from index.errors import ExportError, NotFound
from index.export.atomic import write_file
from index.export.exported import ExportResult, Form
from index.names import name_key
from index.search.choices import resolve_choice
from index.sources.source import slug
from index.storage import Generation
from index.storage.db.audit import AuditRecord
from index.storage.db.way_ledger import WayProposal

FORMS = ("markdown", "csv", "jsonl")
LOG_FIELDS = ("at", "who", "action", "outcome", "detail", "generation", "times")
MOST_RECORDS = 100_000  # maximum records in a file; the newest are kept


def export_file(
    entries: Iterable[Entry], generation: Generation, source: str, form: Form, directory: Path
) -> ExportResult:
    """Export entries that `entries_of` returned for a `source`, to a file in the data directory.

    Each export has a separate folder. Markdown pages are zipped. Raises `ExportError` when the file
    cannot be written.
    """
    from index.export.writer import export  # slow import

    target = _new_folder(directory) / f"{slug(source or 'nearsay')}-{generation.id}"
    if form == "markdown":
        done = export(entries, form, target)
        with _writing():
            done = replace(done, path=shutil.make_archive(str(target), "zip", target))
        shutil.rmtree(target, ignore_errors=True)
    else:
        done = export(entries, form, target.with_name(f"{target.name}.{form}"))
    return replace(done, generation=generation.id, model=generation.model)


def export_log(records: list[AuditRecord], wanted: str, directory: Path) -> ExportResult:
    """Export records, newest first, as CSV or JSONL to a file in the data directory.

    Raises `NotFound` for any other format, `ExportError` when the file cannot be written.
    """
    from index.export.csv import guard_cell
    from index.export.jsonl import as_json  # slow import

    form = form_of(wanted)
    if form == "markdown":
        raise NotFound(
            "The log can only be exported as csv or jsonl.", "For example: /near-admin log as=csv"
        )
    rows = [{**asdict(record), "at": record.at.isoformat()} for record in records]
    text = io.StringIO()
    if form == "csv":  # users write parts of the log: guard against CSV injection
        writer = csv.DictWriter(text, LOG_FIELDS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: guard_cell(str(row[name] or "").strip()) for name in LOG_FIELDS})
    else:
        text.writelines(f"{as_json(row)}\n" for row in rows)
    target = _new_folder(directory) / f"nearsay-log.{form}"
    write_file(target, text.getvalue(), overwrite=False)
    return ExportResult(form=form, path=str(target), entries=len(rows), files=1, what="records")


def entries_of(
    generation: Generation, source: str, ways: Iterable[WayProposal], *, questions: bool
) -> list[Entry]:
    """Return all entries, or those of one `source`. Raises `NotFound` for an unknown source.

    Unless `questions`, search phrases that were questions are left out; `ways` are the accepted
    ways to ask.
    """
    name = resolve_choice(source, generation.sources, "source", "Sources") if source else ""
    entries = [entry for entry in generation.entries.values() if name in ("", entry.source)]
    asked = {(way.entry, name_key(way.text)) for way in ways if way.origin == "use"}
    if questions or not asked:
        return entries
    return [_without(entry, asked) for entry in entries]


def _without(entry: Entry, asked: Container[tuple[str, str]]) -> Entry:
    phrases = entry.search_phrases
    kept = tuple(text for text in phrases if (entry.id, name_key(text)) not in asked)
    return replace(entry, search_phrases=kept) if len(kept) < len(phrases) else entry


def form_of(wanted: str) -> Form:
    """Return the format called `wanted`, which may be abbreviated. Raises `NotFound`."""
    return cast(Form, resolve_choice(wanted, FORMS, "format", "Formats"))


def remove(file: Path) -> None:
    """Delete an exported file and its folder."""
    shutil.rmtree(file.parent, ignore_errors=True)


def _new_folder(directory: Path) -> Path:
    delete_expired(directory)
    folder = directory / EXPORTS
    with _writing():
        folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=folder))


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportError(
            f"The export cannot be written: {error.strerror or error}.",
            "Free some space, or fix the permissions of the data directory.",
        ) from error
