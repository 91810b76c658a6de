"""Text in Slack's own markup: nothing that came from outside may be live in it."""

from __future__ import annotations

from typing import Any

from index.text import clean, shorten

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def escape(text: str) -> str:
    """`text` so that Slack shows it as it is: no mention, channel or link can come of it.

    These three characters are all that Slack's markup needs escaped.
    """
    return clean(text).translate(_ESCAPED)


def unescape(text: str) -> str:
    """What a person typed, from the text that Slack delivers."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def fitted(text: str, limit: int) -> str:
    """`text` escaped, in at most `limit` characters, cut after a whole word."""
    text = clean(text)
    room = limit
    while len(escaped := escape(shorten(text, room))) > limit:
        room = min(room - 1, room * limit // len(escaped))
    return escaped


def markup(text: str) -> dict[str, Any]:
    """A text object of finished markup; `verbatim` keeps Slack from making links and mentions of
    what it contains."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str, limit: int = 3_000) -> dict[str, Any]:
    """A text object that Slack shows as it is."""
    return {"type": "plain_text", "text": shorten(clean(text), limit) or "…", "emoji": False}
