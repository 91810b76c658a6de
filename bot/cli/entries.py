"""`nearsay export` and `nearsay map`: write the entries and the map to files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from bot.cli.common import ANSWERED, FILE, PROBLEM, installation, json_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.readers import Readers
    from index.entry import Entry
    from index.export.exported import ExportResult, Form

FORMS = ("markdown", "csv", "jsonl", "skos", "site")
BY_SUFFIX: dict[str, Form] = {".csv": "csv", ".jsonl": "jsonl", ".ttl": "skos"}
MAP = Path("nearsay-map.png")


def _form_and_path(
    ctx: click.Context, _: click.Parameter, words: tuple[str, ...]
) -> tuple[Form | None, Path]:
    """Parse `[FORM] TARGET`."""
    *form, target = words
    if form and (len(form) > 1 or form[0] not in FORMS):
        raise click.UsageError(f"Give one of {', '.join(FORMS)}, then a folder or a file.", ctx)
    return cast("Form | None", form[0] if form else None), Path(target)


@click.command()
@click.option(
    "--as",
    "form",
    type=click.Choice(FORMS),
    help="the format (default: from the file's suffix, Markdown for a folder)",
)
@click.option("--from", "source", metavar="NAME", help="only this glossary")
@click.option("--overwrite", is_flag=True, help="replace existing files")
@click.option("--questions", is_flag=True, help="also search phrases that were questions of users")
@json_option()
@click.argument(
    "target",
    nargs=-1,
    required=True,
    metavar="[FORM] TARGET",
    callback=_form_and_path,
    help="the format, as for --as, and a folder for Markdown pages or a site, or a file that ends "
    "in .csv, .jsonl or .ttl (SKOS)",
)
def export(
    *,
    form: Form | None,
    source: str | None,
    overwrite: bool,
    questions: bool,
    as_json: bool,
    target: tuple[Form | None, Path],
) -> int:
    """Write every entry to files that can be imported, or to web pages (site), which have only the
    glossaries that are for everybody."""
    from bot.admin.exports import entries_of
    from bot.cli.chat import deliver
    from bot.cli.ensure_index import ensure_index
    from bot.identity import OPERATOR
    from index.export.writer import export as export_entries

    named, path = target
    if form and named:
        raise click.UsageError(f"Give the format once: {named}, or --as {form}.")
    chosen = form or named or _form_of(path)
    with installation(json=as_json, brief=True) as app:
        ensure_index(app, json=as_json)

        def write() -> ExportResult:
            ways = app.store.ledger.ways.accepted()
            with app.store.reading() as generation:
                entries = entries_of(generation, source or "", ways, questions=questions)
                if chosen == "site":
                    entries = _for_everybody(entries, app.settings.reader_rules)
                done = export_entries(entries, chosen, path, overwrite=overwrite)
                return replace(done, generation=generation.id, model=generation.model)

        options = [*(["--from", source] if source else []), *(["--questions"] if questions else [])]
        action = " ".join(["export", *options, *([named] if named else []), str(path)])
        deliver(app.administration.audit.run(OPERATOR, action, write), json=as_json)
    return ANSWERED


def _form_of(path: Path) -> Form:
    suffix = path.suffix.casefold()
    if suffix and suffix not in BY_SUFFIX and not path.is_dir():
        raise click.UsageError(
            f'"{path.name}" ends in none of .csv, .jsonl and .ttl. For a folder of that name, add '
            "--as markdown."
        )
    return BY_SUFFIX.get(suffix, "markdown")


def _for_everybody(entries: Iterable[Entry], readers: Readers) -> list[Entry]:
    """Return the entries that anyone whom the bot answers may read. Raises `ExportError` if there
    are none."""
    from bot.identity import ANONYMOUS
    from index.errors import ExportError

    open_ones = [entry for entry in entries if readers.may_read(entry.source, ANONYMOUS)]
    if not open_ones:
        raise ExportError(
            "A site has only glossaries that are for everybody, and NEARSAY_READERS allows none.",
            "Export them in another format, or change the setting.",
        )
    return open_ones


@click.command("map")
@click.argument("text", nargs=-1, help="a text to show on the map; separate several with |")
@click.option("--in", "within", metavar="NAME", help="only this category or neighbourhood")
@click.option("--theme", type=click.Choice(("light", "dark")), help="default: light")
@click.option(
    "--out",
    type=FILE,
    metavar="FILE",
    help="the PNG file to draw (default: nearsay-map.png in the current folder)",
)
@click.option(
    "--html", type=FILE, metavar="FILE", help="an interactive page, which needs no server"
)
@json_option()
def draw(
    text: tuple[str, ...],
    within: str | None,
    theme: str | None,
    out: Path | None,
    html: Path | None,
    as_json: bool,
) -> int:
    """Draw the map of the neighbourhoods, with the positions of texts."""
    from bot.cli.chat import deliver
    from bot.cli.ensure_index import ensure_index
    from bot.cli.images import terminal_pictures
    from bot.commands.spec import Request
    from bot.explore.commands import Explorer
    from bot.explore.maps import MapFiles
    from index.text import one_line

    options = {"in": within, "theme": theme}
    given = {key: value for key, value in options.items() if value is not None}
    request = Request("latent", one_line(" ".join(text)), given, verb="map")
    into = MapFiles(picture=out or (None if html else MAP), page=html)
    with installation(json=as_json, brief=True) as app:
        ensure_index(app, json=as_json)
        explorer = Explorer(app.store, app.embedder, ())
        with app.store.reading() as generation:
            reply = explorer.explore(generation, request, into=into)
    return ANSWERED if deliver(reply, json=as_json, pictures=terminal_pictures()) else PROBLEM
