"""Maps as pictures, in which no label overlaps another label or a mark."""

import gc
import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg

from bot.charts.labels import NAMES, TERMS, FreeSpace, Pixels
from bot.charts.png import LABELLED, draw
from index.search.explore.explorations import Theme
from tests.unit.bot.charts.charts import chart, here


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[Pixels]:
    """Return the list to which the corners of labels and marks are added when they are drawn."""
    taken: list[Pixels] = []
    take = FreeSpace.take

    def noted(self: FreeSpace, middle: Pixels, size: Pixels) -> None:
        taken.append(np.array([middle - size / 2, middle + size / 2]))
        take(self, middle, size)

    monkeypatch.setattr(FreeSpace, "take", noted)
    return taken


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list to which the texts of pictures are added when they are drawn."""
    texts: list[str] = []
    write: Callable[..., Any] = Axes.text

    def noted(self: Axes, x: float, y: float, text: str, **others: Any) -> Any:
        texts.append(text.replace("\n", " "))
        return write(self, x, y, text, **others)

    monkeypatch.setattr(Axes, "text", noted)
    return texts


@pytest.mark.parametrize(
    ("count", "parts", "theme"),
    [(1, 1, "dark"), (12, 3, "light"), (203, 11, "dark"), (5_000, 24, "light")],
)
def test_labels_do_not_overlap_each_other_or_marks(
    boxes: list[Pixels], count: int, parts: int, theme: Theme
) -> None:
    texts = (here("a text"), here("a foreign text", 0.02, 1.04, sparse=True))
    places = texts if count >= 6 else ()
    draw(chart(count, parts, places=places), theme, "A map")
    assert len(boxes) >= min(count, 20)
    assert not [
        (one, other)
        for one, other in combinations(boxes, 2)
        if (one[0] < other[1]).all() and (other[0] < one[1]).all()
    ]
    labels = boxes[len(places) :]
    assert all((box[0] >= LABELLED[0]).all() and (box[1] <= LABELLED[1]).all() for box in labels)
    assert len(labels) <= NAMES + TERMS + 2 * 7


def test_any_text_is_drawn_without_a_warning(written: list[str]) -> None:
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
        draw(drawn, "light", "日本語" + '"長" is in "Safety"')
    assert "emoji and ☃" in written
    assert "<b>bold</b> & more" in written
    assert not any("日" in text or "\x1b" in text for text in written)
    assert '"" is' not in " ".join(written)


def test_drawing_frees_its_canvas_without_the_garbage_collector() -> None:
    def canvases() -> int:
        return sum(isinstance(one, (FigureCanvasAgg, RendererAgg)) for one in gc.get_objects())

    gc.collect()
    before = canvases()
    gc.disable()
    try:
        draw(chart(12, 3), "light", "A map")
        assert canvases() == before
    finally:
        gc.enable()
