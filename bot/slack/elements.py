"""The pieces that messages and modals are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.mrkdwn import markup, plain

Block = dict[str, Any]

MENU = "menu"  # action of a menu under a reply; its values are ids of entries to open, or lines
LONGEST_VALUE = 2_000  # characters of a button's value
LONGEST_OPTION = 150  # characters of the value of a menu's option
MOST_IN_OVERFLOW = 5  # options behind three dots
LONGEST_INPUT = 3_000  # characters that can be typed
MOST_IN_A_ROW = 25  # buttons of one block


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent to Slack: blocks, and the text that is shown where blocks are not. One that
    `replaces` takes the place of the message whose response_url it is sent to."""

    text: str
    blocks: Sequence[Block]
    replaces: bool = False


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


def menu(action: str, options: Sequence[tuple[str, str]], placeholder: str = "Open") -> list[Block]:
    """A menu of labels, each with its value: three dots for a few, a list for more, nothing for
    none. Options whose value Slack would not take are left out."""
    fitting = [
        {"text": plain(label, 75), "value": value}
        for label, value in options
        if len(value) <= LONGEST_OPTION
    ]
    if not fitting:
        return []
    if 2 <= len(fitting) <= MOST_IN_OVERFLOW:
        return [{"type": "overflow", "action_id": action, "options": fitting}]
    listed = {"type": "static_select", "action_id": action, "options": fitting}
    return [listed | {"placeholder": plain(placeholder, 150)}]


def actions(elements: Sequence[Block]) -> list[Block]:
    """A row of buttons and menus; nothing where there are none."""
    return [{"type": "actions", "elements": list(elements)}] if elements else []


def confirmed(button: Block, title: str, text: str, yes: str) -> Block:
    """A button that asks before it does something that cannot be undone."""
    dialog = {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain("Cancel", 30),
        "style": "danger",
    }
    return button | {"style": "danger", "confirm": dialog}


def rows(buttons: Sequence[Block]) -> list[Block]:
    """Buttons in as many blocks as they need; each needs an action of its own in its block."""
    return [
        {"type": "actions", "elements": list(buttons[at : at + MOST_IN_A_ROW])}
        for at in range(0, len(buttons), MOST_IN_A_ROW)
    ]


def text_input(label: str, placeholder: str, action: str, block: str) -> Block:
    """A line to type in; `block` tells it from what was typed before."""
    element = {
        "type": "plain_text_input",
        "action_id": action,
        "placeholder": plain(placeholder, 150),
        "max_length": LONGEST_INPUT,
    }
    return {"type": "input", "block_id": block, "label": plain(label), "element": element}


def heading(before: str, quoted: str) -> Block:
    """A line with what was asked in bold, shown exactly as it was written."""
    elements: list[Block] = [{"type": "text", "text": before}]
    elements.append({"type": "text", "text": f'"{quoted}"', "style": {"bold": True}})
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }
