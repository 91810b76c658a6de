"""The map as a PNG picture, drawn with matplotlib.

It is `WIDTH` pixels wide. Chats show it at a quarter of that, so the names of neighbourhoods are
large, and no text is smaller than 36 pixels.
"""

import io
import threading

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bot.charts.fonts import drawable, font
from bot.charts.labels import LONGEST_TEXT, FreeSpace, Labels, Pixels
from bot.charts.palette import COLOURS, LAND, Colours, marker_styles
from index.map.density import EMPTY_DENSITY, Frame, density, kernel_width, typical_density
from index.search.explore.explorations import TextPosition, Theme
from index.search.explore.map import Chart

WIDTH, HEIGHT = 1600, 1000  # pixels
DOTS_AN_INCH = 72  # so that font sizes are in pixels
INSIDE = (0.9, 0.72)  # area of the entries, as shares of the width and height
LABELLED = ((16, 80), (WIDTH - 16, 904))  # corners of the area of the labels
COLUMNS, ROWS = 200, 125  # cells of the density background
LEAST_SPAN = 0.12  # smallest frame, as a share of the map
TITLE, SMALL = 48, 36  # pixels
EDGE = 34  # pixels from the edge to the title
LONGEST_TITLE = 110  # characters
MANY_ENTRIES = 1_000  # with more entries, dots have no rim
MARK_SIZE = np.array([42, 42])  # pixels
CAPTION = "A flat map distorts distances. Lines join nearest neighbours."

_DRAW_LOCK = threading.Lock()  # matplotlib is not thread-safe


def draw(chart: Chart, theme: Theme, title: str) -> bytes:
    """Draw a map and return the PNG file."""
    with _DRAW_LOCK:
        return _Drawing(chart, theme).png(title)


class _Drawing:
    def __init__(self, chart: Chart, theme: Theme) -> None:
        self._chart = chart
        self._theme: Theme = theme
        self._colours: Colours = COLOURS[theme]
        size = (WIDTH / DOTS_AN_INCH, HEIGHT / DOTS_AN_INCH)
        self._figure = Figure(figsize=size, dpi=DOTS_AN_INCH)
        FigureCanvasAgg(self._figure)
        self._figure.set_facecolor(self._colours.ground)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(0, HEIGHT)
        self._axes.set_axis_off()
        self._kinds = marker_styles(chart)
        self._places = np.array([(here.x, here.y) for here in chart.places]).reshape(-1, 2)
        self._frame = self._whole_frame()
        self._dots = self._pixels(chart.positions)
        self._space = FreeSpace(LABELLED, self._dots[chart.shown])
        self._labels = Labels(chart, theme, self._axes, self._dots, self._space)
        self._hidden = np.setdiff1d(np.arange(len(chart.ids)), chart.shown)
        self._number_of = {entry_id: at for at, entry_id in enumerate(chart.ids)}

    def png(self, title: str) -> bytes:
        self._ground()
        self._links()
        self._entries()
        self._texts()
        self._labels.names(self._kinds)
        self._labels.terms()
        self._frame_texts(title)
        png = io.BytesIO()
        self._figure.savefig(png, format="png", dpi=DOTS_AN_INCH, metadata={"Software": None})
        # Break matplotlib's reference cycles to free the memory at once.
        self._figure.clear()
        self._figure.set_canvas(None)  # type: ignore[arg-type] # frees the canvas
        return png.getvalue()

    def _whole_frame(self) -> Frame:
        """Return the section of the map to draw: the shown entries and the texts, with margins."""
        points = np.concatenate([self._chart.positions[self._chart.shown], self._places])
        low, high = points.min(axis=0), points.max(axis=0)
        half = np.maximum(high - low, LEAST_SPAN) / INSIDE / 2
        left, bottom = ((low + high) / 2 - half).tolist()
        right, top = ((low + high) / 2 + half).tolist()
        return Frame(left, right, bottom, top)

    def _pixels(self, positions: NDArray[np.floating]) -> Pixels:
        frame = self._frame
        low = np.array([frame.left, frame.bottom])
        size = np.array([frame.right, frame.top]) - low
        return np.asarray((positions - low) / size * (WIDTH, HEIGHT), dtype=np.float64)

    def _ground(self) -> None:
        chart, frame = self._chart, self._frame
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
        strength = ((np.sqrt(np.clip(total / full, 0, 1)) - least) / (1 - least)).clip(0) * LAND
        ground = np.array(to_rgb(self._colours.ground))
        land = (colour / weight[..., np.newaxis] - ground) * strength[..., np.newaxis]
        tint = np.round(255 * (ground + land)).astype(np.uint8)
        extent = (0, WIDTH, 0, HEIGHT)
        self._axes.imshow(
            tint, origin="lower", extent=extent, interpolation="bilinear", aspect="auto"
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
        self._axes.scatter(x, y, s=size / 3, c=self._colours.faint, linewidths=0, alpha=0.7)
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

    def _texts(self) -> None:
        points = self._pixels(self._places)
        for point in points:
            self._space.take(point, MARK_SIZE)
        for here, point in zip(self._chart.places, points, strict=True):
            label = drawable(here.text, LONGEST_TEXT) or "your text"
            self._mark(point, label if len(points) > 1 else "you are here")
        for here, point in zip(self._chart.places, points, strict=True):
            self._near(here, point)

    def _mark(self, point: Pixels, text: str) -> None:
        colours, (x, y) = self._colours, point
        self._axes.scatter(
            x, y, s=925, c=colours.ground, edgecolors=colours.here, linewidths=5, zorder=8
        )
        self._axes.scatter(x, y, s=150, c=colours.here, linewidths=0, zorder=9)
        self._labels.mark(point, text)

    def _near(self, here: TextPosition, point: Pixels) -> None:
        numbers = [self._number_of[item.id] for item in here.nearest]
        ends = self._dots[np.array(numbers, dtype=np.int64)]
        self._axes.add_collection(
            LineCollection(
                [(point, end) for end in ends],
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

    def _frame_texts(self, title: str) -> None:
        chart, colours = self._chart, self._colours
        # Quotes are empty if the font lacks the characters of a text.
        title = drawable(title, LONGEST_TITLE).replace('""', "Your text")
        fit = (WIDTH - 2 * EDGE) / self._labels.width(title, TITLE, bold=True)
        model = drawable(chart.model, 24)
        texts = (
            (EDGE, 940, title, "left", TITLE * min(1.0, fit), colours.ink, True),
            (EDGE, 22, CAPTION, "left", SMALL, colours.quiet, False),
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
