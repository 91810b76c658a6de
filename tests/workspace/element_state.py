"""What a person chose or typed in an element, in the shape of a view's `state.values`.

https://docs.slack.dev/reference/views#state
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.workspace.core import ImpossibleError
from tests.workspace.model import JSON

SINGLE = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
SEVERAL = {
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
INITIAL = {
    "selected_user": "initial_user",
    "selected_channel": "initial_channel",
    "selected_conversation": "initial_conversation",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "selected_users": "initial_users",
    "selected_channels": "initial_channels",
    "selected_conversations": "initial_conversations",
}
ONE_OPTION = ("static_select", "external_select", "radio_buttons")
MANY_OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")
TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
STATEFUL = {*SINGLE, *SEVERAL, *ONE_OPTION, *MANY_OPTIONS, *TYPED, "rich_text_input", "file_input"}


def options_of(element: JSON) -> list[JSON]:
    """An element's options, those in groups too."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(o for g in groups for o in g.get("options", []))]


def option(element: JSON, choice: Any) -> JSON:
    """The option with a value or a label; a dict passes, as that of an external list.

    Raises:
        ImpossibleError: the list has no such option.
    """
    if isinstance(choice, dict):
        return choice
    for candidate in options_of(element):
        if choice in (candidate.get("value"), candidate["text"]["text"]):
            return deepcopy(candidate)
    labels = [o["text"]["text"] for o in options_of(element)]
    raise ImpossibleError(f"{element.get('action_id')!r} has no option {choice!r}, only {labels}")


def chosen(element: JSON, value: Any) -> JSON:
    """The element's state once a person chose or typed a value."""
    kind = element["type"]
    if kind in TYPED:
        return {"type": kind, "value": None if value in (None, "") else str(value)}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": option(element, value) if value else None}
    if kind in MANY_OPTIONS:
        many = value if isinstance(value, (list, tuple)) else [value] if value else []
        return {"type": kind, "selected_options": [option(element, v) for v in many]}
    if kind in SINGLE:
        return {"type": kind, SINGLE[kind]: value}
    if kind in SEVERAL:
        return {"type": kind, SEVERAL[kind]: list(value or [])}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": value}
    if kind == "file_input":
        return {"type": kind, "files": list(value or [])}
    raise ImpossibleError(f"a {kind} has no value to set")


def initial(element: JSON) -> JSON:
    """The element's state before anybody touched it."""
    kind = element["type"]
    if kind in TYPED:
        return chosen(element, element.get("initial_value"))
    if kind in ONE_OPTION:
        return chosen(element, element.get("initial_option"))
    if kind in MANY_OPTIONS:
        return chosen(element, element.get("initial_options") or [])
    if kind in SINGLE or kind in SEVERAL:
        name = SINGLE.get(kind) or SEVERAL[kind]
        return chosen(element, element.get(INITIAL[name]))
    return chosen(element, element.get("initial_value"))


def initial_values(blocks: list[JSON]) -> dict[str, dict[str, JSON]]:
    """`state.values` of a view that was just opened."""
    values: dict[str, dict[str, JSON]] = {}
    for block in blocks:
        inside = [block.get("accessory"), block.get("element")]
        if block.get("type") == "actions":
            inside += block.get("elements", [])
        for element in inside:
            if isinstance(element, dict) and element.get("type") in STATEFUL:
                values.setdefault(block["block_id"], {})[element["action_id"]] = initial(element)
    return values


def is_empty(state: JSON) -> bool:
    """Whether nothing was chosen or typed."""
    return not any(value for name, value in state.items() if name != "type")
