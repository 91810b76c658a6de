"""A map as a picture, drawn with matplotlib.

The picture is `WIDTH` pixels wide. A chat shows it at a quarter of that, so names of
neighbourhoods are large; terms are read once the picture is opened.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, product, zip_longest

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from bot.drawing.boxes import Box, Room
from bot.drawing.colours import COLOURS, Colours, kinds_of, readable, rgb
from bot.drawing.letters import ASCENT, DESCENT, drawable, font, width_of
from index.space.latent.ground import PALE, Frame, crowded, density, reach
from index.space.latent.results import Chart, Here, Theme

WIDTH, HEIGHT = 1600, 1000  # pixels
DOTS_AN_INCH = 72  # so that sizes of text are in pixels
MAP = Box(0, 62, WIDTH, 912)  # what the ground fills
INSIDE = Box(80, 132, WIDTH - 80, 846)  # what the frame of the entries fills
LABELLED = Box(16, 70, WIDTH - 16, 904)  # what labels stand in
COLUMNS, ROWS = 200, 106  # cells of the ground
LEAST_SPAN = 0.12  # of the map, that a frame spans
TITLE, SMALL = 40, 25  # pixels
EDGE = 34  # pixels from the edge to the title
NAME_SIZES = (46, 40, 34)  # pixels of neighbourhoods' names
SMALLER = 9  # pixels nearer to the heart for which a name is written one pixel smaller
LEADING = 1.06  # of a name's size, from line to line
TERM, NEAR, MARK = 22, 26, 32  # terms of entries, of those near a text, and the text's own label
CROWD = 1_000  # entries, of which the dots have no rim
NAMES, TERMS = 14, 44  # that are written at most
TRIED = 180  # terms for which room is looked for
LONGEST_NAME, LONGEST_LINE, LONGEST_TERM, LONGEST_TEXT = 36, 20, 30, 34  # characters
FAR = 230  # pixels that a name may stand from the heart of its neighbourhood
APART = 4  # pixels between labels
CAPTION = "A flat map distorts distances. Lines join what is truly nearest, in all {:,} dimensions."

_ONE_AT_A_TIME = threading.Lock()  # matplotlib makes no promise to threads


@dataclass(frozen=True, slots=True)
class Label:
    """What is written on a map, and the box that it fills."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A map as the bytes of a PNG file, and what is written on it: no two boxes meet. `marks` are
    the boxes of the places of texts."""

    png: bytes
    labels: tuple[Label, ...]
    marks: tuple[Box, ...]


def draw(chart: Chart, theme: Theme) -> Picture:
    """The picture of a map."""
    with _ONE_AT_A_TIME:
        drawing = _Drawing(chart, theme)
        try:
            return drawing.picture()
        finally:
            drawing.clear()


def title_of(chart: Chart, longest: int = LONGEST_TEXT) -> str:
    """What the map is of, in one line; of texts up to `longest` characters are quoted."""
    count = len(chart.shown)
    entries = "1 entry" if count == 1 else f"{count:,} entries"
    texts = [f"“{drawable(here.text, longest) or 'Your text'}”" for here in chart.places]
    if len(texts) > 1:
        return f"{', '.join(texts[:-1])} and {texts[-1]} on the map"
    if texts:
        here = chart.places[0]
        name = drawable(here.neighbourhood, LONGEST_NAME) or "a neighbourhood without a name"
        return f"{texts[0]} {'stands on empty ground' if here.sparse else f'is in {name}'}"
    if chart.within:
        return f"{drawable(chart.within, LONGEST_NAME) or 'A part'}: {entries}"
    parts = len(chart.regions)
    return f"{entries} in {'one neighbourhood' if parts == 1 else f'{parts} neighbourhoods'}"


class _Drawing:
    """One map while it is drawn."""

    def __init__(self, chart: Chart, theme: Theme) -> None:
        self._chart = chart
        self._theme: Theme = theme
        self._colours: Colours = COLOURS[theme]
        self._figure = Figure(figsize=(WIDTH / DOTS_AN_INCH, HEIGHT / DOTS_AN_INCH))
        self._figure.set_dpi(DOTS_AN_INCH)
        FigureCanvasAgg(self._figure)
        self._renderer = RendererAgg(WIDTH, HEIGHT, DOTS_AN_INCH)  # type: ignore[no-untyped-call]
        self._axes = self._blank()
        self._kinds = kinds_of(chart)
        self._frame = _frame(chart)
        self._dots = self._pixels(chart.positions)
        self._room = Room(LABELLED, self._dots[chart.shown])
        self._marks: list[Box] = []
        self._labels: list[Label] = []
        self._hidden = np.setdiff1d(np.arange(len(chart.ids)), chart.shown)
        self._number_of = {entry_id: at for at, entry_id in enumerate(chart.ids)}

    def picture(self) -> Picture:
        self._ground()
        self._links()
        self._entries()
        self._places()
        self._names()
        self._terms()
        self._frame_texts()
        png = io.BytesIO()
        self._figure.savefig(png, format="png", dpi=DOTS_AN_INCH, metadata={"Software": None})
        return Picture(png.getvalue(), tuple(self._labels), tuple(self._marks))

    def clear(self) -> None:
        """Lets go of the picture: what matplotlib makes refers to itself, and would stay until
        Python looks for garbage, which a service seldom does."""
        self._figure.clear()
        self._figure.set_canvas(None)  # type: ignore[arg-type]

    def _blank(self) -> Axes:
        axes = self._figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(0, HEIGHT)
        axes.set_axis_off()
        self._figure.set_facecolor(self._colours.ground)
        return axes

    def _regions(self) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Each neighbourhood by its number with its shown entries, the largest first."""
        shown = self._chart.shown
        for number in self._chart.regions:
            yield number, shown[self._chart.neighbourhood_of[shown] == number]

    def _pixels(self, positions: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where places on the map (`float32[n, 2]`, shares) are in the picture."""
        frame = self._frame
        across = (positions[:, 0] - frame.left) / (frame.right - frame.left)
        up = (positions[:, 1] - frame.bottom) / (frame.top - frame.bottom)
        x = INSIDE.left + across * (INSIDE.right - INSIDE.left)
        y = INSIDE.bottom + up * (INSIDE.top - INSIDE.bottom)
        return np.stack([x, y], axis=1).astype(np.float32)

    def _whole_frame(self) -> Frame:
        """The part of the map that fills `MAP`."""
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
        """Populated ground in the colours of its neighbourhoods; empty ground stays pale."""
        chart, frame = self._chart, self._whole_frame()
        span = max(frame.right - frame.left, frame.top - frame.bottom)
        bell = reach(len(chart.positions)) * min(1.0, 0.4 + 0.6 * span)
        total = density(chart.positions, frame, ROWS, COLUMNS, bell)
        full = crowded(total, chart.positions, frame)
        colour, weight = np.zeros((ROWS, COLUMNS, 3)), np.zeros((ROWS, COLUMNS))
        kinds = [(own, self._kinds[number].shade(self._theme)) for number, own in self._regions()]
        for own, kind in [*kinds, (self._hidden, self._colours.faint)]:
            part = density(chart.positions[own], frame, ROWS, COLUMNS, bell).clip(1e-6) ** 1.5
            colour += part[..., np.newaxis] * np.array(rgb(kind))
            weight += part
        least = np.sqrt(PALE) / 2
        strength = ((np.sqrt(np.clip(total / full, 0, 1)) - least) / (1 - least)).clip(0)
        strength *= self._colours.land * _fading()
        ground = np.array(rgb(self._colours.ground))
        land = colour / weight[..., np.newaxis] - ground
        tint = np.round(255 * (ground + land * strength[..., np.newaxis])).astype(np.uint8)
        extent = (MAP.left, MAP.right, MAP.bottom, MAP.top)
        self._axes.imshow(
            tint, origin="lower", extent=extent, interpolation="bilinear", aspect="auto"
        )
        x = MAP.left + (np.arange(COLUMNS) + 0.5) / COLUMNS * (MAP.right - MAP.left)
        y = MAP.bottom + (np.arange(ROWS) + 0.5) / ROWS * (MAP.top - MAP.bottom)
        levels = sorted({full * level for level in (PALE, 0.35, 0.7)})
        if total.max() > levels[0]:
            self._axes.contour(
                x, y, total, levels=levels, colors=self._colours.faint, linewidths=0.9, alpha=0.55
            )

    def _links(self) -> None:
        """Light lines between entries and those truly nearest to them, where no text is."""
        if self._chart.places or not len(self._chart.links):
            return
        lines = self._dots[self._chart.links]
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
        for number, own in self._regions():
            kind = self._kinds[number]
            x, y = self._dots[own].T
            self._axes.scatter(
                x,
                y,
                s=size * (0.7 + 0.9 * chart.centrality[own]),
                c=kind.shade(self._theme),
                marker=kind.marker,
                linewidths=0.8 if len(chart.shown) <= CROWD else 0,
                edgecolors=self._colours.ground,
                alpha=1 if len(chart.shown) <= CROWD else 0.75,
                zorder=3,
            )

    def _places(self) -> None:
        """Where the texts are: a mark, a label, and lines to the entries truly nearest."""
        points = self._pixels(
            np.array([(here.x, here.y) for here in self._chart.places]).reshape(-1, 2)
        )
        for x, y in points.tolist():
            box = Box(x - 21, y - 21, x + 21, y + 21)
            self._marks.append(box)
            self._room.take(box)
        several = len(points) > 1
        for here, (x, y) in zip(self._chart.places, points.tolist(), strict=True):
            told = drawable(here.text, LONGEST_TEXT) or "your text"
            self._mark(x, y, told if several else "you are here")
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
        self._write_beside(text, x, y, MARK, colour, bold=True, away=28, dot=0.4)

    def _near(self, here: Here, x: float, y: float) -> None:
        """The lines from a text, and the terms at their ends."""
        numbers = [self._number_of[item.id] for item in here.nearest]
        ends = self._dots[numbers] if numbers else np.zeros((0, 2), np.float32)
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
        if len(ends):
            self._axes.scatter(
                ends[:, 0],
                ends[:, 1],
                s=190,
                facecolors="none",
                edgecolors=self._colours.here,
                linewidths=2.2,
                zorder=6,
            )
        for number in dict.fromkeys(numbers):
            self._term(number, NEAR, bold=True)

    def _names(self) -> None:
        """The names of neighbourhoods, as near to the heart of each as there is room."""
        chart = self._chart
        for number, own in list(self._regions())[:NAMES]:
            name = drawable(chart.regions[number].name, LONGEST_NAME)
            if not name:
                continue
            heart = self._heart(own)
            colour = readable(self._kinds[number].shade(self._theme), self._theme)
            lines = _broken(name)
            found: list[tuple[float, int, Box]] = []
            for pixels in NAME_SIZES:
                width = max(self._width(line, pixels, bold=True) for line in lines)
                height = pixels * (LEADING * (len(lines) - 1) + ASCENT + DESCENT)
                boxes = _around(heart, width + 2 * APART, height + APART)
                best = self._room.best(boxes, self._dot(25))
                if best is not None:
                    smaller = SMALLER * (NAME_SIZES[0] - pixels)
                    found.append((best[0] + smaller, pixels, best[1]))
            if found:
                _, pixels, box = min(found, key=lambda one: one[0])
                self._write(lines, box, pixels, colour, bold=True, halo=7, alpha=0.92)

    def _dot(self, few: float) -> float:
        """What a label pays for each dot that it covers, which is `few` on a map of few."""
        return few * min(1.0, 80 / max(1, len(self._chart.shown)))

    def _heart(self, own: NDArray[np.int64]) -> tuple[float, float]:
        """Where the entries of a neighbourhood stand closest, in pixels."""
        points = self._dots[own].astype(np.float64)
        if len(points) > 400:
            points = points[:: len(points) // 400]
        apart = ((points[:, np.newaxis] - points[np.newaxis]) ** 2).sum(axis=2)
        x, y = points[np.exp(-apart / (2 * 110.0**2)).sum(axis=1).argmax()]
        return float(x), float(y)

    def _terms(self) -> None:
        """The terms of the most central entries, of each neighbourhood in turn."""
        chart = self._chart
        queues = [
            own[np.argsort(-chart.centrality[own], kind="stable")].tolist()
            for _, own in self._regions()
        ]
        turns = chain.from_iterable(zip_longest(*queues))
        numbers = islice((number for number in turns if number is not None), TRIED)
        written = 0
        for number in numbers:
            written += self._term(number, TERM)
            if written == TERMS:
                break

    def _term(self, number: int, pixels: float, *, bold: bool = False) -> bool:
        """Writes an entry's term beside its dot, a bold one farther off where need be; returns
        whether there was room."""
        x, y = self._dots[number].tolist()
        term = drawable(self._chart.terms[number], LONGEST_TERM)
        if not term or any(
            label.text == term and _beside(label.box, x, y) for label in self._labels
        ):
            return False
        ink, dot = self._colours.ink, self._dot(2)
        steps = (12, 34, 56) if bold else (12,)
        return any(
            self._write_beside(term, x, y, pixels, ink, bold=bold, away=away, dot=dot)
            for away in steps
        )

    def _write_beside(
        self,
        text: str,
        x: float,
        y: float,
        pixels: float,
        colour: str,
        *,
        bold: bool,
        away: float,
        dot: float,
    ) -> bool:
        """Writes a line beside a point, on the side where it covers least."""
        width = self._width(text, pixels, bold=bold) + 2 * APART
        height = pixels * (ASCENT + DESCENT)
        best = self._room.best(_sides(x, y, width, height, away), dot)
        if best is None:
            return False
        self._write([text], best[1], pixels, colour, bold=bold, halo=5, alpha=1)
        return True

    def _write(
        self,
        lines: list[str],
        box: Box,
        pixels: float,
        colour: str,
        *,
        bold: bool,
        halo: float,
        alpha: float,
    ) -> None:
        """Writes lines centred in a box, which is taken by them."""
        self._room.take(box)
        self._labels.append(Label(" ".join(lines), box))
        for at, line in enumerate(reversed(lines)):
            self._axes.text(
                (box.left + box.right) / 2,
                box.bottom + pixels * (DESCENT + LEADING * at),
                line,
                ha="center",
                va="baseline",
                color=colour,
                alpha=alpha,
                fontproperties=font(pixels, bold=bold),
                parse_math=False,
                zorder=12,
                path_effects=[
                    withStroke(linewidth=halo, foreground=self._colours.ground, alpha=0.8)
                ],
            )

    def _frame_texts(self) -> None:
        """The title above the map, and below it what the lines are."""
        chart, colours = self._chart, self._colours
        for longest in range(60, 10, -2):
            title = title_of(chart, longest)
            if self._width(title, TITLE, bold=True) < WIDTH - 2 * EDGE:
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

    def _width(self, text: str, pixels: float, *, bold: bool = False) -> float:
        return width_of(self._renderer, text, pixels, bold=bold)


def _frame(chart: Chart) -> Frame:
    """The part of the map that has all that is shown."""
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
    """How strong the ground is in each of its cells, 0…1 (`float64[ROWS, COLUMNS]`): it fades
    towards the edges of the map."""
    rows, columns = np.arange(ROWS) + 0.5, np.arange(COLUMNS) + 0.5
    up = np.clip(np.minimum(rows, ROWS - rows) / (0.07 * ROWS), 0, 1)
    across = np.clip(np.minimum(columns, COLUMNS - columns) / (0.03 * COLUMNS), 0, 1)
    return np.outer(up, across)


def _sides(
    x: float, y: float, width: float, height: float, away: float
) -> Iterator[tuple[float, Box]]:
    """Boxes beside a point, each with what it costs: to the right is best."""
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


def _around(heart: tuple[float, float], width: float, height: float) -> Iterator[tuple[float, Box]]:
    """Boxes round a point, each with what it costs: the farther the dearer."""
    x, y = heart
    for across, up in product(range(-FAR, FAR + 1, 24), range(-FAR, FAR + 1, 16)):
        distance = (across**2 + up**2) ** 0.5
        if distance <= FAR:
            left, bottom = x + across - width / 2, y + up - height / 2
            yield distance, Box(left, bottom, left + width, bottom + height)


def _beside(box: Box, x: float, y: float) -> bool:
    return Box(x, y, x, y).wider(40).meets(box)


def _broken(name: str) -> list[str]:
    """A name in one line, or in two of about the same length where it is long."""
    if len(name) <= LONGEST_LINE or " " not in name:
        return [name]
    breaks = [at for at, sign in enumerate(name) if sign == " "]
    at = min(breaks, key=lambda at: abs(at - len(name) / 2))
    return [name[:at], name[at + 1 :]]
