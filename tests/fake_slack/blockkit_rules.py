"""Slack's rules for the blocks of a message and for views, limited to the blocks and elements that
the app uses.

Other blocks are refused as unsupported until a rule is added here. These rules are checked first
and return Slack's errors; the validators from PyPI (`blockkit_validators`) run in addition.
Sources: https://docs.slack.dev/reference/block-kit and, for the total length of text,
slackapi/bolt-js#2509.
"""

import json
from typing import Any

from tests.fake_slack import blockkit_validators
from tests.fake_slack.blockkit_checks import (
    Check,
    Problems,
    anything,
    boolean,
    by_type,
    every,
    fields,
    integer,
    items,
    one_of,
    string,
)
from tests.fake_slack.model import JSON, elements_in, texts_in

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 13_200
VIEW_BYTES = 250_000

ID = string(255)
STYLE = one_of("primary", "danger")


def text(largest: int, *kinds: str) -> Check:
    """Build a check for a text object of these kinds (default: `plain_text` and `mrkdwn`)."""
    shape = {"text": string(largest)}
    table = {
        "plain_text": fields(shape, {"emoji": boolean}),
        "mrkdwn": fields(shape, {"verbatim": boolean}),
    }
    return by_type(table, *kinds)


def plain(largest: int) -> Check:
    return text(largest, "plain_text")


def _option(*kinds: str) -> Check:
    shape = {"text": text(75, *kinds), "value": string(150)}
    return fields(shape, {"description": text(75, *kinds)})


def _initial_is_an_option(value: Any, pointer: str, problems: Problems) -> None:
    known = value.get("options") or []
    given = value.get("initial_options") or [value.get("initial_option")]
    if any(initial is not None and initial not in known for initial in given):
        problems.add("initial option must be one of the options", pointer)


def _lengths_in_order(value: Any, pointer: str, problems: Problems) -> None:
    low, high = value.get("min_length"), value.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        problems.add("min_length must not be larger than max_length", pointer)


