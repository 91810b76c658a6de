"""Export entries to files."""

from collections.abc import Iterable
from pathlib import Path

from index.entry import Entry, unlinked
from index.errors import ExportError
from index.export.atomic import write_file, write_folder
from index.export.csv import to_csv
from index.export.exported import ExportResult, Form
from index.export.jsonl import to_json_lines
from index.export.markdown import render_page
from index.export.roundtrip import losses

SUFFIXES = {"csv": ".csv", "jsonl": ".jsonl", "skos": ".ttl"}
MAX_LISTED_LOSSES = 20


def export(
    entries: Iterable[Entry], form: Form, target: Path, *, overwrite: bool = False
) -> ExportResult:
    """Write entries: a folder of pages for Markdown and a site, one file for CSV, JSONL and SKOS.

    A site is for people (see `index.export.site.pages`). Markdown exports have a folder per source
    with one file per entry; in the other files, the source is a field. The ids of the entries must
    be unique, as in an index.

    Except for a site, an import restores every field of an entry in an index, with two exceptions.
    `source`, `path` and the prefix of `id` depend on the source and path that are imported. The ids
    of related terms are resolved again (see `index.entry.link`). If several entries in one file
    share an id within their sources, an import numbers them. The export is read back, and losses
    are reported.

    The write is atomic. Raises `ExportError` when there are no entries, or when the target exists
    and `overwrite` is False, has the wrong suffix for `form`, or cannot be written.
    """
    exported = list(map(unlinked, entries))
    if not exported:
        raise ExportError("There are no entries to export.", "Remove the filter.")
    lost: list[str] = []
    if form == "site":
        from index.export.site.folder import check_site
        from index.export.site.pages import site_files  # slow import: jinja2

        files = site_files(exported)
        write_folder(target, files, overwrite=overwrite, check=check_site)
    elif form == "markdown":
        ids = {entry.id for entry in exported}
        pages = [render_page(entry, ids) for entry in exported]
        files = {page.path: page.text for page in pages}
        lost = [loss for page in pages for loss in page.lost]
        write_folder(target, files, overwrite=overwrite)
    else:
        _check_suffix(form, target)
        text = _formatted(exported, form)
        lost = losses(exported, text, target.name)
        write_file(target, text, overwrite=overwrite)
    return ExportResult(
        form=form,
        path=str(target),
        entries=len(exported),
        files=len(files) if form in ("markdown", "site") else 1,
        lost=tuple(lost[:MAX_LISTED_LOSSES]),
        losses=len(lost),
    )


def _formatted(entries: list[Entry], form: Form) -> str:
    """Format entries as the text of one file, and put them into the order of its import."""
    if form == "csv":
        return to_csv(entries)
    if form == "jsonl":
        return to_json_lines(entries)
    from index.export.skos import concept_iri, to_skos  # slow import: rdflib

    entries.sort(key=concept_iri)
    return to_skos(entries)


def _check_suffix(form: Form, target: Path) -> None:
    suffix = SUFFIXES[form]
    if target.suffix.casefold() != suffix:
        raise ExportError(
            f'An import would not read "{target.name}" as {form.upper()}.',
            f'Use a name that ends in "{suffix}".',
        )
