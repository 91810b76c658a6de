"""`nearsay index`: build the index, and add or remove glossaries."""

from dataclasses import replace
from pathlib import Path

import click

from bot.cli.common import ANSWERED, PROBLEM, installation, json_option


@click.command()
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="PATH",
    help="a glossary to add: a file, a folder, a pattern or an https address (several allowed)",
)
@click.option(
    "--name",
    metavar="NAME",
    help="the name of the glossary, for from=NAME (default: the file's name)",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    help="the column or key that contains a field, such as term=Wort (several allowed)",
)
@click.option("--remove", multiple=True, metavar="NAME", help="a glossary to remove")
@click.option("--check", is_flag=True, help="only check the bundled encyclopedia")
@click.option("--full", is_flag=True, help="embed everything again")
@click.option("--confirm", is_flag=True, help="also if a source loses most of its entries")
@click.option(
    "--dry-run",
    is_flag=True,
    help="only show what would change, what to look at in the glossaries that are added, and "
    "what would be answered",
)
@json_option()
def index(  # noqa: PLR0913 - an option each
    *,
    sources: tuple[str, ...],
    name: str | None,
    columns: tuple[str, ...],
    remove: tuple[str, ...],
    check: bool,
    full: bool,
    confirm: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Rebuild the index if its sources have changed."""
    from rich.console import Console

    from bot.admin.audit import AuditTrail
    from bot.cli.chat import deliver
    from bot.cli.progress import progress_bars
    from bot.identity import OPERATOR
    from bot.indexing import IndexRequest
    from bot.replies.base import Integrity
    from bot.setting_values import require_address, require_distinct_names
    from index.sources.source import Source
    from index.sources.suffixes import SUFFIXES, unsupported

    with installation(json=as_json) as app:
        if check:
            found = app.indexer.check()
            deliver(found, json=as_json)
            return ANSWERED if isinstance(found, Integrity) and not found.faults else PROBLEM
        chosen = _columns(columns)
        if name and len(sources) > 1:
            raise click.UsageError("--name names one glossary; name several as --source NAME=PATH.")
        extra = [replace(Source.parse(path, name or ""), columns=chosen) for path in sources]
        try:
            require_distinct_names(extra)
            extra = list(map(require_address, extra))
        except ValueError as error:
            raise click.UsageError(f"--source {error}.") from error
        # The path is stored in the index, so it must not depend on the current folder.
        extra = [
            source if source.is_web else replace(source, path=str(Path(source.path).absolute()))
            for source in extra
        ]
        for file in (Path(source.path) for source in extra if not source.is_web):
            if file.is_file() and file.suffix.casefold() not in SUFFIXES:
                raise unsupported(file)
        named = [f"--source {source}" for source in extra]
        named += [f"--remove {forgotten}" for forgotten in remove]
        flags = [*(["--full"] if full else []), *(["--confirm"] if confirm else [])]
        with progress_bars(Console(stderr=True, highlight=False)) as progress:
            reply = AuditTrail(app.store).run(
                OPERATOR,
                " ".join(["index", *flags, *named]),
                lambda: app.indexer.run(
                    IndexRequest(
                        extra=extra,
                        remove=remove,
                        full=full,
                        confirmed=confirm,
                        dry_run=dry_run,
                        trial=dry_run,
                        by=OPERATOR.label,
                    ),
                    progress,
                ),
            )
    return ANSWERED if deliver(reply, json=as_json) else PROBLEM


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    from index.sources.columns import FIELDS

    columns: dict[str, str] = {}
    for text in given:
        field, _, column = text.partition("=")
        if field not in FIELDS or not column:
            raise click.UsageError(
                f"--column {text}: write FIELD=NAME; fields are {', '.join(filter(None, FIELDS))}."
            )
        columns[field] = column
    return columns
