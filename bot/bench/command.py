"""`nearsay bench search`, from its options to its output."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from bot.bench.data import read_dataset
from bot.bench.plot import check_plot, plot
from bot.bench.report import as_json, rendered
from bot.bench.search import bench_search
from bot.replies import Problem
from bot.terminal.chat import deliver
from bot.terminal.plain import write
from bot.terminal.progress import progress_bars
from index.embedder import Embedder
from index.errors import NearsayError


def run_search(
    data: Path,
    embedder: Embedder,
    *,
    limit: int | None = None,
    picture: Path | None = None,
    json: bool = False,
) -> bool:
    """Measures retrieval on the folder `data` and prints what came out; returns whether that
    went well. `picture` is where bars are drawn besides; `limit` is how many queries are asked."""
    try:
        if picture is not None:
            check_plot(picture)
        dataset = read_dataset(data).limited(limit)
        with progress_bars(Console(stderr=True, highlight=False)) as report:
            bench = bench_search(dataset, embedder, report)
    except NearsayError as error:
        deliver(_problem(error, embedder), json=json)
        return False
    if json:
        print(as_json(bench), flush=True)  # noqa: T201
    else:
        write(rendered(bench), Console(highlight=False))
    try:
        if picture is not None:
            plot(bench, picture)
    except NearsayError as error:
        # To standard error even with `json`: standard output has its one object.
        deliver(_problem(error, embedder), json=False)
        return False
    return True


def _problem(error: NearsayError, embedder: Embedder) -> Problem:
    return Problem(model=embedder.name, code=error.code, message=error.message, hint=error.hint)
