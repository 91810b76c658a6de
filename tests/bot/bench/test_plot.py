from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bench.plot import CannotPlot, check_plot, plot
from tests.bot.bench.test_report import BENCH


def test_a_picture_is_a_png_of_the_size_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "bars"
    check_plot(file)
    plot(replace(BENCH, data="$x^ _and 5%"), file)
    content = file.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (1_350, 675)


def test_a_place_that_cannot_be_written_is_said_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(CannotPlot, match="is a folder"):
        check_plot(tmp_path)
    with pytest.raises(CannotPlot, match="which is no folder"):
        check_plot(tmp_path / "nowhere" / "bars.png")


def test_a_failure_to_write_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotPlot, match=r"bars\.png cannot be written: No such file"):
        plot(BENCH, tmp_path / "nowhere" / "bars.png")
