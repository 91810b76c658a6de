"""`nearsay bench`: run benchmarks and print their results."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.common import (
    ANSWERED,
    COUNT,
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
SET = "a folder in BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv"


@bench.command(short_help="Compare retrieval with baselines.")
@click.option("--data", type=FILE, required=True, metavar="DIR", help=SET)
@json_option(RESULT)
@click.option("--limit", type=COUNT, metavar="N", help="ask N queries, evenly spread over all")
def search(data: Path, as_json: bool, limit: int | None) -> int:
    """Measure retrieval on your documents: Nearsay and its baselines in one run."""
    from index.evaluation.beir import read_dataset
    from index.evaluation.retrieval import SearchBench, bench_search

    def measure(app: App, progress: Progress) -> SearchBench:
        return bench_search(read_dataset(data).limited(limit), app.embedder, progress)

    return _run(measure, as_json)


@bench.command(short_help="Test whether answers cite the right entry.")
@click.argument("sets", nargs=-1, type=FILE, required=True, metavar="SET", help=SET)
@click.option(
    "--limit",
    type=COUNT,
    default=500,
    metavar="N",
    help="ask at most N queries of each set, evenly spread over all (default: 500)",
)
@json_option(RESULT)
def answers(sets: tuple[Path, ...], limit: int, as_json: bool) -> int:
    """Ask the queries of judged sets, with their documents indexed as entries, and measure how
    often the search ranks the right entry first and how often the answer cites it first."""
    from index.evaluation.answers import AnswersBench, bench_answers
    from index.evaluation.beir import read_dataset

    def measure(app: App, progress: Progress) -> AnswersBench:
        datasets = [read_dataset(folder).limited(limit) for folder in sets]
        return bench_answers(datasets, app.embedder, progress)

    return _run(measure, as_json)


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

    return _run(measure, as_json, uses_index=data is not None)


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

    return _run(measure, as_json)


def _run(
    measure: Callable[[App, Progress], DataclassInstance],
    as_json: bool,
    *,
    uses_index: bool = False,
) -> int:
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
