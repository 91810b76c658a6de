"""The map as a self-contained HTML page, with scripts, styles and data inside.

plotly.js, from the package plotly, draws the plot.
"""

import json
import re
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from bot.charts.palette import COLOURS, marker_styles
from index.search.explore.explorations import TextPosition
from index.search.explore.map import Chart
from index.search.similarity import entry_similarities
from index.storage import Generation
from index.text import clean, one_line, shorten

PARTS = Path(__file__).parent / "page"
NEIGHBOURS = 8  # nearest entries of each entry
LONGEST_DEFINITION = 700  # characters
LONGEST_TERM = 120  # characters
MARKERS = {"o": "circle", "s": "square", "^": "triangle-up", "D": "diamond", "v": "triangle-down"}
CAPTION = "A flat map distorts distances. Lines join nearest neighbours in all {:,} dimensions."
_PLACEHOLDER = re.compile(r"@(\w+)@")


def page_of(generation: Generation, chart: Chart) -> str:
    """Return the HTML page of a map, in which entries can be searched and opened."""
    parts = {
        "style": (PARTS / "page.css").read_text(encoding="utf-8"),
        "script": (PARTS / "page.js").read_text(encoding="utf-8"),
        "plotly": get_plotlyjs(),
        "data": script_safe_json(_data(generation, chart)),
    }
    frame = (PARTS / "page.html").read_text(encoding="utf-8")
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], frame)


def script_safe_json(data: dict[str, Any]) -> str:
    """Return `data` as ASCII JSON that is safe in a script element."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _data(generation: Generation, chart: Chart) -> dict[str, Any]:
    row_of = {number: row for row, number in enumerate(chart.shown.tolist())}
    part_of = {number: part for part, number in enumerate(chart.regions)}
    entries = list(generation.entries.values())
    kinds = marker_styles(chart)
    return {
        "about": f"{generation.id} · {generation.model}",
        "within": one_line(chart.within),
        "caption": CAPTION.format(chart.dimensions),
        "colours": {
            theme: {"ground": its.ground, "ink": its.ink, "quiet": its.quiet, "here": its.here}
            for theme, its in COLOURS.items()
        },
        "regions": [
            {
                "name": one_line(region.name),
                "marker": MARKERS[kinds[number].marker],
                "colours": {theme: kinds[number].shade(theme) for theme in COLOURS},
                "text": {theme: kinds[number].name_shade(theme) for theme in COLOURS},
            }
            for number, region in chart.regions.items()
        ],
        "entries": [
            {
                "term": shorten(one_line(entries[number].term), LONGEST_TERM),
                "category": one_line(entries[number].category),
                "definition": shorten(clean(entries[number].definition), LONGEST_DEFINITION),
                "x": round(float(chart.positions[number, 0]), 4),
                "y": round(float(chart.positions[number, 1]), 4),
                "region": part_of[int(chart.neighbourhood_of[number])],
                "central": round(float(chart.centrality[number]), 3),
                "near": [
                    [row_of[other], round(similarity, 2)]
                    for other, similarity in _nearest(generation, number)
                    if other in row_of
                ],
            }
            for number in chart.shown.tolist()
        ],
        "places": [_place(here, generation, row_of) for here in chart.places],
    }


def _place(here: TextPosition, generation: Generation, row_of: dict[int, int]) -> dict[str, Any]:
    numbers = [(generation.number_of[item.id], item.similarity) for item in here.nearest]
    return {
        "text": shorten(one_line(here.text), LONGEST_TERM),
        "x": round(here.x, 4),
        "y": round(here.y, 4),
        "sparse": here.sparse,
        "region": one_line(here.neighbourhood),
        "near": [
            [row_of[number], round(similarity or 0, 2)]
            for number, similarity in numbers
            if number in row_of
        ],
    }


def _nearest(generation: Generation, number: int) -> list[tuple[int, float]]:
    others = generation.graph.nearest[number, :NEIGHBOURS]
    found = entry_similarities(generation, generation.ids[number], others)
    pairs = zip(others.tolist(), found.tolist(), strict=True)
    return sorted(pairs, key=lambda pair: -pair[1])
