"""The labels of a map, placed in free space, without overlaps."""

import re
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from bot.charts.fonts import drawable, font
from bot.charts.palette import COLOURS, MarkerStyle
from index.search.explore.explorations import Theme
from index.search.explore.map import Chart

# Font sizes in pixels. On a phone, a picture is shown at a quarter: 36 pixels are 9.
NAME_SIZES = (56, 48, 42)  # of names of neighbourhoods
TERM, NEAR, MARK = 36, 38, 42  # terms, terms near a text, labels of texts
NAMES, TERMS = 14, 24  # maximum labels: neighbourhoods, entries
MAX_TRIED = 180  # maximum terms for which free space is sought
LONGEST_NAME, LONGEST_LINE, LONGEST_TERM, LONGEST_TEXT = 36, 20, 30, 34  # characters
APART = 4  # pixels
LINE = 1.2  # height of a line, as a multiple of the font size
DOT_COST = 25  # cost of covering a dot; the costs below are in the same unit
# Positions of a label relative to its point, and the cost of each.
SIDES = np.array([(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)])
SIDE_COSTS = np.array([0, 12, 18, 18, 30, 30, 36, 36])
# Offsets of a name from the centre of its neighbourhood, in pixels, and their distances.
GRID = np.mgrid[-208:209:32, -192:193:24].reshape(2, -1).T
GRID_COSTS = np.hypot(*GRID.T)

Pixels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Style:
    """The style of a label; the font size is in pixels."""

    pixels: float
    colour: str
    bold: bool = True


class FreeSpace:
    """The free space between two opposite `corners` of a picture, in pixels. `find` reserves boxes
    without overlaps; covering one of the `dots` (`float64[n, 2]`) has a cost."""

    def __init__(self, corners: tuple[tuple[int, int], tuple[int, int]], dots: Pixels) -> None:
        self._low, self._high = np.array(corners)
        self._dots = dots
        self._dot_cost = DOT_COST * min(1.0, 80 / max(1, len(dots)))
        self._taken: list[tuple[Pixels, Pixels]] = []

    def take(self, middle: Pixels, size: Pixels) -> None:
        """Reserve a box of `size` centred at `middle`, even if it overlaps others."""
        self._taken.append((middle - size / 2, middle + size / 2))

    def find(self, middles: Pixels, size: Pixels, costs: Pixels) -> Pixels | None:
        """Reserve the cheapest free box of `size` centred at one of the `middles` (`float64[k, 2]`,
        with `costs`, `float64[k]`), and return its centre; None if none is free."""
        lows, highs = middles - size / 2, middles + size / 2
        free = ((lows >= self._low) & (highs <= self._high)).all(axis=1)
        for low, high in self._taken:
            free &= ~((lows < high) & (highs > low)).all(axis=1)
        if not free.any():
            return None
        middles, costs = middles[free], costs[free]
        apart = np.abs(self._dots - middles[:, np.newaxis])
        covered = (apart < size / 2).all(axis=2).sum(axis=1)
        best: Pixels = middles[(costs + self._dot_cost * covered).argmin()]
        self.take(best, size)
        return best


class Labels:
    """Writes the labels of `chart` on `axes`, in free `space`. `dots` (`float64[e, 2]`) are the
    positions of the entries in pixels."""

    def __init__(
        self, chart: Chart, theme: Theme, axes: Axes, dots: Pixels, space: FreeSpace
    ) -> None:
        self._chart = chart
        self._theme: Theme = theme
        self._axes = axes
        # Only the Agg canvas, which is used here, has this method.
        self._renderer = axes.figure.canvas.get_renderer()  # type: ignore[attr-defined]
        self._dots = dots
        self._space = space
        self._named: set[int] = set()

    def mark(self, point: Pixels, text: str) -> None:
        """Write the label of a text next to its marker."""
        self._write_beside(text, point, Style(MARK, COLOURS[self._theme].here), 28)

    def near(self, numbers: list[int]) -> None:
        """Write the terms of the entries nearest to a text, given their indices."""
        for number in numbers:
            any(self._term(number, NEAR, away, bold=True) for away in (12, 34, 56))

    def names(self, kinds: list[MarkerStyle]) -> None:
        """Write the name of each neighbourhood near its centre, in the largest size that fits."""
        for number, own in list(self._chart.entries_by_region())[:NAMES]:
            name = drawable(self._chart.regions[number].name, LONGEST_NAME)
            lines = _wrap(name)
            middles = np.median(self._dots[own], axis=0) + GRID
            for pixels in NAME_SIZES if name else ():
                style = Style(pixels, kinds[number].name_shade(self._theme))
                if self._write(lines, middles, GRID_COSTS, style):
                    break

    def terms(self) -> None:
        """Write the terms of the most central entries, taking the neighbourhoods in turn. A term
        that names a neighbourhood is not written again."""
        centrality, regions = self._chart.centrality, self._chart.regions.values()
        names = {part.casefold() for one in regions for part in one.name.split(" & ")}
        queues = [
            own[np.argsort(-centrality[own], kind="stable")].tolist()
            for _, own in self._chart.entries_by_region()
        ]
        turns = chain.from_iterable(zip_longest(*queues))
        written = 0
        left = (
            number
            for number in turns
            if number is not None and self._chart.terms[number].casefold() not in names
        )
        for number in islice(left, MAX_TRIED):
            written += self._term(number, TERM, 12, bold=False)
            if written == TERMS:
                break

    def _term(self, number: int, pixels: float, away: float, *, bold: bool) -> bool:
        term = drawable(self._chart.terms[number], LONGEST_TERM)
        if not term or number in self._named:
            return False
        style = Style(pixels, COLOURS[self._theme].ink, bold)
        if written := self._write_beside(term, self._dots[number], style, away):
            self._named.add(number)
        return written

    def _write_beside(self, text: str, point: Pixels, style: Style, away: float) -> bool:
        middles = point + SIDES * (away + self._size([text], style) / 2)
        return self._write([text], middles, SIDE_COSTS, style)

    def _write(self, lines: list[str], middles: Pixels, costs: Pixels, style: Style) -> bool:
        """Write a label at the free position with the lowest cost; return False if none is free."""
        middle = self._space.find(middles, self._size(lines, style), costs)
        if middle is None:
            return False
        ground = COLOURS[self._theme].ground
        x, y = middle.tolist()
        for at, line in enumerate(reversed(lines)):
            self._axes.text(
                x,
                y + style.pixels * LINE * (at - (len(lines) - 1) / 2),
                line,
                ha="center",
                va="center_baseline",
                color=style.colour,
                fontproperties=font(style.pixels, bold=style.bold),
                parse_math=False,
                zorder=12,
                path_effects=[withStroke(linewidth=6, foreground=ground, alpha=0.8)],
            )
        return True

    def _size(self, lines: list[str], style: Style) -> Pixels:
        width = max(self.width(line, style.pixels, bold=style.bold) for line in lines)
        return np.array([width + 2 * APART, len(lines) * style.pixels * LINE])

    def width(self, text: str, pixels: float, *, bold: bool) -> float:
        """Return the width of a line in pixels."""
        properties = font(pixels, bold=bold)
        measured = self._renderer.get_text_width_height_descent(text, properties, ismath=False)
        return float(measured[0])


def _wrap(name: str) -> list[str]:
    """Split a long name into two lines, at the space nearest to its middle."""
    spaces = [found.start() for found in re.finditer(" ", name)]
    if len(name) <= LONGEST_LINE or not spaces:
        return [name]
    cut = min(spaces, key=lambda at: abs(at - len(name) / 2))
    return [name[:cut], name[cut + 1 :]]
