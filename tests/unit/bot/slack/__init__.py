"""Shared by the tests of `bot.slack`: hostile texts, and checks of messages and views."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.blocks.elements import Message
from tests.fake_slack.blockkit_rules import check_message, check_view
from tests.fake_slack.model import elements_in

# Block and element types that the bot may send: no images, rich-text links or mentions.
TYPES = {
    *("modal", "section", "context", "header", "actions", "button", "plain_text", "mrkdwn"),
    *("static_select", "overflow", "context_actions", "feedback_buttons"),
    *("rich_text", "rich_text_section", "text", "divider"),
    *("home", "input", "plain_text_input", "checkboxes"),
}
LINK = re.compile(r"<(https?://[^\s<>|]+)\|[^<>]*>")
LOOSE_AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")

NASTIES = (
    # mentions and links
    *("<!channel>", "<!here>", "<!everyone>", "<!subteam^S1>", "<@U1>", "<#C1>", "<#C1|general>"),
    "<!date^1392734382^{date}^https://evil.test|then>",
    *("<http://evil.test|good>", "<mailto:a@evil.test|mail>", "<javascript:alert(1)|good>"),
    *("javascript:alert(1)", "https://evil.test/?a=1&b=2", "@channel", "|", '"quoted"'),
    # already or nearly escaped
    *("&lt;!here&gt;", "&amp;lt;!channel&amp;gt;", "&lt;!channel>", "<!channel&gt;"),
    *("&#60;!channel&#62;", "&", "&amp", "<", ">", "<<!channel>>", "< !channel>", "＜!channel＞"),
    *("<!\u200bchannel>", "<\x00!channel>", "<\u202e!channel>", "<!chan\nnel>"),
    # markup
    *("`", "```", "```\n<!channel>", "`<!here>`", "*<!here>*", "_<@U1>_", "~<#C1>~"),
    *("*", "_", "~", "> quoted", ":bomb:"),
    # invisible characters, or terminal controls
    *("\u202e desrever", "\u2066isolate\u2069", "\u200e\u200f\u061c", "zero\u200bwidth\ufeff"),
    *("\u200d\u200c", "\x00", "\x1b[31mred\x1b]0;title\x07", "\x7f\x85\x9b", "\u2028\u2029"),
    *("\ud800", "\udfff<!here>\ud800", "\U000e0041\U000e007f", "🧭👩‍👩‍👧"),
)


def strings(node: Any) -> Iterator[str]:
    """Yield every string value in a payload."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from strings(item)


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every JSON object in a payload."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from objects(item)


def is_hidden(character: str) -> bool:
    """Whether a character is invisible or a control character, except for joiners in emoji."""
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in "\n\u200d\u200c"
    )


def faults_in_markup(text: str, links: Collection[str] = ()) -> list[str]:
    """Return the active markup in a text, except links to the URLs in `links`."""
    faults = [
        f"link to {address!r}"
        for address in LINK.findall(text)
        if address.replace("&amp;", "&") not in links
    ]
    rest = LINK.sub("", text) if links else text
    if "<" in rest or ">" in rest:
        faults.append(f"unescaped bracket in {rest!r}")
    if LOOSE_AMPERSAND.search(text):
        faults.append(f"unescaped & in {text!r}")
    return faults


def dangers(payload: Any, links: Collection[str] = ()) -> list[str]:
    """Return the active markup, hidden characters and forbidden elements in a payload."""
    faults = [
        f"hidden {character!r} in {text!r}"
        for text in strings(payload)
        for character in sorted(set(text))
        if is_hidden(character)
    ]
    for item in objects(payload):
        kind = item.get("type")
        if kind is not None and kind not in TYPES:
            faults.append(f"element {kind!r}")
        if kind == "mrkdwn":
            faults += faults_in_markup(item["text"], links)
            if item.get("verbatim") is not True:
                faults.append(f"not verbatim: {item['text']!r}")
        if kind in ("plain_text", "header") and item.get("emoji") is True:
            faults.append(f"emoji on: {item!r}")
        if "url" in item or "image_url" in item:
            faults.append(f"an address in {item!r}")
    return faults


def buttons(payload: Any) -> list[dict[str, Any]]:
    return [item for item in objects(payload) if item.get("type") == "button"]


def labels(payload: Any) -> list[str]:
    """Return the texts on the buttons in a payload."""
    return [item["text"]["text"] for item in buttons(payload)]


# The worst texts repeat one of these parts.
_REPEATED = {
    "brackets": "<>",
    "mixed escapes": "a & <b> ",
    "words": "harbour ",
    "one word": "x",
    "lines": "line\n",
    "emoji": "🧭👩‍👩‍👧 ",
    "unclosed fence": "```\nif a < b && c > d:\n",
    "shouting": "<!channel> <@U1> ",
}


def _repeated(piece: str) -> Callable[[int], str]:
    return cache(lambda length: (piece * (length // len(piece) + 1))[:length].strip())


# Functions that build the worst texts of a given length.
WORST = {name: _repeated(piece) for name, piece in _REPEATED.items()}
WORST["short"] = lambda _: "x"


def faults_of(payload: Message | dict[str, Any], links: Collection[str] = ()) -> list[str]:
    """Return the violations of Slack's rules in a message or view, and its active markup."""
    if isinstance(payload, Message):
        blocks = list(payload.blocks)
        faults = [str(fault) for fault in check_message(blocks)]
        faults += faults_in_markup(payload.text)
        faults += [] if 0 < len(payload.text.strip()) <= len(payload.text) <= 4_000 else ["no text"]
    else:
        blocks = payload["blocks"]
        faults = [str(fault) for fault in check_view(payload)]
    for block in blocks:
        ids = [element["action_id"] for element in elements_in([block])]
        faults += [f"one action twice in {ids}"] if len(ids) > len(set(ids)) else []
    return faults + dangers(blocks, links)


def failure(code: str, status: int = 200, **headers: str) -> SlackApiError:
    """Build the error that a client raises when Slack rejects a call."""
    response = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": code},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        status_code=status,
    )
    return SlackApiError(code, response)  # type: ignore[no-untyped-call]
