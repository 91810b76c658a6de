"""How fast Nearsay is, beside its parts alone and what one would use without it, in one run."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bench.peers import LeftOut
from bot.terminal.progress import Report
from index.embedder import Embedder
from index.errors import StoreError
from index.sources.source import bundled_digest
from tests.benchmarks.speed.building import built
from tests.benchmarks.speed.chroma import fill
from tests.benchmarks.speed.contender import Question
from tests.benchmarks.speed.criteria import criteria
from tests.benchmarks.speed.lineup import lineup, model_alone
from tests.benchmarks.speed.machine import machine
from tests.benchmarks.speed.measuring import QUICK, WHOLE, Amount, measure
from tests.benchmarks.speed.place import Model, Place
from tests.benchmarks.speed.results import Size, SpeedBench
from tests.benchmarks.speed.starting import measure_starting
from tests.benchmarks.speed.texts import CATEGORIES, queries

STARTED_ON = 10_000  # passages; programs are started on the largest index up to that
STARTS, FEW_STARTS = 5, 1


def bench_speed(
    sizes: Sequence[int],
    model: Model,
    embedder: Embedder,
    report: Report = lambda *_: None,
    *,
    keep: Path | None = None,
    quick: bool = False,
) -> SpeedBench:
    """Measures on glossaries of so many passages each, in a folder that is gone in the end, or in
    `keep`, where a second run finds what the first one indexed. `embedder` is that of `model`.

    Raises a `NearsayError` when the model, the folder or Nearsay itself cannot be used.
    """
    amount = QUICK if quick else WHOLE
    left_out: dict[str, LeftOut] = {}
    with ExitStack() as stack:
        stack.enter_context(_leaving_nothing())
        root = keep and stack.enter_context(_kept(keep))
        root = root or Path(stack.enter_context(TemporaryDirectory()))
        embedder.queries(["what is near this?"])  # converts the model where that is to be done
        # The glossary is made of the encyclopedia: of another edition it would be another.
        edition = bundled_digest()[:8]
        places = {
            passages: Place(root / f"{passages}-{edition}", model)
            for passages in sorted(set(sizes))
        }
        measured = []
        for passages, place in places.items():
            place.folder.mkdir(exist_ok=True)
            size, missing = _measured(place, passages, embedder, amount, report)
            measured.append(size)
            left_out |= {peer.method: peer for peer in missing}
        on = max((size for size in places if size <= STARTED_ON), default=min(places))
        starting = measure_starting(places[on], FEW_STARTS if quick else STARTS, report)
    return SpeedBench(
        model=embedder.name,
        machine=machine(),
        sizes=tuple(measured),
        starting=starting,
        criteria=criteria(measured, starting),
        left_out=tuple(left_out.values()),
    )


@contextmanager
def _leaving_nothing() -> Iterator[None]:
    """Told to end, the process leaves its contexts, so that no child is left, as for Ctrl-C."""

    def leave(*_: object) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _measured(
    place: Place, passages: int, embedder: Embedder, amount: Amount, report: Report
) -> tuple[Size, Sequence[LeftOut]]:
    """What one size gave, and the peers that were not asked."""
    questions = _questions(amount.questions)
    with model_alone(place) as model:
        rates = built(place, passages, embedder, model, report)
        fill(place, report)
        with lineup(place, model) as contenders:
            memory = {
                contender.name: round(held / 1e6, 1)
                for contender in contenders.all
                if (held := contender.memory()) is not None
            }
            asked = measure(
                contenders.peers,
                contenders.alone,
                contenders.together,
                questions,
                amount,
                report,
            )
    return Size(rates.passages, rates, tuple(asked), memory), contenders.left_out


def _questions(count: int) -> list[Question]:
    """So many different questions; where that is more than there are, they come again."""
    texts = queries()
    return [
        Question(texts[row % len(texts)], CATEGORIES[row % len(CATEGORIES)], row)
        for row in range(count)
    ]


@contextmanager
def _kept(folder: Path) -> Iterator[Path]:
    """A folder that stays; raises `StoreError` when it cannot be used."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.absolute()
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be used: {error.strerror or error}.",
            "Free some space there, or name another one with --keep.",
        ) from error
