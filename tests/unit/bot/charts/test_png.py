"""Maps as pictures, in which no label overlaps another label or a mark."""

import gc
import warnings
from dataclasses import replace
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg

from bot.charts.labels import NAMES, TERMS
from bot.charts.png import LABELLED, draw
from index.search.explore.explorations import Theme
from tests.unit.bot.charts.charts import chart, here


@pytest.mark.parametrize(
    ("count", "parts", "theme"),
    [(1, 1, "dark"), (12, 3, "light"), (203, 11, "dark"), (5_000, 24, "light")],
)
def test_labels_do_not_overlap_each_other_or_marks(count: int, parts: int, theme: Theme) -> None:
    texts = (here("a text"), here("a foreign text", 0.02, 1.04, sparse=True))
    picture = draw(chart(count, parts, places=texts if count >= 6 else ()), theme)
    boxes = [label.box for label in picture.labels]
    assert len(boxes) >= min(count, 20)
    assert not [
        (one, other)
        for one, other in combinations([*boxes, *picture.marks], 2)
        if one.overlaps(other)
    ]
    assert all(box.within(LABELLED) for box in boxes)
    assert len(boxes) <= NAMES + TERMS + 2 * 7


def test_any_text_is_drawn_without_a_warning() -> None:
    texts = (
        "$x^2$ and \\frac{1}{0} $\\badmacro",
        "日本語の長い質問です",
        "emoji 🙂🙃 and ☃",
        "\x1b[31mred\x07 \u202eturned\u2066",
        "a" * 8_000,
        "\ud800 alone",
        "<b>bold</b> & more",
        "العربية",
        "%s {} {0} \\n",
    )
    drawn = chart(len(texts), len(texts), places=tuple(map(here, texts[:4])))
    named = {
        number: replace(region, name=texts[number]) for number, region in drawn.regions.items()
    }
    drawn = replace(drawn, terms=texts, regions=named, within=texts[1], model=texts[1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        written = [label.text for label in draw(drawn, "light").labels]
    assert "emoji and ☃" in written
    assert "<b>bold</b> & more" in written
    assert not any("日" in text or "\x1b" in text for text in written)
    assert all(len(text) <= 40 for text in written)


def test_drawing_frees_its_canvas_without_the_garbage_collector() -> None:
    def canvases() -> int:
        return sum(isinstance(one, (FigureCanvasAgg, RendererAgg)) for one in gc.get_objects())

    gc.collect()
    before = canvases()
    gc.disable()
    try:
        draw(chart(12, 3), "light")
        assert canvases() == before
    finally:
        gc.enable()
