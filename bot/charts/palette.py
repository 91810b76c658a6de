"""The light and dark colours of a map, distinguishable for colour-blind users.

They are based on Paul Tol's schemes "muted" and "light" ("Colour Schemes", SRON/EPS/TN/09-002).
"""

from dataclasses import dataclass

import numpy as np

from index.search.explore.explorations import Theme
from index.search.explore.map import Chart


@dataclass(frozen=True, slots=True)
class Colours:
    """A theme: `ground` is the background, `ink` the text, `quiet` the small print, `faint` the
    hidden entries, `here` the marks of texts. `kinds` are the colours of neighbourhoods, and
    `names` those of their names: the nearest shades with a contrast ratio of at least 4.5 to the
    ground (WCAG 2.2)."""

    ground: str
    ink: str
    quiet: str
    faint: str
    here: str
    kinds: tuple[str, ...]
    names: tuple[str, ...]


_LIGHT_KINDS = "#332288 #117733 #cc6677 #2f8fc4 #999933 #882255 #44aa99 #aa4499 #b8860b"
_LIGHT_NAMES = "#332288 #117733 #a95866 #2b79a4 #73742f #882255 #34726a #aa4499 #896712"
_DARK = "#77aadd #44bb99 #ee8866 #eedd88 #ffaabb #bbcc33 #99ddff #aaaa00 #dddddd"
COLOURS: dict[Theme, Colours] = {
    "light": Colours(
        ground="#fbfaf7",
        ink="#1b1f24",
        quiet="#565d66",
        faint="#b9bcc0",
        here="#d1001f",
        kinds=tuple(_LIGHT_KINDS.split()),
        names=tuple(_LIGHT_NAMES.split()),
    ),
    "dark": Colours(
        ground="#12161c",
        ink="#eceef1",
        quiet="#a9b1bb",
        faint="#4a525d",
        here="#ff5c5c",
        kinds=tuple(_DARK.split()),
        names=tuple(_DARK.split()),
    ),
}
LAND = 0.30  # strength of the tint where entries are dense, 0 to 1
MARKERS = "os^Dv"  # the marker shapes of the first, second … round of colours


@dataclass(frozen=True, slots=True)
class MarkerStyle:
    """The colour (an index into `Colours.kinds`) and marker shape of a neighbourhood's entries."""

    colour: int
    marker: str

    def shade(self, theme: Theme) -> str:
        """Return the colour in `theme` as `#rrggbb`."""
        return COLOURS[theme].kinds[self.colour]

    def name_shade(self, theme: Theme) -> str:
        """Return the colour of the neighbourhood's name, with a readable contrast."""
        return COLOURS[theme].names[self.colour]


def marker_styles(chart: Chart) -> list[MarkerStyle]:
    """Return the style of each neighbourhood of the whole map, by number.

    If there are more neighbourhoods than colours, a colour is reused with another shape, as far
    from its other uses as possible.
    """
    count = int(chart.neighbourhood_of.max(initial=-1)) + 1
    colours = len(COLOURS["light"].kinds)
    members = [chart.positions[chart.neighbourhood_of == one] for one in range(count)]
    hearts = [own.sum(axis=0) / max(1, len(own)) for own in members]
    kinds: list[MarkerStyle] = []

    def apart(colour: int) -> float:
        """Return the distance from the next neighbourhood to the nearest one of that colour."""
        others = [
            heart for heart, kind in zip(hearts, kinds, strict=False) if kind.colour == colour
        ]
        return min((float(np.hypot(*(hearts[len(kinds)] - one))) for one in others), default=0.0)

    for number in range(count):
        rounds = number // colours
        taken = {kind.colour for kind in kinds[rounds * colours :]}
        colour = max((one for one in range(colours) if one not in taken), key=apart)
        kinds.append(MarkerStyle(colour, MARKERS[rounds % len(MARKERS)]))
    return kinds
