"""Measure retrieval and answers on folders in BEIR layout: `make bench DATA=folder`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bot.app import App
from bot.cli.common import COUNT, FILE, Commands, json_option
from bot.cli.evaluate import measured
from index.progress import Progress
from tests.benchmarks.beir import report
from tests.benchmarks.beir.answers import AnswersBench, bench_answers
from tests.benchmarks.beir.dataset import read_dataset
from tests.benchmarks.beir.search import SearchBench, bench_search

SET = "a folder in BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv"
__all__ = ["main", "report"]  # the tables of `report` are registered on import


@click.group(cls=Commands)
def bench() -> None:
    """Measure Nearsay on judged documents."""


@bench.command(short_help="Compare retrieval with baselines.")
@click.option("--data", type=FILE, required=True, metavar="DIR", help=SET)
@json_option("the result as one JSON object")
@click.option("--limit", type=COUNT, metavar="N", help="ask N queries, evenly spread over all")
def search(data: Path, as_json: bool, limit: int | None) -> int:
    """Measure retrieval on your documents: Nearsay and its baselines in one run."""

    def measure(app: App, progress: Progress) -> SearchBench:
        return bench_search(read_dataset(data).limited(limit), app.embedder, progress)

    return measured(measure, as_json)


@bench.command(short_help="Test whether answers cite the right entry.")
@click.argument("sets", nargs=-1, type=FILE, required=True, metavar="SET", help=SET)
@click.option(
    "--limit",
    type=COUNT,
    default=500,
    metavar="N",
    help="ask at most N queries of each set, evenly spread over all (default: 500)",
)
@json_option("the result as one JSON object")
def answers(sets: tuple[Path, ...], limit: int, as_json: bool) -> int:
    """Ask the queries of judged sets, with their documents indexed as entries, and measure how
    often the search ranks the right entry first and how often the answer cites it first."""

    def measure(app: App, progress: Progress) -> AnswersBench:
        datasets = [read_dataset(folder).limited(limit) for folder in sets]
        return bench_answers(datasets, app.embedder, progress)

    return measured(measure, as_json)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a benchmark; return the exit status."""
    try:
        name = "python -m tests.benchmarks.beir"
        return int(bench.main(arguments, name, standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
