from __future__ import annotations

import io
import json
import struct
from dataclasses import replace
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

from bot.bench.report import as_json
from bot.bench.speed.plot import plot
from bot.bench.speed.report import rendered
from bot.bench.speed.results import SpeedBench
from bot.terminal.plain import write
from tests.bot.bench.speed.samples import BENCH, RATES


def shown(bench: SpeedBench) -> list[str]:
    file = io.StringIO()
    write(rendered(bench), Console(file=file, width=100, highlight=False, color_system=None))
    return file.getvalue().splitlines()


def test_each_size_has_a_table_with_ours_first() -> None:
    lines = shown(BENCH)
    assert lines[0] == "Speed of toy on 2 cores of a toy"
    start = lines.index("10,000 passages, 2,000 entries")
    rows = [line.split() for line in lines[start + 1 : start + 9]]
    assert rows[0] == ["ms", "5%", "to", "95%", "99%", "/s", "MB"]
    assert rows[1] == ["model,", "forward", "1.2", "1.0", "to", "1.8", "2.4", "200"]
    assert [row[0] for row in rows[2:6]] == ["model,", "model,", "Chroma", "Chroma,"]
    assert rows[6] == ["nearsay", "5.0", "4.0", "to", "7.5", "10.0", "200", "700"]
    assert rows[7][:5] == ["nearsay,", "32", "at", "once", "60.0"]


def test_rates_programs_and_criteria_are_told() -> None:
    text = " ".join(" ".join(shown(BENCH)).split())
    assert "20,000 passages/s read, 200/s embedded and indexed (0.95 of the model alone, " in text
    assert "Reindex with one entry in a hundred changed: 2.5 s." in text
    assert "nearsay --help 0.14 0.11 to 0.21" in text
    assert "nearsay, 32 at once / one ≥ 2 × 2.05 × met" in text
    assert "Chroma by itself was left out: onnx is not installed" in text
    resumed = replace(BENCH.sizes[1], rates=replace(RATES, embedded=25))
    text = " ".join(shown(replace(BENCH, sizes=(resumed,))))
    assert "of the model alone" not in text


def test_no_line_is_wider_than_80_columns() -> None:
    assert all(cell_len(line) <= 80 for line in shown(replace(BENCH, machine="2 cores " * 30)))
    assert not any(line.startswith(" at once") for line in shown(BENCH))


def test_json_has_the_numbers() -> None:
    bench = json.loads(as_json(BENCH))
    assert (bench["kind"], bench["generation"]) == ("speed_bench", None)
    assert bench["sizes"][1]["asked"][0]["milliseconds"]["median"] == 1.2
    assert bench["criteria"][0].keys() == {"what", "bound", "target", "measured", "unit", "met"}


def test_a_picture_is_a_png_of_the_size_that_is_said(tmp_path: Path) -> None:
    plot(replace(BENCH, machine="$x^ _and 5%"), tmp_path / "speed")
    content = (tmp_path / "speed").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (1_650, 900)
