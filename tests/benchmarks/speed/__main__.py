"""Measure the speed of Nearsay, its parts and alternatives: `python -m tests.benchmarks.speed`."""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bot.cli.console import write
from bot.config import Settings
from index.embedding.embedder import SentenceEmbedder
from index.embedding.weights import find_weights
from tests.benchmarks.speed.corpus import glossary, queries
from tests.benchmarks.speed.http_service import HttpService, environment
from tests.benchmarks.speed.indexing import Workdir, index
from tests.benchmarks.speed.process import Batch, SystemProcess
from tests.benchmarks.speed.report import MANY, Result, Run, Size, rendered
from tests.benchmarks.speed.systems import HTTP, MODEL, NEARSAY, SYSTEMS, Query

QUERIES_PER_TURN = 20  # queries to one system before the next one's turn
BATCH_QUERIES = 320  # queries of a concurrent batch
STORED_QUERIES = 1_000
LOAD = (
    "import sys; from sentence_transformers import SentenceTransformer; "
    "SentenceTransformer(sys.argv[1], device='cpu', local_files_only=True)"
)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark and print the report."""
    options = _parser().parse_args(arguments)
    settings = Settings.load()
    models = settings.data_dir / "models"
    SentenceEmbedder(settings.model, models).queries(["converts the model"])
    turns, batches, starts = (3, 1, 1) if options.quick else (20, 3, 5)
    with TemporaryDirectory() as folder:
        sizes = []
        for passages in sorted(options.passages):
            work = Workdir(Path(folder, str(passages)), settings.model, models)
            work.folder.mkdir()
            (work.data / "models").parent.mkdir()
            (work.data / "models").symlink_to(models.absolute())
            sizes.append(_measure(work, passages, turns, batches))
        run = Run(tuple(sizes), _start_times(work, passages, starts))
    if options.json:
        print(json.dumps(asdict(run)), flush=True)
    else:
        write(rendered(run, settings.model), Console(highlight=False))
    return 0


def _measure(work: Workdir, passages: int, turns: int, batches: int) -> Size:
    """Measure all systems on one index size, in turns, so that a slow phase of the machine affects
    all of them."""
    _log(f"indexing {passages:,} passages")
    texts = queries()
    indexing = index(work, passages, texts[:STORED_QUERIES])
    waiting = (Query(texts[row % len(texts)], row) for row in range(10**9))
    asked: defaultdict[tuple[str, str, int], list[Batch]] = defaultdict(list)
    with ExitStack() as stack:
        systems: list[SystemProcess | HttpService] = []
        for name in SYSTEMS:
            systems.append(SystemProcess(name, work))
            stack.callback(systems[-1].end)
        systems.append(HttpService(work))
        stack.callback(systems[-1].end)
        memory = {system.name: round(system.memory(), 1) for system in systems}
        for turn in range(turns):
            _log(f"asking, turn {turn + 1} of {turns}")
            for way in ("plain", "filtered"):
                part = list(islice(waiting, QUERIES_PER_TURN))
                for system in systems:
                    if way in system.ways:
                        asked[system.name, way, 1].append(system.ask(way, part))
        for _ in range(batches):
            part = list(islice(waiting, BATCH_QUERIES))
            for system in systems:
                if system.name in (MODEL, NEARSAY, HTTP):
                    asked[system.name, "plain", MANY].append(system.ask("plain", part, MANY))
    results = [Result.of(*key, several) for key, several in asked.items()]
    order = [system.name for system in systems]
    results.sort(key=lambda one: (order.index(one.system), one.way == "filtered", one.at_once))
    return Size(indexing, tuple(results), memory)


def _start_times(work: Workdir, passages: int, repeats: int) -> dict[str, float]:
    """Return the median durations, in seconds, of new processes on the last index: printing help,
    showing an entry, importing the model's library and loading the model, and `nearsay serve` until
    it is ready."""
    term = glossary(passages)[0].term
    model = str(find_weights(work.model).folder)
    nearsay = [sys.executable, "-m", "bot"]

    def ready() -> float:
        service = HttpService(work)
        service.end()
        return service.seconds_to_ready

    programs: dict[str, Callable[[], float]] = {
        "help": lambda: _seconds([*nearsay, "--help"], work),
        "define": lambda: _seconds([*nearsay, "say", f"/define {term}"], work),
        "load": lambda: _seconds([sys.executable, "-c", LOAD, model], work),
        "ready": ready,
    }
    taken: defaultdict[str, list[float]] = defaultdict(list)
    for turn in range(repeats + 1):
        _log(f"starting programs, turn {turn + 1} of {repeats + 1}")
        for name, program in programs.items():
            taken[name].append(program())
    return {name: statistics.median(seconds[1:]) for name, seconds in taken.items()}


def _seconds(command: Sequence[str], work: Workdir) -> float:
    began = time.perf_counter()
    subprocess.run(
        command,
        cwd=work.folder,
        env=environment(work.settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - began


def _log(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.speed",
        description="Measures how fast Nearsay answers (in its process and over HTTP), indexes and "
        "starts, and how much memory it takes, compared with its model alone, Chroma alone and "
        "alternatives, on generated glossaries. Takes about ten minutes and 4 GB of memory.",
    )
    parser.add_argument(
        "--passages",
        nargs="+",
        type=int,
        default=[1_000, 10_000],
        metavar="N",
        help="the sizes of the glossaries (default: 1000 10000)",
    )
    parser.add_argument("--quick", action="store_true", help="ask few queries, for a first look")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    return parser


if __name__ == "__main__":
    sys.exit(main())
