"""What Nearsay is meant to do, and whether it did in a measurement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.benchmarks.speed import names
from tests.benchmarks.speed.contender import Way
from tests.benchmarks.speed.results import Criterion, Size
from tests.benchmarks.speed.starting import Starting

MEDIUM = 10_000  # passages
BESIDE = 3.0  # milliseconds of an answer besides the forward pass and the query of Chroma
TAIL = 3.0  # times the median, which 99% are below
GROWTH = 1.3  # times the median of the medium size
NEAR_SEARCH = 3.0  # milliseconds more than semantic_search, on fewer passages than the medium size
MANY = 32  # at once
GAIN = 2.0  # times as many answers as one by one
ACKNOWLEDGED = 100.0  # milliseconds, which 99% are below
MEMORY = 300.0  # millions of bytes more than semantic_search
RATE = 0.9  # of the model alone
HELP, DEFINE = 300.0, 1_000.0  # milliseconds
READY = 1.3  # times importing the model's library and loading the model


def criteria(sizes: Sequence[Size], starting: Starting) -> tuple[Criterion, ...]:
    """Those that can be looked at, of every size that was measured."""
    medium = next((size for size in sizes if size.passages == MEDIUM), None)
    found: list[Criterion] = []
    for size in sizes:
        found += _alone(size)
        if medium is not None and size.passages > MEDIUM:
            found += _grown(size, medium)
        found += _at_once(size)
        found += _beside_peers(size)
    return (*found, *_started(starting))


def _alone(size: Size) -> Iterator[Criterion]:
    """An answer beside its parts."""
    ours = size.of(names.OURS)
    forward, chroma = size.of(names.MODEL, "forward"), size.of(names.CHROMA)
    if ours is None or forward is None or chroma is None:
        return
    parts = forward.milliseconds.median + chroma.milliseconds.median
    of = f"{size.passages:,}: "
    median = ours.milliseconds.median
    if size.passages <= MEDIUM:
        yield at_most(f"{of}answer, forward + Chroma + 3", parts + BESIDE, median, "ms")
    yield at_most(f"{of}answer, 99% / median", TAIL, ours.milliseconds.p99 / median, "×")


def _grown(size: Size, medium: Size) -> Iterator[Criterion]:
    """An answer beside the same on the medium size."""
    ways: tuple[Way, ...] = ("plain", "filtered")
    for way in ways:
        ours, before = size.of(names.OURS, way), medium.of(names.OURS, way)
        if ours is not None and before is not None:
            times = ours.milliseconds.median / before.milliseconds.median
            what = f"{size.passages:,}: answer / at {MEDIUM:,}"
            yield at_most(f"{what}, filtered" if way == "filtered" else what, GROWTH, times, "×")


def _at_once(size: Size) -> Iterator[Criterion]:
    """Many at once."""
    of = f"{size.passages:,}: "
    for name in (names.OURS, names.SERVED):
        one, many = size.of(name), size.of(name, at_once=MANY)
        if one is not None and many is not None:
            gain = many.per_second / one.per_second
            yield at_least(f"{of}{name}, {MANY} at once / one", GAIN, gain, "×")
    served = size.of(names.SERVED, at_once=MANY)
    if served is not None and served.acknowledged is not None:
        acknowledged = served.acknowledged.p99
        yield at_most(f"{of}acknowledged, 99%", ACKNOWLEDGED, acknowledged, "ms")
        lost = sum(one.lost for one in size.asked)
        yield at_most(f"{of}questions lost", 0, lost, "")


def _beside_peers(size: Size) -> Iterator[Criterion]:
    """An answer, the memory and the indexing beside what others take."""
    of = f"{size.passages:,}: "
    ours, search = size.of(names.OURS), size.of(names.SEARCH)
    peers = {name: asked.milliseconds.median for name in names.PEERS if (asked := size.of(name))}
    if ours is not None and size.passages >= MEDIUM and peers:
        fastest = min(peers, key=lambda name: peers[name])
        median = ours.milliseconds.median
        yield at_most(f"{of}answer, fastest: {fastest}", peers[fastest], median, "ms")
    elif ours is not None and search is not None:
        target = search.milliseconds.median + NEAR_SEARCH
        median = ours.milliseconds.median
        yield at_most(f"{of}answer, {names.SEARCH} + 3", target, median, "ms")
    if names.OURS in size.memory and names.SEARCH in size.memory:
        target = size.memory[names.SEARCH] + MEMORY
        yield at_most(f"{of}memory, {names.SEARCH} + 300", target, size.memory[names.OURS], "MB")
    if size.rates.share is not None:
        yield at_least(f"{of}indexing / the model alone", RATE, size.rates.share, "×")


def _started(starting: Starting) -> Iterator[Criterion]:
    """Programs that begin from nothing."""
    yield at_most("nearsay --help", HELP, starting.help.median, "ms")
    yield at_most("/define as a fresh process", DEFINE, starting.define.median, "ms")
    times = starting.ready.median / starting.load.median
    yield at_most("serve ready / model loaded", READY, times, "×")


def at_most(what: str, target: float, measured: float, unit: str) -> Criterion:
    return Criterion(
        what, "at most", round(target, 2), round(measured, 2), unit, met=measured <= target
    )


def at_least(what: str, target: float, measured: float, unit: str) -> Criterion:
    return Criterion(
        what, "at least", round(target, 2), round(measured, 2), unit, met=measured >= target
    )
