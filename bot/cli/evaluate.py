"""`nearsay bench`: run benchmarks and print their results."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.common import (
    ANSWERED,
    FILE,
    CommandError,
    Commands,
    installation,
    json_option,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from bot.app import App
    from index.evaluation.golden_questions import Half
    from index.progress import Progress
    from index.storage import Generation


@click.group(cls=Commands)
def bench() -> None:
    """Measure the quality of Nearsay."""


RESULT = "the result as one JSON object"


@bench.command(short_help="Ask questions with known answers.")
@click.option(
    "--data",
    type=FILE,
    metavar="DIR",
    help="a folder of answerable.jsonl and unanswerable.jsonl (default: the bundled one)",
)
@click.option(
    "--half",
    type=click.Choice(("tuning", "reporting", "both")),
    default="reporting",
    help="tuning: every second question of each kind, from the first; reporting: from the second; "
    "both: all of them (default: reporting)",
)
@json_option(RESULT)
def golden(data: Path | None, half: Half, as_json: bool) -> int:
    """Ask questions with known answers: your own in the current index, or the bundled ones in a
    temporary index of the encyclopedia."""
    from index.evaluation.golden import GoldenBench, bench_golden, encyclopedia
    from index.evaluation.golden_questions import BUNDLED, read_golden

    def measure(app: App, progress: Progress) -> GoldenBench:
        own = data is not None
        with app.store.reading() if own else encyclopedia(app.embedder, progress) as generation:
            asked = read_golden(data or BUNDLED, lambda name: _id_of(generation, name))
            return bench_golden(asked, half, generation, app.embedder, progress, own=own)

    return measured(measure, as_json, uses_index=data is not None)


@bench.command(short_help="Ask questions about a glossary of your own.")
@click.argument("data", type=FILE, metavar="DIR")
@click.option("--no-ways", is_flag=True, help="leave out ways.jsonl")
@json_option(RESULT)
def own(data: Path, no_ways: bool, as_json: bool) -> int:
    """Measure a glossary on questions with known answers, alone and with the encyclopedia, in
    temporary indexes. DIR contains glossary.* (a file or a folder), answerable.jsonl and
    unanswerable.jsonl, and may contain ways.jsonl with ways to ask."""
    from index.evaluation.own import OwnBench, bench_own

    def measure(app: App, progress: Progress) -> OwnBench:
        return bench_own(data, app.embedder, progress, with_ways=not no_ways)

    return measured(measure, as_json)


def measured(
    measure: Callable[[App, Progress], DataclassInstance],
    as_json: bool,
    *,
    uses_index: bool = False,
) -> int:
    """Measure with the installed app, and print the result as a table or as JSON."""
    from rich.console import Console

    from bot.cli.console import write
    from bot.cli.ensure_index import ensure_index
    from bot.cli.progress import progress_bars
    from index.evaluation.report import as_json as json_of
    from index.evaluation.report import render

    with installation(json=as_json) as app:
        if uses_index:
            ensure_index(app, json=as_json)
        try:
            with progress_bars(Console(stderr=True, highlight=False)) as progress:
                found = measure(app, progress)
            if as_json:
                click.echo(json_of(found))
            else:
                write(render(found), Console(highlight=False))
        except OSError as error:
            what = error.filename or tempfile.gettempdir()
            raise CommandError(
                f"{what} cannot be used: {error.strerror or error}. Free some space there, or set "
                "TMPDIR to another folder."
            ) from error
    return ANSWERED


def _id_of(generation: Generation, name: str) -> str | None:
    if name in generation.entries:
        return generation.names.twins.get(name, name)
    named = generation.names.find_exact(name)
    return named[0].entry_id if named else None
