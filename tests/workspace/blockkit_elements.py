"""The rules of Block Kit's text objects, composition objects and interactive elements.

https://docs.slack.dev/reference/block-kit/block-elements
https://docs.slack.dev/reference/block-kit/composition-objects
"""

from __future__ import annotations

from typing import Any

from tests.workspace.blockkit_checks import (
    Check,
    Problems,
    anything,
    boolean,
    by_type,
    either,
    every,
    fields,
    integer,
    items,
    one_of,
    string,
)

ACTION_ID = string(255)
URL = string(3000, pattern=r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]+")
STYLE = one_of("primary", "danger")


def text(largest: int, *kinds: str) -> Check:
    """A text object of some kinds (`plain_text`, `mrkdwn`; by default both)."""
    shape = {"text": string(largest)}
    table = {
        "plain_text": fields(shape, {"emoji": boolean}),
        "mrkdwn": fields(shape, {"verbatim": boolean}),
    }
    return by_type(table, *kinds)


def plain(largest: int) -> Check:
    return text(largest, "plain_text")


CONFIRM = fields(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)
SLACK_FILE = every(fields({}, {"id": string(255), "url": URL}), either("id", "url"))
DISPATCH = fields(
    {},
    {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 1, 2)},
)
FILTER = fields(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def option(*kinds: str, url: bool = False) -> Check:
    more: dict[str, Check] = {"description": text(75, *kinds)}
    if url:
        more["url"] = URL
    return fields({"text": text(75, *kinds), "value": string(150)}, more)


SELECT_OPTION = option("plain_text")
MARKED_OPTION = option("plain_text", "mrkdwn")
OPTION_GROUP = fields({"label": plain(75), "options": items(SELECT_OPTION, 1, 100)})
OPTION_LISTS = {
    "options": items(SELECT_OPTION, 1, 100),
    "option_groups": items(OPTION_GROUP, 1, 100),
}

COMMON: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": boolean}
PLACED: dict[str, Check] = COMMON | {"placeholder": plain(150)}
SEVERAL: dict[str, Check] = PLACED | {"max_selected_items": integer(1, 100)}
CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": FILTER}
ANSWERS_URL: dict[str, Check] = {"response_url_enabled": boolean}


def _initial_is_an_option(value: Any, pointer: str, problems: Problems) -> None:
    groups = value.get("option_groups") or []
    known = [*(value.get("options") or []), *(o for g in groups for o in g.get("options", []))]
    given = value.get("initial_options") or [value.get("initial_option")]
    for initial in given:
        if initial is not None and initial not in known:
            problems.add("initial option must be one of the options", pointer)


def _lengths_in_order(value: Any, pointer: str, problems: Problems) -> None:
    low, high = value.get("min_length"), value.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        problems.add("min_length must not be larger than max_length", pointer)


def _typed(required: dict[str, Check] | None = None, **more: Check) -> Check:
    shape = {"action_id": ACTION_ID, "focus_on_load": boolean, "placeholder": plain(150)}
    return fields(required or {}, shape | {"dispatch_action_config": DISPATCH} | more)


def _static(shape: dict[str, Check], **initial: Check) -> Check:
    lists = fields({}, shape | OPTION_LISTS | initial)
    return every(lists, either("options", "option_groups"), _initial_is_an_option)


IMAGE = every(
    fields({"alt_text": string(2000)}, {"image_url": URL, "slack_file": SLACK_FILE}),
    either("image_url", "slack_file"),
)
FEEDBACK_BUTTON = fields(
    {"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)}
)

ELEMENTS: dict[str, Check] = {
    "button": fields(
        {"text": plain(75)},
        {
            "action_id": ACTION_ID,
            "url": URL,
            "value": string(2000),
            "style": STYLE,
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "workflow_button": fields(
        {"text": plain(75), "workflow": anything},
        {"action_id": ACTION_ID, "style": STYLE, "accessibility_label": string(75)},
    ),
    "image": IMAGE,
    "overflow": fields(
        {"options": items(option("plain_text", url=True), 2, 5)},
        {"action_id": ACTION_ID, "confirm": CONFIRM},
    ),
    "static_select": _static(PLACED, initial_option=SELECT_OPTION),
    "multi_static_select": _static(SEVERAL, initial_options=items(SELECT_OPTION, 1, 100)),
    "external_select": fields(
        {}, PLACED | {"min_query_length": integer(0, 255), "initial_option": SELECT_OPTION}
    ),
    "multi_external_select": fields(
        {},
        SEVERAL
        | {
            "min_query_length": integer(0, 255),
            "initial_options": items(SELECT_OPTION, 1, 100),
        },
    ),
    "users_select": fields({}, PLACED | {"initial_user": string(255)}),
    "multi_users_select": fields({}, SEVERAL | {"initial_users": items(string(255), 1, 100)}),
    "channels_select": fields({}, PLACED | ANSWERS_URL | {"initial_channel": string(255)}),
    "multi_channels_select": fields({}, SEVERAL | {"initial_channels": items(string(255), 1, 100)}),
    "conversations_select": fields(
        {}, PLACED | CONVERSATIONS | ANSWERS_URL | {"initial_conversation": string(255)}
    ),
    "multi_conversations_select": fields(
        {},
        SEVERAL | CONVERSATIONS | {"initial_conversations": items(string(255), 1, 100)},
    ),
    "checkboxes": every(
        fields(
            {"options": items(MARKED_OPTION, 1, 10)},
            COMMON | {"initial_options": items(MARKED_OPTION, 1, 10)},
        ),
        _initial_is_an_option,
    ),
    "radio_buttons": every(
        fields(
            {"options": items(MARKED_OPTION, 1, 10)}, COMMON | {"initial_option": MARKED_OPTION}
        ),
        _initial_is_an_option,
    ),
    "datepicker": fields({}, PLACED | {"initial_date": string(10, 10, r"\d{4}-\d\d-\d\d")}),
    "timepicker": fields(
        {}, PLACED | {"initial_time": string(5, 5, r"\d\d:\d\d"), "timezone": string(255)}
    ),
    "datetimepicker": fields({}, COMMON | {"initial_date_time": integer(10**9, 10**10 - 1)}),
    "plain_text_input": every(
        _typed(
            initial_value=string(3000, 0),
            multiline=boolean,
            min_length=integer(0, 3000),
            max_length=integer(1, 3000),
        ),
        _lengths_in_order,
    ),
    "email_text_input": _typed(initial_value=string(3000, 0)),
    "url_text_input": _typed(initial_value=string(3000, 0)),
    "number_input": _typed(
        {"is_decimal_allowed": boolean},
        initial_value=string(255),
        min_value=string(255),
        max_value=string(255),
    ),
    "rich_text_input": _typed(initial_value=anything),
    "file_input": fields(
        {},
        {
            "action_id": ACTION_ID,
            "filetypes": items(string(255), 1, 100),
            "max_files": integer(1, 10),
        },
    ),
    "feedback_buttons": fields(
        {"positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON},
        {"action_id": ACTION_ID},
    ),
    "icon_button": fields(
        {"icon": one_of("trash"), "text": plain(75)},
        {
            "action_id": ACTION_ID,
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": items(string(255), 1, 10),
        },
    ),
}

SELECTS = tuple(name for name in ELEMENTS if name.endswith("_select"))
PICKERS = ("datepicker", "timepicker", "datetimepicker")
CHOICES = ("checkboxes", "radio_buttons")
TYPED = tuple(name for name in ELEMENTS if name.endswith("_input"))
IN_SECTION = ("button", "workflow_button", "image", "overflow", *SELECTS, *PICKERS, *CHOICES)
IN_ACTIONS = ("button", "workflow_button", "overflow", *SELECTS, *PICKERS, *CHOICES)
IN_INPUT = (*TYPED, *SELECTS, *PICKERS, *CHOICES)
