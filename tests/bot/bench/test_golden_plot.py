from __future__ import annotations

import struct
from pathlib import Path

import pytest

from bot.bench.golden_plot import plot_emptiness
from bot.bench.plot import CannotPlot
from tests.bot.bench.test_golden_report import SPARSE


def test_a_picture_is_a_png_of_the_size_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "curve"
    plot_emptiness(SPARSE, "$x^ _and 5%", file)
    content = file.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (900, 900)


def test_a_failure_to_write_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotPlot, match=r"curve\.png cannot be written: No such file"):
        plot_emptiness(SPARSE, "harbour", tmp_path / "nowhere" / "curve.png")
