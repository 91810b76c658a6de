"""The colours of a map, in light and dark. Colours of neighbourhoods are told apart by people who
are colour-blind.

They are Paul Tol's schemes "muted" and "light" ("Colour Schemes", SRON/EPS/TN/09-002).
"""

from __future__ import annotations

from dataclasses import dataclass

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


def kind_of(number: int, theme: Theme) -> tuple[str, str]:
    """The colour and the shape of the entries of a neighbourhood, by its number."""
    kinds = COLOURS[theme].kinds
    return kinds[number % len(kinds)], MARKERS[number // len(kinds) % len(MARKERS)]


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
