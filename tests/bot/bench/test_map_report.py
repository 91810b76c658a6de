from __future__ import annotations

import io
import json
from dataclasses import replace

from rich.console import Console

from bot.bench.lineup import LeftOut
from bot.bench.map import MapBench, MapOf, Mapped
from bot.bench.map_report import rendered
from bot.bench.report import as_json
from bot.terminal.plain import write

OF_HARBOUR = MapOf(
    data="harbour",
    entries=1_204,
    methods=(Mapped("nearsay", 0.9016, 0.8951, 1.25), Mapped("PCA", 0.741, 0.7345, 0.004)),
    moved=0.0,
    moved_anew=0.0236,
    neighbourhoods=(("Signs\x1b[31m", 700), ("Quay", 504)),
)
BENCH = MapBench(
    model="toy",
    neighbours=12,
    glossaries=(OF_HARBOUR,),
    left_out=(LeftOut("UMAP", "it is not installed"),),
)


def shown(bench: MapBench) -> str:
    file = io.StringIO()
    write(rendered(bench), Console(file=file, width=200, highlight=False, color_system=None))
    return file.getvalue()


def test_each_way_has_its_line() -> None:
    lines = shown(BENCH).splitlines()
    assert lines[0] == "harbour: trustworthiness at 12 neighbours, 1,204 entries"
    assert lines[2].split() == ["map", "trust", "16:10", "seconds"]
    assert lines[3].split() == ["nearsay", "0.902", "0.895", "1.25"]
    assert lines[4].split() == ["PCA", "0.741", "0.735", "0.00"]


def test_what_moves_and_what_is_left_out_is_said() -> None:
    text = shown(BENCH)
    assert "move the others by 0.0% of the width at the median," in text
    assert "UMAP was left out: it is not installed" in text
    assert "Quay 504" in text
    assert "\x1b" not in text


def test_where_nothing_could_be_added_nothing_is_said() -> None:
    few = replace(BENCH, glossaries=(replace(OF_HARBOUR, moved=None, moved_anew=None),))
    assert "move the others" not in shown(few)


def test_json_has_every_number() -> None:
    found = json.loads(as_json(BENCH))
    assert found["kind"] == "map_bench"
    assert found["glossaries"][0]["methods"][0]["trust"] == 0.9016
    assert found["glossaries"][0]["neighbourhoods"][1] == ["Quay", 504]
