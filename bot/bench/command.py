"""`nearsay bench` and what it measures, from options to output."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType

from bot.bench import answers_report, golden_report, map_report, pairs_report, report
from bot.bench.alike import table
from bot.bench.alike.judged import BUNDLED as JUDGED
from bot.bench.alike.judged import read_pairs
from bot.bench.alike.measure import bench_alike
from bot.bench.answers import bench_answers
from bot.bench.data import read_dataset
from bot.bench.golden import GoldenBench, bench_golden, encyclopedia
from bot.bench.golden_plot import plot_emptiness
from bot.bench.map import bench_map
from bot.bench.pairs import bench_calibration
from bot.bench.plot import CannotPlot, check_plot, plot
from bot.bench.questions import BUNDLED, Half, read_golden
from bot.bench.search import bench_search
from bot.replies import Problem
from bot.terminal.chat import deliver
from bot.terminal.plain import write
from bot.terminal.progress import Report, progress_bars
from index.embedder import Embedder
from index.errors import NearsayError
from index.sources.source import Source
from index.store import Generation, Store

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


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
        with _progress() as told:
            bench = bench_search(dataset, embedder, told)
    except NearsayError as error:
        return _failed(error, embedder, json=json)
    _show(bench, report.rendered(bench), json=json)
    return picture is None or _drawn(lambda: plot(bench, picture), embedder)


def run_answers(
    folders: Sequence[Path], embedder: Embedder, *, limit: int, seed: int, json: bool = False
) -> bool:
    """Measures answers on the sets in `folders` and prints what came out; returns whether that
    went well. At most `limit` queries of each set are asked, drawn by `seed`."""
    try:
        datasets = [read_dataset(folder) for folder in folders]
        with _progress() as told:
            bench = bench_answers(datasets, embedder, told, limit=limit, seed=seed)
    except NearsayError as error:
        return _failed(error, embedder, json=json)
    _show(bench, answers_report.rendered(bench), json=json)
    return True


def run_golden(
    data: Path | None,
    store: Store,
    embedder: Embedder,
    *,
    half: Half = "reporting",
    requests: Path | None = None,
    picture: Path | None = None,
    json: bool = False,
) -> bool:
    """Puts judged questions to an index and prints what came out; returns whether that went well.

    The questions in the folder `data` are put to the current index of `store`; without `data`,
    the bundled ones to a temporary index of the bundled encyclopedia. `requests` is a file of
    further questions that nothing answers, `picture` where a curve is drawn besides.
    """
    try:
        if picture is not None:
            check_plot(picture)
        with _progress() as told, _asked(data, store, embedder, told) as generation:
            golden = read_golden(data or BUNDLED, lambda name: _id_of(generation, name), requests)
            if picture is not None and not golden.half(half).unanswerable:
                raise CannotPlot(
                    "There is no unanswerable question to draw a curve from.",
                    "Add some in unanswerable.jsonl or with --requests, or leave --plot out.",
                )
            bench = bench_golden(golden, half, generation, embedder, told, own=data is not None)
    except NearsayError as error:
        return _failed(error, embedder, json=json)
    _show(bench, golden_report.rendered(bench), json=json)
    return picture is None or _drawn(lambda: _plot_golden(bench, picture), embedder)


def run_calibration(
    store: Store, embedder: Embedder, other: Embedder | None, *, json: bool = False
) -> bool:
    """Looks at the percentiles of random pairs of the current index, beside those of the model
    `other` if there is one, and prints what came out; returns whether that went well."""
    try:
        with _progress() as told, store.reading() as generation:
            bench = bench_calibration(generation, other, told)
    except NearsayError as error:
        return _failed(error, embedder, json=json)
    _show(bench, pairs_report.rendered(bench), json=json)
    return True


def run_alike(
    data: Path | None, embedder: Embedder, *, half: Half = "reporting", json: bool = False
) -> bool:
    """Compares the similarities of the judged pairs in the file `data`, or of the bundled ones,
    and prints what came out; returns whether that went well."""
    file = data or JUDGED
    try:
        bench = bench_alike(read_pairs(file), file.name, half, embedder)
    except NearsayError as error:
        return _failed(error, embedder, json=json)
    _show(bench, table.rendered(bench), json=json)
    return True


def run_map(sources: Sequence[Source], embedder: Embedder, *, json: bool = False) -> bool:
    """Lays out the bundled encyclopedia and `sources` in several ways and prints how far each map
    can be trusted; returns whether that went well."""
    try:
        with _progress() as told:
            bench = bench_map(sources, embedder, told)
    except NearsayError as error:
        return _failed(error, embedder, json=json)
    _show(bench, map_report.rendered(bench), json=json)
    return True


@contextmanager
def _asked(
    data: Path | None, store: Store, embedder: Embedder, told: Report
) -> Iterator[Generation]:
    """The index that is asked the questions in `data`."""
    with encyclopedia(embedder, told) if data is None else store.reading() as generation:
        yield generation


def _id_of(generation: Generation, name: str) -> str | None:
    """The id of the entry that has this id, or else this name."""
    if name in generation.entries:
        return generation.names.twins.get(name, name)
    named = generation.names.exact(name)
    return named[0].entry_id if named else None


def _plot_golden(bench: GoldenBench, picture: Path) -> None:
    if bench.sparse is not None:
        plot_emptiness(bench.sparse, f"{bench.data}: telling where nothing is near", picture)


def _progress() -> AbstractContextManager[Report]:
    return progress_bars(Console(stderr=True, highlight=False))


def _show(bench: DataclassInstance, rendered: RenderableType, *, json: bool) -> None:
    if json:
        print(report.as_json(bench), flush=True)  # noqa: T201
    else:
        write(rendered, Console(highlight=False))


def _drawn(draw: Callable[[], None], embedder: Embedder) -> bool:
    """Draws a picture of what has been printed; returns whether that went well."""
    try:
        draw()
    except NearsayError as error:
        # To standard error even with `json`: standard output has its one object.
        return _failed(error, embedder, json=False)
    return True


def _failed(error: NearsayError, embedder: Embedder, *, json: bool) -> bool:
    """Says what went wrong; gives False."""
    deliver(
        Problem(model=embedder.name, code=error.code, message=error.message, hint=error.hint),
        json=json,
    )
    return False
