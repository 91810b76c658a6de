"""The map as a PNG picture, drawn with matplotlib.

It is `WIDTH` pixels wide. Chats show it at a quarter of that, so the names of neighbourhoods are
large; terms become readable when the picture is opened.
"""

import io
import threading
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bot.charts.fonts import drawable, font
from bot.charts.label_placement import Box
from bot.charts.labels import LONGEST_TEXT, Label, Labels, title_of
from bot.charts.palette import COLOURS, LAND, Colours, marker_styles
from index.map.density import EMPTY_DENSITY, Frame, density, kernel_width, typical_density
from index.search.explore.explorations import TextPosition, Theme
from index.search.explore.map import Chart

WIDTH, HEIGHT = 1600, 1000  # pixels
DOTS_AN_INCH = 72  # so that font sizes are in pixels
MAP = Box(0, 62, WIDTH, 912)  # area of the density background
INSIDE = Box(80, 132, WIDTH - 80, 846)  # area of the entries
LABELLED = Box(16, 70, WIDTH - 16, 904)  # area of the labels
COLUMNS, ROWS = 200, 106  # cells of the density background
LEAST_SPAN = 0.12  # smallest frame, as a share of the map
TITLE, SMALL = 40, 25  # pixels
EDGE = 34  # pixels from the edge to the title
MANY_ENTRIES = 1_000  # with more entries, dots have no rim
CAPTION = "A flat map distorts distances. Lines join nearest neighbours in all {:,} dimensions."

