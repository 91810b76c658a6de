from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from bot.bench.pairs import CalibrationBench, OtherModel
from bot.bench.pairs_report import rendered
from bot.terminal.plain import write

BENCH = CalibrationBench(
    generation="g000007",
    model="toy",
    entries=12,
    passages=1_234,
    pairs=20_000,
    deciles=(0.12, 0.08, *(0.1,) * 8),
    deviation=2.0,
    other=None,
)


def shown(bench: CalibrationBench) -> str:
    file = io.StringIO()
    write(rendered(bench), Console(file=file, width=200, highlight=False, color_system=None))
    return file.getvalue()


def test_each_tenth_has_its_line() -> None:
    lines = shown(BENCH).splitlines()
    assert lines[0].startswith("Percentiles of 20,000 fresh random pairs, 12 entries in 1,234")
    assert lines[3].split() == ["0", "to", "10", "12.0%"]
    assert lines[12].split() == ["90", "to", "100", "10.0%"]
    assert "the worst is 2.0 points away." in lines[14]
    assert "Spearman" not in shown(BENCH)


@pytest.mark.parametrize(("found", "said"), [(0.8, "0.800"), (-0.25, "−0.250"), (None, "none")])
def test_a_second_model_has_a_line(found: float | None, said: str) -> None:
    text = " ".join(shown(replace(BENCH, other=OtherModel("another-one", 2_000, found))).split())
    assert f"percentiles of another-one, over the first 2,000 pairs: {said}." in text
