"""What Slack accepts as the blocks of a message and as a view.

Own rules come first, and answer as Slack does; the validators of PyPI (`blockkit_validators`) are
asked in addition. Sources: https://docs.slack.dev/reference/block-kit/blocks and, for the length of
all text together, slackapi/bolt-js#2509.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.workspace import blockkit_validators
from tests.workspace.blockkit_checks import (
    Check,
    Problems,
    anything,
    boolean,
    by_type,
    either,
    every,
    fields,
    items,
    one_of,
    string,
)
from tests.workspace.blockkit_elements import (
    ELEMENTS,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    OPTION_LISTS,
    SLACK_FILE,
    URL,
    plain,
    text,
)
from tests.workspace.blockkit_rich_text import BLOCK_ID, RICH_TEXT, TABLE
from tests.workspace.model import JSON, elements_in, texts_in

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_TEXT = 12_000
MESSAGE_TEXT = 13_200
VIEW_BYTES = 250_000


def _block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return fields(required, {"block_id": BLOCK_ID, **(optional or {})})


def _section_says_something(value: Any, pointer: str, problems: Problems) -> None:
    if not value.get("text") and not value.get("fields"):
        problems.add("must define either `text` or `fields`", pointer)


BLOCKS: dict[str, Check] = {
    "section": every(
        _block(
            {},
            {
                "text": text(3000),
                "fields": items(text(2000), 1, 10),
                "accessory": by_type(ELEMENTS, *IN_SECTION),
                "expand": boolean,
            },
        ),
        _section_says_something,
    ),
    "header": _block({"text": plain(150)}),
    "divider": _block({}),
    "image": every(
        _block(
            {"alt_text": string(2000)},
            {"image_url": URL, "slack_file": SLACK_FILE, "title": plain(2000)},
        ),
        either("image_url", "slack_file"),
    ),
    "context": _block(
        {
            "elements": items(
                by_type({"plain_text": text(3000), "mrkdwn": text(3000), "image": IMAGE}), 1, 10
            )
        }
    ),
    "actions": _block({"elements": items(by_type(ELEMENTS, *IN_ACTIONS), 1, 25)}),
    "context_actions": _block(
        {"elements": items(by_type(ELEMENTS, "feedback_buttons", "icon_button"), 1, 5)}
    ),
    "input": _block(
        {"label": plain(2000), "element": by_type(ELEMENTS, *IN_INPUT)},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "markdown": _block({"text": string(MARKDOWN_TEXT)}),
    "rich_text": RICH_TEXT,
    "table": TABLE,
    "video": _block(
        {
            "alt_text": string(2000),
            "title": plain(200),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            "author_name": string(50),
            "description": plain(200),
            "provider_icon_url": URL,
            "provider_name": string(50),
            "title_url": URL,
        },
    ),
    "file": _block({"external_id": string(255), "source": one_of("remote")}),
}
# Newer blocks, whose details only the validators of PyPI know.
NEWER = ("alert", "card", "carousel", "container", "data_table", "plan", "task_card")
BLOCKS |= dict.fromkeys(NEWER, anything)

IN_VIEWS = (
    *("actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"),
    *("alert", "card"),
)
IN_MESSAGES = tuple(name for name in BLOCKS if name != "alert")


def check_message(blocks: Any) -> Problems:
    """What is wrong with a message's blocks."""
    problems = Problems()
    items(by_type(BLOCKS, *IN_MESSAGES), 0, MESSAGE_BLOCKS)(blocks, "/blocks", problems)
    if problems:
        return problems
    _check_ids(blocks, "/blocks", problems)
    if sum(block["type"] == "table" for block in blocks) > 1:
        problems.add("only_one_table_allowed", "/blocks")
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_TEXT:
        problems.add(f"markdown text must be fewer than {MARKDOWN_TEXT + 1} characters", "/blocks")
    if not problems and sum(map(len, texts_in(blocks))) > MESSAGE_TEXT:
        problems.code = "msg_blocks_too_long"
        problems.add(f"all text must be fewer than {MESSAGE_TEXT + 1} characters", "/blocks")
    if not problems:
        blockkit_validators.check_blocks(blocks, "/blocks", problems)
    return problems


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
    """What is wrong with a modal or a Home view."""
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


def check_options(answer: JSON) -> Problems:
    """What is wrong with the answer to a block_suggestion. No options at all are fine."""
    problems = Problems()
    lists = {name: answer.get(name) for name in OPTION_LISTS if answer.get(name)}
    fields({}, OPTION_LISTS)(lists, "", problems)
    if "options" not in answer and "option_groups" not in answer:
        problems.add("missing required field: options", "")
    return problems


def _check_ids(blocks: list[JSON], pointer: str, problems: Problems) -> None:
    """A block_id is unique in the surface, an action_id in its block."""
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