SELECT_OPTION = _option("plain_text")
MARKED_OPTION = _option("plain_text", "mrkdwn")
CONFIRM = fields(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)
COMMON: dict[str, Check] = {"action_id": ID, "confirm": CONFIRM}
FOCUSED = COMMON | {"focus_on_load": boolean}
FEEDBACK_BUTTON = fields(
    {"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)}
)
ELEMENTS: dict[str, Check] = {
    "button": fields(
        {"text": plain(75)},
        COMMON
        | {
            "url": string(3000, pattern=r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]+"),
            "value": string(2000),
            "style": STYLE,
            "accessibility_label": string(75),
        },
    ),
    "overflow": fields({"options": items(SELECT_OPTION, 2, 5)}, COMMON),
    "static_select": every(
        fields(
            {"options": items(SELECT_OPTION, 1, 100)},
            FOCUSED | {"placeholder": plain(150), "initial_option": SELECT_OPTION},
        ),
        _initial_is_an_option,
    ),
    "checkboxes": every(
        fields(
            {"options": items(MARKED_OPTION, 1, 10)},
            FOCUSED | {"initial_options": items(MARKED_OPTION, 1, 10)},
        ),
        _initial_is_an_option,
    ),
    "plain_text_input": every(
        fields(
            {},
            {
                "action_id": ID,
                "focus_on_load": boolean,
                "placeholder": plain(150),
                "initial_value": string(3000, 0),
                "multiline": boolean,
                "min_length": integer(0, 3000),
                "max_length": integer(1, 3000),
                "dispatch_action_config": fields(
                    {},
                    {
                        "trigger_actions_on": items(
                            one_of("on_enter_pressed", "on_character_entered"), 1, 2
                        )
                    },
                ),
            },
        ),
        _lengths_in_order,
    ),
    "feedback_buttons": fields(
        {"positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON},
        {"action_id": ID},
    ),
}
TEXT_STYLE = fields({}, dict.fromkeys(("bold", "italic", "strike", "code"), boolean))
RICH_TEXT_SECTION = fields(
    {
        "elements": items(
            by_type({"text": fields({"text": string(3000)}, {"style": TEXT_STYLE})}), 0, 1000
        )
    }
)


def _block(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return fields(required, {"block_id": ID, **(optional or {})})


def _section_says_something(value: Any, pointer: str, problems: Problems) -> None:
    if not value.get("text") and not value.get("fields"):
        problems.add("must define either `text` or `fields`", pointer)


IN_ACTIONS = ("button", "overflow", "static_select", "checkboxes")
BLOCKS: dict[str, Check] = {
    "section": every(
        _block(
            {},
            {
                "text": text(3000),
                "fields": items(text(2000), 1, 10),
                "accessory": by_type(ELEMENTS, *IN_ACTIONS),
                "expand": boolean,
            },
        ),
        _section_says_something,
    ),
    "header": _block({"text": plain(150)}),
    "divider": _block({}),
    "context": _block({"elements": items(text(3000), 1, 10)}),
    "actions": _block({"elements": items(by_type(ELEMENTS, *IN_ACTIONS), 1, 25)}),
    "context_actions": _block({"elements": items(by_type(ELEMENTS, "feedback_buttons"), 1, 5)}),
    "input": _block(
        {
            "label": plain(2000),
            "element": by_type(ELEMENTS, "plain_text_input", "static_select", "checkboxes"),
        },
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": _block(
        {"elements": items(by_type({"rich_text_section": RICH_TEXT_SECTION}), 1, 1000)}
    ),
}


def check_message(blocks: Any) -> Problems:
    """Return the problems in the blocks of a message."""
    problems = Problems()
    items(by_type(BLOCKS), 0, MESSAGE_BLOCKS)(blocks, "/blocks", problems)
    if problems:
        return problems
    _check_ids(blocks, "/blocks", problems)
    if not problems and sum(map(len, texts_in(blocks))) > MESSAGE_TEXT:
        problems.code = "msg_blocks_too_long"
        problems.add(f"all text must be fewer than {MESSAGE_TEXT + 1} characters", "/blocks")
    if not problems:
        blockkit_validators.check_blocks(blocks, "/blocks", problems)
    return problems


IN_VIEWS = tuple(name for name in BLOCKS if name != "context_actions")
VIEW: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
MODAL = fields(
    {"title": plain(24), "blocks": items(by_type(BLOCKS, *IN_VIEWS), 1, VIEW_BLOCKS)},
    VIEW
    | {
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
    },
)
HOME = fields({"blocks": items(by_type(BLOCKS, *IN_VIEWS), 0, VIEW_BLOCKS)}, VIEW)


def check_view(view: Any) -> Problems:
    """Return the problems in a modal or a Home tab."""
    problems = Problems()
    by_type({"modal": MODAL, "home": HOME})(view, "/view", problems)
    if problems:
        return problems
    blocks: list[JSON] = view["blocks"]
    _check_ids(blocks, "/view/blocks", problems)
    if any(b["type"] == "input" for b in blocks) and view["type"] == "modal":
        fields({"submit": anything}, dict.fromkeys(view, anything))(view, "/view", problems)
    if sum(bool(e.get("focus_on_load")) for e in elements_in(blocks)) > 1:
        problems.add("only one element may have focus_on_load", "/view/blocks")
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        problems.add("view_too_large", "/view")
    if not problems:
        blockkit_validators.check_view(view, problems)
    return problems


def _check_ids(blocks: list[JSON], pointer: str, problems: Problems) -> None:
    """Check that each block_id is unique in the surface, and each action_id in its block."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            problems.add(f"duplicate block_id: {block_id}", f"{pointer}/{index}/block_id")
        if block_id:
            seen.add(block_id)
        action_ids = [e["action_id"] for e in elements_in([block])]
        for action_id in sorted({a for a in action_ids if action_ids.count(a) > 1}):
            problems.add(f"duplicate action_id: {action_id}", f"{pointer}/{index}/elements")
