"""Text in Slack's own markup: nothing that came from outside may be live in it."""

from __future__ import annotations

import html
from typing import Any

from index.text import clean, shorten

_FENCE = "```"
_LENGTHS = {"&": 5, "<": 4, ">": 4}  # of characters that are longer when escaped


def escape(text: str) -> str:
    """`text` so that Slack shows it as it is: no mention, channel or link can come of it.

    These three characters are all that Slack's markup needs escaped.
    """
    return html.escape(clean(text), quote=False)


def unescape(text: str) -> str:
    """What a person typed, from the text that Slack delivers."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def truncate(text: str, limit: int) -> str:
    """`text` escaped, in at most `limit` characters, cut after a whole word."""
    text = clean(text)
    room = limit
    while len(escaped := html.escape(shorten(text, room), quote=False)) > limit:
        room = min(room - 1, room * limit // len(escaped))
    return escaped


def chunk(text: str, limit: int) -> list[str]:
    """The whole of `text`, escaped, in pieces of at most `limit` characters (20 and up), cut
    between paragraphs, lines, sentences or words. Code that is cut stays code in both pieces."""
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
    """Where `text` is best cut so that it fits into `limit` characters when escaped."""
    used = 0
    for end, character in enumerate(text):
        used += _LENGTHS.get(character, 1)
        if used > limit:
            return _border(text, end)
    return len(text)


def _border(text: str, end: int) -> int:
    """The last border in the second half of the first `end` characters; `end` where there is
    none."""
    for border in ("\n\n", "\n", ". ", " "):
        at = text.rfind(border, end // 2, end)
        if at > 0:
            return at + len(border)
    return end


def markup(text: str) -> dict[str, Any]:
    """A text object of finished markup; `verbatim` keeps Slack from making links and mentions of
    what it contains."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str, limit: int = 3_000) -> dict[str, Any]:
    """A text object that Slack shows as it is."""
    return {"type": "plain_text", "text": shorten(clean(text), limit) or "…", "emoji": False}
