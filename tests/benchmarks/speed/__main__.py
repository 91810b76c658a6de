"""How fast Nearsay answers, beside its parts and its peers: `python -m tests.benchmarks.speed`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from bot.bench import report
from bot.config import Settings
from bot.terminal.plain import write
from bot.terminal.progress import progress_bars
from index.embedder import SentenceEmbedder
from index.errors import NearsayError
from tests.benchmarks.speed.place import Model
from tests.benchmarks.speed.plot import plot
from tests.benchmarks.speed.report import rendered
from tests.benchmarks.speed.speed import bench_speed


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints; 0 where that went well."""
    options = _parser().parse_args(arguments)
    settings = Settings.load()
    model = Model(settings.model, settings.backend, settings.data_dir / "models")
    embedder = SentenceEmbedder(model.name, model.folder, model.backend)
    try:
        with progress_bars(Console(stderr=True, highlight=False)) as told:
            bench = bench_speed(
                options.passages, model, embedder, told, keep=options.keep, quick=options.quick
            )
        if options.json:
            print(report.as_json(bench), flush=True)
        else:
            write(rendered(bench), Console(highlight=False))
        if options.plot is not None:
            plot(bench, options.plot)
    except NearsayError as error:
        print(f"{error.message} {error.hint}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.speed",
        description="Measures how fast Nearsay answers, over HTTP too, imports and starts, and "
        "what memory it takes: beside its model and Chroma alone and what one would use else, on "
        "glossaries made for it. Takes some ten minutes and 6 GB of memory; 100000 passages take "
        "half an hour more.",
    )
    parser.add_argument(
        "--passages",
        nargs="+",
        type=int,
        default=[1_000, 10_000],
        metavar="N",
        help="the sizes of the glossaries (default: 1000 10000)",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="keep what is indexed in this folder, so that the next run need not index it",
    )
    parser.add_argument("--quick", action="store_true", help="ask few questions, for a first look")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="also draw bars and lines into this PNG file"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
