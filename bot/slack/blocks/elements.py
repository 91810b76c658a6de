"""Builds Block Kit blocks and elements for messages and modals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from bot.commands.spec import Request
from bot.slack.blocks.mrkdwn import markup, plain, truncate
from index.text import clean, one_line

Block = dict[str, Any]
REQUEST_JSON = TypeAdapter(Request)  # of the values of buttons

MENU = "menu"  # the menu under a reply; its values are ids of entries to open, or requests
# Slack's limits, in characters or elements.
LONGEST_VALUE = 2_000  # value of a button
LONGEST_OPTION = 150  # value of an option
MOST_IN_OVERFLOW = 5  # options of an overflow menu
LONGEST_INPUT = 3_000  # text of an input
MOST_IN_A_ROW = 25  # elements of an actions block
MOST_OPTIONS = 100  # options of a select menu
MOST_CHECKS = 10  # checkboxes
LONGEST_SHOWN = 75  # label of an option
LONGEST_SECTION = 2_900  # text of a section; Slack allows 3,000


@dataclass(frozen=True, slots=True)
class Message:
    """A message with blocks.

    Slack shows `text` in notifications; it is sent alone if Slack rejects the blocks. If `replaces`
    is true, the message replaces the one whose button was pressed. A problem is not shared.
    """

    text: str
    blocks: Sequence[Block]
    replaces: bool = False
    is_problem: bool = False


def section(text: str, accessory: Block | None = None) -> Block:
    """Build a section block from escaped markup of at most 3,000 characters."""
    block: Block = {"type": "section", "text": markup(text)}
    is_shown = accessory and len(accessory.get("value", "")) <= LONGEST_VALUE
    return block | {"accessory": accessory} if is_shown else block


def titled_section(first: str, others: Sequence[str] = ()) -> Block:
    """Build a section with `first` as a bold title above the other lines, truncated to fit."""
    text = f"*{truncate(first, 600)}*"
    rest = truncate("\n".join(others), LONGEST_SECTION - len(text))
    return section(f"{text}\n{rest}" if rest else text)


def header(text: str) -> Block:
    return {"type": "header", "text": plain(one_line(text), 150)}


def context(text: str) -> Block:
    return {"type": "context", "elements": [plain(text, 500)]}


def button(label: str, action: str, value: str | Request) -> Block:
    """Build a button. A long text is cut; a block leaves out a button with too long a request."""
    content = value[:LONGEST_VALUE] if isinstance(value, str) else request_value(value)
    shown = {"type": "button", "text": plain(label, 75)}
    return shown | {"action_id": action, "value": content}


def request_value(request: Request) -> str:
    """Encode a request as compact JSON for the value of a button or option."""
    return REQUEST_JSON.dump_json(request, exclude_defaults=True).decode()


def page_buttons(
    page: int, pages: int, action: str, value: Callable[[int], str], of: str = " page"
) -> list[Block]:
    """Build the "Previous" and "Next" buttons; `value` encodes a page number as a button value."""
    directions = ((0, "Previous", page - 1), (1, "Next", page + 1))
    return [
        button(f"{label}{of}", f"{action}_{at}", value(other))
        for at, label, other in directions
        if 1 <= other <= pages
    ]


def paged(groups: Sequence[list[Block]], longest: int, most: int) -> list[list[Block]]:
    """Split groups of blocks into pages of at most `longest` characters and `most` groups.

    The length of a group is that of the text in its last block, a section. A group longer than
    `longest` gets a page of its own.
    """
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


def menu(options: Sequence[tuple[str, str]]) -> list[Block]:
    """Build an overflow menu from 2 to 5 (label, value) pairs, or else a select menu.

    Drops pairs with a value longer than `LONGEST_OPTION` characters. Returns [] if none remain.
    """
    fitting = [
        {"text": plain(label, 75), "value": value}
        for label, value in options
        if len(value) <= LONGEST_OPTION
    ]
    if not fitting:
        return []
    if 2 <= len(fitting) <= MOST_IN_OVERFLOW:
        return [{"type": "overflow", "action_id": MENU, "options": fitting}]
    listed = {"type": "static_select", "action_id": MENU, "options": fitting}
    return [listed | {"placeholder": plain("Open another")}]


def actions(elements: Sequence[Block]) -> list[Block]:
    """Build an actions block of buttons and menus, or [] if there are none."""
    fitting = [element for element in elements if len(element.get("value", "")) <= LONGEST_VALUE]
    return [{"type": "actions", "elements": fitting}] if fitting else []


def with_confirmation(button: Block, title: str, text: str, yes: str) -> Block:
    dialog = {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain("Cancel", 30),
        "style": "danger",
    }
    return button | {"style": "danger", "confirm": dialog}


def text_input(
    label: str, action: str, block: str, value: str = "", *, hint: str = "", **element: Any
) -> Block:
    """Build a text input with the block id `block`; `element` contains further element fields."""
    element |= {"type": "plain_text_input", "action_id": action, "max_length": LONGEST_INPUT}
    if value:
        element["initial_value"] = clean(value)[:LONGEST_INPUT]
    return _input(label, element, block) | ({"hint": plain(hint, 300)} if hint else {})


def with_dispatch(box: Block) -> Block:
    """Return the input block, set to send its value to the bot after each change."""
    element: Block = box["element"]
    if element["type"] == "plain_text_input":
        dispatch = {"trigger_actions_on": ["on_character_entered"]}
        element = element | {"dispatch_action_config": dispatch}
    return box | {"dispatch_action": True, "element": element}


def select_input(label: str, action: str, block: str, choices: Sequence[str], chosen: str) -> Block:
    """Build an optional select menu of the first `MOST_OPTIONS` choices that can be options."""
    options = [_option(choice) for choice in choices if fits(choice)][:MOST_OPTIONS]
    element: Block = {"type": "static_select", "action_id": action, "options": options}
    element["placeholder"] = plain("None")
    if (option := _option(chosen)) in options:
        element["initial_option"] = option
    return _input(label, element, block) | {"optional": True}


def checkboxes(label: str, action: str, block: str, choices: Sequence[str]) -> Block:
    options = [_option(choice) for choice in choices if fits(choice)][:MOST_CHECKS]
    element = {"type": "checkboxes", "action_id": action, "options": options}
    return _input(label, element, block) | {"optional": True}


def described_checkboxes(label: str, action: str, choices: Sequence[tuple[str, str, str]]) -> Block:
    """Build checkboxes from (text, description, value) triples; a description may be empty."""
    options = [
        {"text": plain(text, LONGEST_SHOWN), "value": value}
        | ({"description": plain(description, LONGEST_SHOWN)} if description else {})
        for text, description, value in choices[:MOST_CHECKS]
    ]
    element = {"type": "checkboxes", "action_id": action, "options": options}
    return _input(label, element, action) | {"optional": True}


def fits(choice: str) -> bool:
    """Return whether a text can be the value of an option."""
    return 0 < len(choice) <= LONGEST_OPTION and choice == one_line(choice)


def states_in(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the action id and state of each input in the payload of a view."""
    for block in ((given.get("state") or {}).get("values") or {}).values():
        yield from block.items()


def typed_in(given: Mapping[str, Any], action: str) -> str:
    """Return the text in an input of a submitted view, without spaces around it."""
    typed = dict(states_in(given)).get(action) or {}
    return str(typed.get("value") or "").strip()


def _option(value: str) -> Block:
    return {"text": plain(value, LONGEST_SHOWN), "value": value}


def _input(label: str, element: Block, block: str) -> Block:
    return {"type": "input", "block_id": block, "label": plain(label, 200), "element": element}


def heading(before: str, quoted: str, after: str = "") -> Block:
    quotation = {"type": "text", "text": f'"{quoted}"', "style": {"bold": True}}
    elements = [{"type": "text", "text": before}, quotation]
    elements += [{"type": "text", "text": after}] if after else []
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
