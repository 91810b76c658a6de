"""The colours of a map, in light and dark. Colours of neighbourhoods are told apart by people who
are colour-blind.

They are Paul Tol's schemes "muted" and "light" ("Colour Schemes", SRON/EPS/TN/09-002).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.space.latent.map import Chart
from index.space.latent.results import Theme

Rgb = tuple[float, float, float]

READABLE = 4.5  # contrast of text with its background, by WCAG 2.2


@dataclass(frozen=True, slots=True)
class Colours:
    """`ground` is the colour of empty ground, `ink` of text, `quiet` of small print, `faint` of
    what is only hinted at, `here` of where a text is. `kinds` are those of neighbourhoods."""

    ground: str
    ink: str
    quiet: str
    faint: str
    here: str
    kinds: tuple[str, ...]
    land: float  # how strongly populated ground is tinted, 0…1


COLOURS: dict[Theme, Colours] = {
    "light": Colours(
        ground="#fbfaf7",
        ink="#1b1f24",
        quiet="#565d66",
        faint="#b9bcc0",
        here="#d1001f",
        kinds=(
            "#332288",
            "#117733",
            "#cc6677",
            "#2f8fc4",
            "#999933",
            "#882255",
            "#44aa99",
            "#aa4499",
            "#b8860b",
        ),
        land=0.30,
    ),
    "dark": Colours(
        ground="#12161c",
        ink="#eceef1",
        quiet="#a9b1bb",
        faint="#4a525d",
        here="#ff5c5c",
        kinds=(
            "#77aadd",
            "#44bb99",
            "#ee8866",
            "#eedd88",
            "#ffaabb",
            "#bbcc33",
            "#99ddff",
            "#aaaa00",
            "#dddddd",
        ),
        land=0.30,
    ),
}
MARKERS = "os^Dv"  # the shapes of the first, second … round of colours


@dataclass(frozen=True, slots=True)
class Kind:
    """What the entries of a neighbourhood look like: which of the colours, and which shape."""

    colour: int
    marker: str

    def shade(self, theme: Theme) -> str:
        """The colour as `#rrggbb`."""
        return COLOURS[theme].kinds[self.colour]


def kinds_of(chart: Chart) -> list[Kind]:
    """The kind of each neighbourhood of the whole map, by its number. Where there are more of
    them than colours, a colour comes again in another shape, as far from the first as can be."""
    count = int(chart.neighbourhood_of.max(initial=-1)) + 1
    sizes = np.maximum(1, np.bincount(chart.neighbourhood_of, minlength=count))
    hearts = np.stack(
        [
            np.bincount(chart.neighbourhood_of, column, minlength=count) / sizes
            for column in chart.positions.T
        ],
        axis=1,
    )
    colours = len(COLOURS["light"].kinds)
    holders: list[list[int]] = [[] for _ in range(colours)]
    kinds = []
    for number in range(count):
        rounds = number // colours
        free = [at for at in range(colours) if len(holders[at]) == rounds]
        apart = [
            min((float(np.hypot(*(hearts[number] - hearts[o]))) for o in holders[at]), default=0.0)
            for at in free
        ]
        colour = free[apart.index(max(apart))]
        holders[colour].append(number)
        kinds.append(Kind(colour, MARKERS[rounds % len(MARKERS)]))
    return kinds


def readable(colour: str, theme: Theme) -> str:
    """The nearest shade of a colour in which text can be read on the ground."""
    ground, ink = rgb(COLOURS[theme].ground), rgb(COLOURS[theme].ink)
    own = rgb(colour)
    for step in range(11):
        mixed = _mixed(own, ink, step / 10)
        if contrast(mixed, ground) >= READABLE:
            return "#" + "".join(f"{round(part * 255):02x}" for part in mixed)
    return COLOURS[theme].ink


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast of two colours, 1…21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def rgb(colour: str) -> Rgb:
    """Red, green and blue of `#rrggbb`, 0…1 each."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
