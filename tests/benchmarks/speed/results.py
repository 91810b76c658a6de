"""What a measurement of speed gives, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.bench.peers import LeftOut
from tests.benchmarks.speed.building import Rates
from tests.benchmarks.speed.contender import Way
from tests.benchmarks.speed.measuring import Asked
from tests.benchmarks.speed.starting import Starting


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured on so many passages; `memory` is what the process of each contender holds
    after its first answer, in millions of bytes, where the system says it."""

    passages: int
    rates: Rates
    asked: tuple[Asked, ...]
    memory: dict[str, float]

    def of(self, contender: str, way: Way = "plain", at_once: int = 1) -> Asked | None:
        """How a contender answered; None when it was not asked in that way."""
        key = (contender, way, at_once)
        return next(
            (one for one in self.asked if (one.contender, one.way, one.at_once) == key), None
        )


@dataclass(frozen=True, slots=True)
class Criterion:
    """A number that is to be `at most` or `at least` its `target`, in `unit`."""

    what: str
    bound: Literal["at most", "at least"]
    target: float
    measured: float
    unit: str
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedBench:
    """What one run gave on a machine; `left_out` are peers that were not asked."""

    kind: Literal["speed_bench"] = "speed_bench"
    generation: None = None
    model: str
    machine: str
    sizes: tuple[Size, ...]
    starting: Starting
    criteria: tuple[Criterion, ...]
    left_out: tuple[LeftOut, ...]
