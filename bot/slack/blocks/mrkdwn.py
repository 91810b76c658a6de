"""Escapes and truncates text for Slack, so that user text cannot contain active markup."""

import html
from typing import Any

from index.text import clean, shorten

_FENCE = "```"
_LENGTHS = {"&": 5, "<": 4, ">": 4}  # escaped lengths


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


def chunk(text: str, limit: int) -> list[str]:
    """Escape `text` and split it into pieces of at most `limit` characters, itself at least 20."""
    rest = clean(text)
    found: list[str] = []
    in_code = False
    while rest:
        opening = f"{_FENCE}\n" if in_code else ""
        end = _cut(rest, limit - 2 * len(f"{_FENCE}\n"))
        piece, rest = rest[:end].rstrip(), rest[end:].lstrip("\n ")
        in_code ^= piece.count(_FENCE) % 2 == 1
        if piece:
            closing = f"\n{_FENCE}" if in_code and rest else ""
            found.append(f"{opening}{html.escape(piece, quote=False)}{closing}")
    return found


def _cut(text: str, limit: int) -> int:
    """Return how many characters of `text` fit into `limit` characters when escaped."""
    used = 0
    for end, character in enumerate(text):
        used += _LENGTHS.get(character, 1)
        if used > limit:
            return _border(text, end)
    return len(text)


def _border(text: str, end: int) -> int:
    for border in ("\n\n", "\n", ". ", " "):
        at = text.rfind(border, end // 2, end)
        if at > 0:
            return at + len(border)
    return end


def markup(text: str) -> dict[str, Any]:
    """Build a text object from escaped markup; `verbatim` stops Slack from adding links."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str, limit: int = 3_000) -> dict[str, Any]:
    return {"type": "plain_text", "text": shorten(clean(text), limit) or "…", "emoji": False}
