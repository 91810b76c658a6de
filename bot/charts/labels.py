"""The labels of a map, placed in free space, without overlaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, product, zip_longest

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from bot.charts.fonts import ASCENT, DESCENT, drawable, font
from bot.charts.label_placement import Box, FreeSpace
from bot.charts.palette import COLOURS, MarkerStyle
from index.search.explore.explorations import Theme
from index.search.explore.map import Chart

NAME_SIZES = (46, 40, 34)  # font sizes in pixels for names of neighbourhoods
LEADING = 1.06  # line height, as a multiple of the size
TERM, NEAR, MARK = 22, 26, 32  # pixels: terms, terms near a text, labels of texts
NAMES, TERMS = 14, 44  # labels, at most
MAX_TRIED = 180  # terms for which free space is sought, at most
LONGEST_NAME, LONGEST_LINE, LONGEST_TERM, LONGEST_TEXT = 36, 20, 30, 34  # characters
MAX_DISTANCE = 230  # maximum pixels from a name to the centre of its neighbourhood
APART = 4  # pixels


@dataclass(frozen=True, slots=True)
class Style:
    """The style of a label; size and halo in pixels."""

    pixels: float
    colour: str
    bold: bool = False
    halo: float = 5
    alpha: float = 1


@dataclass(frozen=True, slots=True)
class Label:
    """A label drawn on the map: its text and its box."""

    text: str
    box: Box


def title_of(chart: Chart, longest: int = LONGEST_TEXT) -> str:
    """Return the title of a map in one line; texts are cut to `longest` characters."""
    count = len(chart.shown)
    entries = "1 entry" if count == 1 else f"{count:,} entries"
    texts = [f"“{drawable(here.text, longest) or 'Your text'}”" for here in chart.places]
    if len(texts) > 1:
        return f"{', '.join(texts[:-1])} and {texts[-1]} on the map"
    if texts:
        here = chart.places[0]
        name = drawable(here.neighbourhood, LONGEST_NAME) or "a neighbourhood without a name"
        return f"{texts[0]} {'is far from every entry' if here.sparse else f'is in {name}'}"
    if chart.within:
        return f"{drawable(chart.within, LONGEST_NAME) or 'A part'}: {entries}"
    parts = len(chart.regions)
    return f"{entries} in {'one neighbourhood' if parts == 1 else f'{parts} neighbourhoods'}"


class Labels:
    """Writes the labels of `chart` on `axes`, with entries at `dots` (`float32[e, 2]`, in
    pixels)."""

    def __init__(
        self,
        chart: Chart,
        theme: Theme,
        axes: Axes,
        dots: NDArray[np.float32],
        within: Box,
    ) -> None:
        self.written: list[Label] = []
        self.room = FreeSpace(within, dots[chart.shown])
        self._chart = chart
        self._theme: Theme = theme
        self._axes = axes
        self._renderer = axes.figure.canvas.get_renderer()  # type: ignore[attr-defined]
        self._dots = dots

    def mark(self, x: float, y: float, text: str) -> None:
        """Write the label of a text beside its mark."""
        style = Style(MARK, COLOURS[self._theme].here, bold=True)
        self._write_beside(text, (x, y), style, 28, 0.4)

    def near(self, numbers: list[int]) -> None:
        """Write the terms of the entries near a text."""
        for number in dict.fromkeys(numbers):
            self._term(number, NEAR, bold=True)

    def names(self, kinds: list[MarkerStyle]) -> None:
        """Write the name of each neighbourhood near its centre, in the largest size that fits."""
        chart = self._chart
        for number, own in list(self._chart.entries_by_region())[:NAMES]:
            name = drawable(chart.regions[number].name, LONGEST_NAME)
            if not name:
                continue
            centre = self._centre(own)
            colour = kinds[number].name_shade(self._theme)
            lines = _wrap(name)
            for pixels in NAME_SIZES:
                width = max(self.width(line, pixels, bold=True) for line in lines)
                height = pixels * (LEADING * (len(lines) - 1) + ASCENT + DESCENT)
                boxes = _around(centre, width + 2 * APART, height + APART)
                best = self.room.best(boxes, self._dot(25))
                if best is not None:
                    style = Style(pixels, colour, bold=True, halo=7, alpha=0.92)
                    self._write(lines, best[1], style)
                    break

    def _dot(self, few: float) -> float:
        return few * min(1.0, 80 / max(1, len(self._chart.shown)))

    def _centre(self, own: NDArray[np.int64]) -> tuple[float, float]:
        points = self._dots[own].astype(np.float64)
        if len(points) > 400:
            points = points[:: len(points) // 400]
        apart = ((points[:, np.newaxis] - points[np.newaxis]) ** 2).sum(axis=2)
        x, y = points[np.exp(-apart / (2 * 110.0**2)).sum(axis=1).argmax()]
        return float(x), float(y)

    def terms(self) -> None:
        """Write the terms of the most central entries, each neighbourhood in turn."""
        chart = self._chart
        queues = [
            own[np.argsort(-chart.centrality[own], kind="stable")].tolist()
            for _, own in self._chart.entries_by_region()
        ]
        turns = chain.from_iterable(zip_longest(*queues))
        numbers = islice((number for number in turns if number is not None), MAX_TRIED)
        written = 0
        for number in numbers:
            written += self._term(number, TERM)
            if written == TERMS:
                break

    def _term(self, number: int, pixels: float, *, bold: bool = False) -> bool:
        x, y = self._dots[number].tolist()
        term = drawable(self._chart.terms[number], LONGEST_TERM)
        if not term or any(
            label.text == term and _is_beside(label.box, x, y) for label in self.written
        ):
            return False
        style = Style(pixels, COLOURS[self._theme].ink, bold=bold)
        steps = (12, 34, 56) if bold else (12,)
        return any(self._write_beside(term, (x, y), style, away, self._dot(2)) for away in steps)

    def _write_beside(
        self, text: str, point: tuple[float, float], style: Style, away: float, dot: float
    ) -> bool:
        width = self.width(text, style.pixels, bold=style.bold) + 2 * APART
        height = style.pixels * (ASCENT + DESCENT)
        best = self.room.best(_sides(*point, width, height, away), dot)
        if best is not None:
            self._write([text], best[1], style)
        return best is not None

    def _write(self, lines: list[str], box: Box, style: Style) -> None:
        self.room.take(box)
        self.written.append(Label(" ".join(lines), box))
        ground = COLOURS[self._theme].ground
        for at, line in enumerate(reversed(lines)):
            self._axes.text(
                (box.left + box.right) / 2,
                box.bottom + style.pixels * (DESCENT + LEADING * at),
                line,
                ha="center",
                va="baseline",
                color=style.colour,
                alpha=style.alpha,
                fontproperties=font(style.pixels, bold=style.bold),
                parse_math=False,
                zorder=12,
                path_effects=[withStroke(linewidth=style.halo, foreground=ground, alpha=0.8)],
            )

    def width(self, text: str, pixels: float, *, bold: bool = False) -> float:
        """Return the width of a line in pixels."""
        properties = font(pixels, bold=bold)
        measured = self._renderer.get_text_width_height_descent(text, properties, ismath=False)
        return float(measured[0])


def _sides(
    x: float, y: float, width: float, height: float, away: float
) -> Iterator[tuple[float, Box]]:
    half = height / 2
    middles = (
        (0, x + away + width / 2, y),
        (1, x - away - width / 2, y),
        (1.5, x, y + away + half),
        (1.5, x, y - away - half),
        (2.5, x + away * 0.6 + width / 2, y + away * 0.6 + half),
        (2.5, x + away * 0.6 + width / 2, y - away * 0.6 - half),
        (3, x - away * 0.6 - width / 2, y + away * 0.6 + half),
        (3, x - away * 0.6 - width / 2, y - away * 0.6 - half),
    )
    for cost, across, up in middles:
        yield cost, Box(across - width / 2, up - half, across + width / 2, up + half)


def _around(
    centre: tuple[float, float], width: float, height: float
) -> Iterator[tuple[float, Box]]:
    x, y = centre
    sideways, upwards = (range(-MAX_DISTANCE, MAX_DISTANCE + 1, step) for step in (32, 24))
    for across, up in product(sideways, upwards):
        distance = (across**2 + up**2) ** 0.5
        if distance <= MAX_DISTANCE:
            left, bottom = x + across - width / 2, y + up - height / 2
            yield distance, Box(left, bottom, left + width, bottom + height)


def _is_beside(box: Box, x: float, y: float) -> bool:
    return Box(x - 40, y - 40, x + 40, y + 40).overlaps(box)


def _wrap(name: str) -> list[str]:
    if len(name) <= LONGEST_LINE or " " not in name:
        return [name]
    breaks = [at for at, sign in enumerate(name) if sign == " "]
    at = min(breaks, key=lambda at: abs(at - len(name) / 2))
    return [name[:at], name[at + 1 :]]
