"""What a form is filled in with: boxes, menus and checkboxes, within Slack's limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.slack.elements import LONGEST_INPUT, Block
from bot.slack.mrkdwn import plain
from index.text import clean, one_line

MOST_OPTIONS = 100  # of a menu
MOST_CHECKS = 10  # of checkboxes
LONGEST_OPTION = 75  # characters that are shown of an option
LONGEST_OPTION_VALUE = 150


def box(
    label: str,
    action: str,
    block: str,
    value: str = "",
    *,
    hint: str = "",
    lines: bool = False,
    needed: bool = False,
    tells: bool = True,
) -> Block:
    """A box to type in, of several `lines` or one, with `value` in it. `block` tells it from
    others of the same form. One that `tells` sends what is typed in it as it is typed."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": action,
        "multiline": lines,
        "max_length": LONGEST_INPUT,
    }
    if value:
        element["initial_value"] = clean(value)[:LONGEST_INPUT]
    if tells:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return _input(label, element, block, hint, needed=needed, tells=tells)


def menu(
    label: str, action: str, block: str, choices: Sequence[str], chosen: str, *, placeholder: str
) -> Block:
    """A menu with one choice or none, of the first 100 that it can have."""
    options = {choice: option(choice) for choice in choices if fits(choice)}
    options = dict(list(options.items())[:MOST_OPTIONS])
    element: Block = {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(placeholder, 150),
        "options": list(options.values()),
    }
    if chosen in options:
        element["initial_option"] = options[chosen]
    return _input(label, element, block, "", needed=False, tells=True)


def fits(choice: str) -> bool:
    """Whether a text can be an option, and is given back as it was."""
    return 0 < len(choice) <= LONGEST_OPTION_VALUE and choice == one_line(choice)


def checks(label: str, action: str, block: str, choices: Sequence[tuple[str, str]]) -> Block:
    """Checkboxes of the first ten of `choices`, each a value and what is shown for it."""
    options = [option(value, shown) for value, shown in choices if fits(value)]
    element = {"type": "checkboxes", "action_id": action, "options": options[:MOST_CHECKS]}
    return _input(label, element, block, "", needed=False, tells=False)


def option(value: str, shown: str = "") -> Block:
    """A choice; `shown` is what people see of it, where that is not its value."""
    return {"text": plain(one_line(shown or value), LONGEST_OPTION), "value": value}


def states_in(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What stands in the elements of a view, as Slack gives it, each behind its action."""
    for block in ((given.get("state") or {}).get("values") or {}).values():
        yield from block.items()


def _input(
    label: str, element: Block, block: str, hint: str, *, needed: bool, tells: bool
) -> Block:
    made: Block = {
        "type": "input",
        "block_id": block,
        "label": plain(label, 200),
        "element": element,
        "optional": not needed,
    }
    if tells:
        made["dispatch_action"] = True
    return made | {"hint": plain(hint, 300)} if hint else made
