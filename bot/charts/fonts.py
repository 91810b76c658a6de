"""Load the map's fonts, and remove the characters that they lack from texts."""

import unicodedata
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.font_manager import FontProperties, get_font

from index.text import one_line, shorten

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
PLAIN, BOLD = FONTS / "DejaVuSans.ttf", FONTS / "DejaVuSans-Bold.ttf"
LONGEST = 200  # characters of a text that are considered
LACKING = "�"


def drawable(text: str, limit: int) -> str:
    """Return a text as one line of up to `limit` characters, without characters the fonts lack.

    Returns an empty string if the fonts lack more than half of the letters, since the rest would
    mislead.
    """
    text = unicodedata.normalize("NFC", one_line(text)[:LONGEST])
    known = _known()
    shown = [sign for sign in text if ord(sign) in known and sign != LACKING]
    letters = sum(sign.isalnum() for sign in text)
    if 2 * sum(sign.isalnum() for sign in shown) < letters:
        return ""
    return shorten(" ".join("".join(shown).split()), limit)


def font(pixels: float, *, bold: bool) -> FontProperties:
    """Return the font at a size in pixels, for a picture of 72 dpi."""
    return FontProperties(fname=BOLD if bold else PLAIN, size=pixels)


@cache
def _known() -> frozenset[int]:
    plain, bold = (get_font(str(file)).get_charmap() for file in (PLAIN, BOLD))
    return frozenset(plain) & frozenset(bold)
