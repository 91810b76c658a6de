"""The pieces that messages and modals are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.commands.parser import line_of
from bot.commands.spec import Request
from bot.slack.blocks.mrkdwn import markup, plain, truncate
from index.text import clean, one_line

Block = dict[str, Any]

MENU = "menu"  # action of a menu under a reply; its values are ids of entries to open, or lines
LONGEST_VALUE = 2_000  # characters of a button's value
LONGEST_OPTION = 150  # characters of the value of a menu's option
MOST_IN_OVERFLOW = 5  # options behind three dots
LONGEST_INPUT = 3_000  # characters that can be typed
MOST_IN_A_ROW = 25  # buttons of one block
MOST_OPTIONS = 100  # of a list
MOST_CHECKS = 10  # of checkboxes
LONGEST_SHOWN = 75  # characters that are shown of an option
LONGEST_SECTION = 2_900  # characters, of Slack's 3,000


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


def headed(first: str, others: Sequence[str] = ()) -> Block:
    """A section of a line in bold, and of as much as fits of the others below it."""
    text = f"*{truncate(first, 600)}*"
    rest = truncate("\n".join(others), LONGEST_SECTION - len(text))
    return section(f"{text}\n{rest}" if rest else text)


def header(text: str) -> Block:
    """A title in large letters."""
    return {"type": "header", "text": plain(one_line(text), 150)}


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


def asking(label: str, action: str, request: Request, prefix: str = "") -> list[Block]:
    """A button whose value is the line that asks for `request`; none where it is too long."""
    line = line_of(request, prefix)
    return [button(label, action, line)] if len(line) <= LONGEST_VALUE else []


def turns(
    page: int, pages: int, action: str, value: Callable[[int], str], of: str = " page"
) -> list[Block]:
    """Buttons to the page before and to the next, as far as there are; `value` makes theirs."""
    ways = ((0, "Previous", page - 1), (1, "Next", page + 1))
    return [
        button(f"{label}{of}", f"{action}_{at}", value(other))
        for at, label, other in ways
        if 1 <= other <= pages
    ]


def paged(groups: Sequence[list[Block]], longest: int, most: int) -> list[list[Block]]:
    """Groups of blocks parted into pages of at most `longest` characters and `most` groups."""
    pages: list[list[list[Block]]] = [[]]
    room = longest
    for group in groups:
        length = len(group[-1]["text"]["text"])
        if pages[-1] and (length > room or len(pages[-1]) == most):
            pages.append([])
            room = longest
        pages[-1].append(group)
        room -= length
    return [[block for group in page for block in group] for page in pages]


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


def text_input(
    label: str, action: str, block: str, value: str = "", *, hint: str = "", **element: Any
) -> Block:
    """A box to type in, with `value` in it and further fields of Slack's `element`. `block` tells
    it from others of the same view."""
    element |= {"type": "plain_text_input", "action_id": action, "max_length": LONGEST_INPUT}
    if value:
        element["initial_value"] = clean(value)[:LONGEST_INPUT]
    return _input(label, element, block) | ({"hint": plain(hint, 300)} if hint else {})


def telling(box: Block) -> Block:
    """An input of which the bot hears as soon as something is typed or chosen."""
    element: Block = box["element"]
    if element["type"] == "plain_text_input":
        dispatch = {"trigger_actions_on": ["on_character_entered"]}
        element = element | {"dispatch_action_config": dispatch}
    return box | {"dispatch_action": True, "element": element}


def select_input(label: str, action: str, block: str, choices: Sequence[str], chosen: str) -> Block:
    """A list with one choice or none, of the first 100 that it can have."""
    options = [_option(choice) for choice in choices if fits(choice)][:MOST_OPTIONS]
    element: Block = {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain("None"),
        "options": options,
    }
    if (option := _option(chosen)) in options:
        element["initial_option"] = option
    return _input(label, element, block) | {"optional": True}


def checkboxes(label: str, action: str, block: str, choices: Sequence[str]) -> Block:
    """Checkboxes of the first ten of `choices`."""
    options = [_option(choice) for choice in choices if fits(choice)][:MOST_CHECKS]
    element = {"type": "checkboxes", "action_id": action, "options": options}
    return _input(label, element, block) | {"optional": True}


def fits(choice: str) -> bool:
    """Whether a text can be an option, and is given back as it was."""
    return 0 < len(choice) <= LONGEST_OPTION and choice == one_line(choice)


def states_in(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What stands in the elements of a view, as Slack gives it, each behind its action."""
    for block in ((given.get("state") or {}).get("values") or {}).values():
        yield from block.items()


def _option(value: str) -> Block:
    return {"text": plain(value, LONGEST_SHOWN), "value": value}


def _input(label: str, element: Block, block: str) -> Block:
    return {"type": "input", "block_id": block, "label": plain(label, 200), "element": element}


def heading(before: str, quoted: str) -> Block:
    """A line with what was asked in bold, shown exactly as it was written."""
    elements: list[Block] = [{"type": "text", "text": before}]
    elements.append({"type": "text", "text": f'"{quoted}"', "style": {"bold": True}})
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }
