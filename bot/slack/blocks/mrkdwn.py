"""Escapes and truncates text for Slack, so that user text cannot contain active markup."""

import html
import textwrap
from collections.abc import Iterable
from typing import Any

from index.text import clean, shorten

_FENCE = "```"
LONGEST_ESCAPE = 5  # characters: &amp;


def escape(text: str) -> str:
    """Escape &, < and >, which is enough to prevent mentions and links."""
    return html.escape(clean(text), quote=False)


def unescape(text: str) -> str:
    """Reverse the escaping in text from Slack."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def truncate(text: str, limit: int) -> str:
    """Escape `text` and truncate it at a word boundary to at most `limit` characters."""
    text = clean(text)
    room = limit
    while len(escaped := html.escape(shorten(text, room), quote=False)) > limit:
        room = min(room - 1, room * limit // len(escaped))
    return escaped


def pack(parts: Iterable[str], limit: int, joint: str = "\n") -> list[str]:
    """Join successive parts into texts of at most `limit` characters. Longer parts stay whole."""
    texts: list[str] = []
    for part in parts:
        if texts and len(texts[-1]) + len(joint) + len(part) <= limit:
            texts[-1] += joint + part
        else:
            texts.append(part)
    return texts


def split(text: str, limit: int) -> list[str]:
    """Split a text at spaces into pieces of at most `limit` characters; keep every character."""
    kept: Any = dict.fromkeys(("expand_tabs", "replace_whitespace", "drop_whitespace"), False)
    return textwrap.wrap(text, limit, break_on_hyphens=False, **kept)


def chunk(text: str, limit: int) -> list[str]:
    """Escape `text` and split it into pieces of at most `limit` (>= 20) characters.

    A code block that spans several pieces is closed and opened again in each.
    """
    room = limit - 2 * len(f"{_FENCE}\n")
    parts: list[str] = []
    for line in clean(text).splitlines(keepends=True):
        fits = len(html.escape(line, quote=False)) <= room
        words = [line] if fits else split(line, room // LONGEST_ESCAPE)
        parts += (html.escape(word, quote=False) for word in words)
    pieces = [piece.strip("\n ") for piece in pack(parts, room, "")]
    found: list[str] = []
    in_code = False
    for at, piece in enumerate(pieces, start=1):
        opening = f"{_FENCE}\n" if in_code else ""
        in_code ^= piece.count(_FENCE) % 2 == 1
        if piece:
            closing = f"\n{_FENCE}" if in_code and at < len(pieces) else ""
            found.append(f"{opening}{piece}{closing}")
    return found


def markup(text: str) -> dict[str, Any]:
    """Build a text object from escaped markup; `verbatim` stops Slack from adding links."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str, limit: int = 3_000) -> dict[str, Any]:
    return {"type": "plain_text", "text": shorten(clean(text), limit) or "…", "emoji": False}
