"""A measurement as one run might give it."""

from __future__ import annotations

from dataclasses import replace

from bot.bench.lineup import LeftOut
from bot.bench.speed import names
from bot.bench.speed.building import Rates
from bot.bench.speed.contender import Way
from bot.bench.speed.criteria import criteria
from bot.bench.speed.measuring import Asked
from bot.bench.speed.results import Size, SpeedBench
from bot.bench.speed.starting import Starting
from bot.bench.speed.times import Times

RATES = Rates(
    entries=2_000,
    passages=10_000,
    reading=0.5,
    indexing=50,
    embedded=9_975,
    reindexing=2.5,
    alone=210,
)


def asked(
    name: str,
    milliseconds: float,
    way: Way = "plain",
    at_once: int = 1,
    per_second: float = 200,
    acknowledged: float | None = None,
) -> Asked:
    """Times around a median, of which 99% are below twice that."""
    return Asked(
        contender=name,
        way=way,
        at_once=at_once,
        milliseconds=around(milliseconds),
        per_second=per_second,
        acknowledged=None if acknowledged is None else around(acknowledged),
    )


def around(milliseconds: float) -> Times:
    return Times(milliseconds, milliseconds * 0.8, milliseconds * 1.5, milliseconds * 2, 400)


SIZE = Size(
    passages=10_000,
    rates=RATES,
    asked=(
        asked(names.MODEL, 1.2, "forward"),
        asked(names.MODEL, 1.8, "encode"),
        asked(names.MODEL, 9, "encode", at_once=8),
        asked(names.CHROMA, 1.1),
        asked(names.CHROMA, 9.5, "filtered"),
        asked(names.OURS, 5),
        asked(names.OURS, 5.5, "filtered"),
        asked(names.OURS, 60, at_once=32, per_second=410),
        asked(names.SERVED, 9, per_second=110),
        asked(names.SERVED, 110, at_once=32, per_second=230, acknowledged=40),
        asked(names.SEARCH, 9),
        asked(names.SEARCH_AS_OURS, 4),
        asked(names.TXTAI, 8),
    ),
    memory={names.OURS: 700.0, names.SEARCH: 600.0},
)
STARTING = Starting(10_000, around(140), around(800), around(5_000), around(6_000))
BENCH = SpeedBench(
    model="toy",
    machine="2 cores of a toy",
    sizes=(replace(SIZE, passages=1_000), SIZE),
    starting=STARTING,
    criteria=criteria((replace(SIZE, passages=1_000), SIZE), STARTING),
    left_out=(LeftOut(names.DEFAULT_CHROMA, "onnx is not installed"),),
)
