"""What can be written in a picture: text measured in pixels, without what the font lacks."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.font_manager import FontProperties, get_font

from index.text import one_line, shorten

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
PLAIN, BOLD = FONTS / "DejaVuSans.ttf", FONTS / "DejaVuSans-Bold.ttf"
ASCENT, DESCENT = 0.928, 0.236  # of the font's size: what its letters need above and below the line
LONGEST = 200  # characters that are looked at
LACKING = "�"


def drawable(text: str, limit: int) -> str:
    """A text in one line of up to `limit` characters, all of which the font has.

    Empty where the font lacks more than half of its letters: what is left would mislead.
    """
    text = unicodedata.normalize("NFC", one_line(text)[:LONGEST])
    known = _known()
    shown = [sign for sign in text if ord(sign) in known and sign != LACKING]
    letters = sum(sign.isalnum() for sign in text)
    if 2 * sum(sign.isalnum() for sign in shown) < letters:
        return ""
    return shorten(" ".join("".join(shown).split()), limit)


def font(pixels: float, *, bold: bool = False) -> FontProperties:
    """The font in a size in pixels, in a picture of 72 dots an inch."""
    return FontProperties(fname=BOLD if bold else PLAIN, size=pixels)


def width_of(renderer: Any, text: str, pixels: float, *, bold: bool = False) -> float:
    """The width of a line of text in pixels."""
    properties = font(pixels, bold=bold)
    return float(renderer.get_text_width_height_descent(text, properties, ismath=False)[0])


@cache
def _known() -> frozenset[int]:
    """The characters that the font has in both weights."""
    plain, bold = (get_font(str(file)).get_charmap() for file in (PLAIN, BOLD))
    return frozenset(plain) & frozenset(bold)