_DRAW_LOCK = threading.Lock()  # matplotlib is not thread-safe


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A map as a PNG file, with its labels and the boxes of the marked texts. No boxes overlap."""

    png: bytes
    labels: tuple[Label, ...]
    marks: tuple[Box, ...]


def draw(chart: Chart, theme: Theme) -> Picture:
    """Draw a map."""
    with _DRAW_LOCK:
        return _Drawing(chart, theme).picture()


class _Drawing:
    def __init__(self, chart: Chart, theme: Theme) -> None:
        self._chart = chart
        self._theme: Theme = theme
        self._colours: Colours = COLOURS[theme]
        size = (WIDTH / DOTS_AN_INCH, HEIGHT / DOTS_AN_INCH)
        self._figure = Figure(figsize=size, dpi=DOTS_AN_INCH)
        FigureCanvasAgg(self._figure)
        self._axes = self._blank()
        self._kinds = marker_styles(chart)
        self._frame = _frame(chart)
        self._dots = self._pixels(chart.positions)
        self._marks: list[Box] = []
        self._labels = Labels(chart, theme, self._axes, self._dots, LABELLED)
        self._hidden = np.setdiff1d(np.arange(len(chart.ids)), chart.shown)
        self._number_of = {entry_id: at for at, entry_id in enumerate(chart.ids)}

    def picture(self) -> Picture:
        self._ground()
        self._links()
        self._entries()
        self._places()
        self._labels.names(self._kinds)
        self._labels.terms()
        self._frame_texts()
        png = io.BytesIO()
        self._figure.savefig(png, format="png", dpi=DOTS_AN_INCH, metadata={"Software": None})
        # Break matplotlib's reference cycles to free the memory at once.
        self._figure.clear()
        self._figure.set_canvas(None)  # type: ignore[arg-type]
        return Picture(png.getvalue(), tuple(self._labels.written), tuple(self._marks))

    def _blank(self) -> Axes:
        axes = self._figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(0, HEIGHT)
        axes.set_axis_off()
        self._figure.set_facecolor(self._colours.ground)
        return axes

    def _pixels(self, positions: NDArray[np.float32]) -> NDArray[np.float32]:
        frame = self._frame
        across = (positions[:, 0] - frame.left) / (frame.right - frame.left)
        up = (positions[:, 1] - frame.bottom) / (frame.top - frame.bottom)
        x = INSIDE.left + across * (INSIDE.right - INSIDE.left)
        y = INSIDE.bottom + up * (INSIDE.top - INSIDE.bottom)
        return np.stack([x, y], axis=1).astype(np.float32)

    def _whole_frame(self) -> Frame:
        frame = self._frame
        across = (frame.right - frame.left) / (INSIDE.right - INSIDE.left)
        up = (frame.top - frame.bottom) / (INSIDE.top - INSIDE.bottom)
        return Frame(
            frame.left + (MAP.left - INSIDE.left) * across,
            frame.left + (MAP.right - INSIDE.left) * across,
            frame.bottom + (MAP.bottom - INSIDE.bottom) * up,
            frame.bottom + (MAP.top - INSIDE.bottom) * up,
        )

    def _ground(self) -> None:
        chart, frame = self._chart, self._whole_frame()
        span = max(frame.right - frame.left, frame.top - frame.bottom)
        bell = kernel_width(len(chart.positions)) * min(1.0, 0.4 + 0.6 * span)
        total = density(chart.positions, frame, ROWS, COLUMNS, bell)
        full = typical_density(total, chart.positions, frame)
        colour, weight = np.zeros((ROWS, COLUMNS, 3)), np.zeros((ROWS, COLUMNS))
        kinds = [
            (own, self._kinds[number].shade(self._theme))
            for number, own in chart.entries_by_region()
        ]
        for own, kind in [*kinds, (self._hidden, self._colours.faint)]:
            part = density(chart.positions[own], frame, ROWS, COLUMNS, bell).clip(1e-6) ** 1.5
            colour += part[..., np.newaxis] * np.array(to_rgb(kind))
            weight += part
        least = np.sqrt(EMPTY_DENSITY) / 2
        strength = ((np.sqrt(np.clip(total / full, 0, 1)) - least) / (1 - least)).clip(0)
        strength *= LAND * _fading()
        ground = np.array(to_rgb(self._colours.ground))
        land = (colour / weight[..., np.newaxis] - ground) * strength[..., np.newaxis]
        tint = np.round(255 * (ground + land)).astype(np.uint8)
        extent = (MAP.left, MAP.right, MAP.bottom, MAP.top)
        self._axes.imshow(
            tint, origin="lower", extent=extent, interpolation="bilinear", aspect="auto"
        )
        x = MAP.left + (np.arange(COLUMNS) + 0.5) / COLUMNS * (MAP.right - MAP.left)
        y = MAP.bottom + (np.arange(ROWS) + 0.5) / ROWS * (MAP.top - MAP.bottom)
        levels = sorted({full * level for level in (EMPTY_DENSITY, 0.35, 0.7)})
        if total.max() > levels[0]:
            self._axes.contour(
                x, y, total, levels=levels, colors=self._colours.faint, linewidths=0.9, alpha=0.55
            )

    def _links(self) -> None:
        lines = self._dots[self._chart.links]
        if self._chart.places or not len(lines):
            return
        alpha = float(np.clip(60 / np.sqrt(len(lines)) / 10, 0.06, 0.45))
        self._axes.add_collection(
            LineCollection(list(lines), colors=self._colours.quiet, linewidths=1.1, alpha=alpha)
        )

    def _entries(self) -> None:
        chart = self._chart
        size = float(np.clip(9 * (200 / max(1, len(chart.shown))) ** 0.3, 4.2, 14)) ** 2
        x, y = self._dots[self._hidden].T
        inside = (y > MAP.bottom + 8) & (y < MAP.top - 8)
        self._axes.scatter(
            x[inside], y[inside], s=size / 3, c=self._colours.faint, linewidths=0, alpha=0.7
        )
        for number, own in chart.entries_by_region():
            kind = self._kinds[number]
            x, y = self._dots[own].T
            self._axes.scatter(
                x,
                y,
                s=size * (0.7 + 0.9 * chart.centrality[own]),
                c=kind.shade(self._theme),
                marker=kind.marker,
                linewidths=0.8 if len(chart.shown) <= MANY_ENTRIES else 0,
                edgecolors=self._colours.ground,
                alpha=1 if len(chart.shown) <= MANY_ENTRIES else 0.75,
                zorder=3,
            )

    def _places(self) -> None:
        points = self._pixels(
            np.array([(here.x, here.y) for here in self._chart.places]).reshape(-1, 2)
        )
        for x, y in points.tolist():
            box = Box(x - 21, y - 21, x + 21, y + 21)
            self._marks.append(box)
            self._labels.room.take(box)
        for here, (x, y) in zip(self._chart.places, points.tolist(), strict=True):
            label = drawable(here.text, LONGEST_TEXT) or "your text"
            self._mark(x, y, label if len(points) > 1 else "you are here")
        for here, (x, y) in zip(self._chart.places, points.tolist(), strict=True):
            self._near(here, x, y)

    def _mark(self, x: float, y: float, text: str) -> None:
        colour = self._colours.here
        for radius, fill, line in ((30, colour, "none"), (17, self._colours.ground, colour)):
            self._axes.scatter(
                [x],
                [y],
                s=(2 * radius) ** 2 * 0.8,
                c=fill,
                edgecolors=line,
                linewidths=5,
                alpha=0.25 if line == "none" else 1,
                zorder=8,
            )
        self._axes.scatter([x], [y], s=150, c=colour, linewidths=0, zorder=9)
        self._labels.mark(x, y, text)

    def _near(self, here: TextPosition, x: float, y: float) -> None:
        numbers = [self._number_of[item.id] for item in here.nearest]
        ends = self._dots[np.array(numbers, dtype=np.int64)]
        self._axes.add_collection(
            LineCollection(
                [[(x, y), tuple(end)] for end in ends],
                colors=self._colours.here,
                linewidths=[
                    1.2 + 4 * max(0.0, item.similarity or 0.0) ** 1.5 for item in here.nearest
                ],
                linestyles="dashed" if here.sparse else "solid",
                alpha=0.75,
                zorder=5,
            )
        )
        self._axes.scatter(
            ends[:, 0],
            ends[:, 1],
            s=190,
            facecolors="none",
            edgecolors=self._colours.here,
            linewidths=2.2,
            zorder=6,
        )
        self._labels.near(numbers)

    def _frame_texts(self) -> None:
        chart, colours = self._chart, self._colours
        for longest in range(60, 10, -2):
            title = title_of(chart, longest)
            if self._labels.width(title, TITLE, bold=True) < WIDTH - 2 * EDGE:
                break
        caption, model = CAPTION.format(chart.dimensions), drawable(chart.model, 24)
        texts = (
            (EDGE, 940, title, "left", TITLE, colours.ink, True),
            (EDGE, 22, caption, "left", SMALL, colours.quiet, False),
            (WIDTH - EDGE, 22, model, "right", SMALL, colours.quiet, False),
        )
        for x, y, text, side, pixels, colour, bold in texts:
            self._axes.text(
                x,
                y,
                text,
                ha=side,
                va="baseline",
                color=colour,
                fontproperties=font(pixels, bold=bold),
                parse_math=False,
                zorder=12,
            )


def _frame(chart: Chart) -> Frame:
    points = np.concatenate(
        [
            chart.positions[chart.shown],
            np.array([(here.x, here.y) for here in chart.places], np.float32).reshape(-1, 2),
        ]
    )
    (left, bottom), (right, top) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    wide, high = max(0.0, LEAST_SPAN - right + left) / 2, max(0.0, LEAST_SPAN - top + bottom) / 2
    return Frame(left - wide, right + wide, bottom - high, top + high)


def _fading() -> NDArray[np.float64]:
    """Return the opacity of the density background per cell (`float64[ROWS, COLUMNS]`, 0…1), which
    decreases towards the edges."""
    rows, columns = np.arange(ROWS) + 0.5, np.arange(COLUMNS) + 0.5
    up = np.clip(np.minimum(rows, ROWS - rows) / (0.07 * ROWS), 0, 1)
    across = np.clip(np.minimum(columns, COLUMNS - columns) / (0.03 * COLUMNS), 0, 1)
    return np.outer(up, across)
