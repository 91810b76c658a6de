"""The state of an element that a person has used, in the format of a view's `state.values`.

https://docs.slack.dev/reference/views#state
"""

from copy import deepcopy
from typing import Any

from tests.fake_slack.core import ImpossibleError
from tests.fake_slack.model import JSON, elements_in

STATEFUL = ("static_select", "checkboxes", "plain_text_input")


def option(element: JSON, choice: Any) -> JSON:
    """Return the option with a value or a label.

    Raises:
        ImpossibleError: the list has no such option.
    """
    options = element.get("options") or []
    for candidate in options:
        if choice in (candidate, candidate.get("value"), candidate["text"]["text"]):
            return deepcopy(dict(candidate))
    labels = [o["text"]["text"] for o in options]
    raise ImpossibleError(f"{element.get('action_id')!r} has no option {choice!r}, only {labels}")


def chosen(element: JSON, value: Any) -> JSON:
    """Return the element's state after a person chose or typed a value."""
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": None if value in (None, "") else str(value)}
    if kind == "static_select":
        return {"type": kind, "selected_option": option(element, value) if value else None}
    if kind == "checkboxes":
        many = value if isinstance(value, (list, tuple)) else [value] if value else []
        return {"type": kind, "selected_options": [option(element, v) for v in many]}
    raise ImpossibleError(f"a {kind} has no value to set")


def initial_values(blocks: list[JSON]) -> dict[str, dict[str, JSON]]:
    """Return `state.values` for a newly opened view."""
    values: dict[str, dict[str, JSON]] = {}
    for element in elements_in(blocks):
        if element["type"] in STATEFUL:
            names = ("initial_value", "initial_option", "initial_options")
            given = next((element[name] for name in names if name in element), None)
            values.setdefault(element["block_id"], {})[element["action_id"]] = chosen(
                element, given
            )
    return values


def is_empty(state: JSON) -> bool:
    """Whether nothing is chosen or entered."""
    return not any(value for name, value in state.items() if name != "type")
