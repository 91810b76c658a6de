"""The pieces that messages and modals are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.mrkdwn import markup, plain

Block = dict[str, Any]

LONGEST_VALUE = 2_000  # characters of a button's value


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent to Slack: blocks, and the text that is shown where blocks are not."""

    text: str
    blocks: Sequence[Block]


def section(text: str, accessory: Block | None = None) -> Block:
    """A section of finished markup, at most 3,000 characters."""
    block: Block = {"type": "section", "text": markup(text)}
    return block | {"accessory": accessory} if accessory else block


def context(text: str) -> Block:
    """A line of small print, shown as it is."""
    return {"type": "context", "elements": [plain(text, 500)]}


def button(label: str, action: str, value: str) -> Block:
    """A button; `action` names what it does, `value` says to what."""
    return {
        "type": "button",
        "text": plain(label, 75),
        "action_id": action,
        "value": value[:LONGEST_VALUE],
    }


def heading(before: str, quoted: str) -> Block:
    """A line with what was asked in bold, shown exactly as it was written."""
    elements = [{"type": "text", "text": before}]
    elements.append({"type": "text", "text": f'"{quoted}"', "style": {"bold": True}})  # type: ignore[dict-item]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }
