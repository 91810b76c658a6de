"""Convert typed text to the text and rich_text that Slack sends.

Slack escapes `&`, `<` and `>` and replaces names by references: `@ada` by `<@U…>`, `#general` by
`<#C…|general>`, `@here` by `<!here>`, a URL by `<https://…>`.
https://docs.slack.dev/messaging/formatting-message-text
"""

import re
import secrets
from collections.abc import Mapping

from tests.fake_slack.model import JSON

TOKEN = re.compile(
    r"<@(?P<id>[UW][A-Z0-9]+)>"
    r"|(?P<url>https?://[^\s<>|]+)"
    r"|(?<![\w@])@(?P<name>[\w.-]*\w)"
    r"|(?<![\w#])#(?P<channel>[\w-]+)"
)
EVERYBODY = ("here", "channel", "everyone")


def escape(text: str) -> str:
    """Escape `&`, `<` and `>`, as Slack does."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str, users: Mapping[str, str], channels: Mapping[str, str]) -> tuple[str, JSON]:
    """Return typed text in Slack's form: its `text`, and a rich_text block.

    `users` and `channels` map lower-case names to ids. A literal `<@U…>` with a known user id is a
    mention, as if picked from the list; other markup is escaped.
    """
    parts: list[str] = []
    elements: list[JSON] = []

    def plain(piece: str) -> None:
        if piece:
            parts.append(escape(piece))
            if elements and elements[-1]["type"] == "text":
                elements[-1]["text"] += piece
            else:
                elements.append({"type": "text", "text": piece})

    known_ids = set(users.values())
    position = 0
    for match in TOKEN.finditer(text):
        found = _reference(match, users, channels, known_ids)
        if found is None:
            continue
        plain(text[position : match.start()])
        parts.append(found[0])
        elements.append(found[1])
        position = match.end()
    plain(text[position:])
    section = {"type": "rich_text_section", "elements": elements}
    block = {"type": "rich_text", "block_id": new_block_id(), "elements": [section]}
    return "".join(parts), block


def _reference(
    match: re.Match[str], users: Mapping[str, str], channels: Mapping[str, str], ids: set[str]
) -> tuple[str, JSON] | None:
    user = match["id"] if match["id"] in ids else users.get((match["name"] or "").lower())
    if user:
        return f"<@{user}>", {"type": "user", "user_id": user}
    if match["name"] in EVERYBODY:
        return f"<!{match['name']}>", {"type": "broadcast", "range": match["name"]}
    if match["url"]:
        return f"<{match['url'].replace('&', '&amp;')}>", {"type": "link", "url": match["url"]}
    channel = channels.get(match["channel"] or "")
    if channel:
        return f"<#{channel}|{match['channel']}>", {"type": "channel", "channel_id": channel}
    return None


def new_block_id() -> str:
    """Return a short random id, as Slack generates for a block without one."""
    return secrets.token_urlsafe(4)[:5]
