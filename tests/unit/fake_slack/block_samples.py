"""Blocks and views that each break one of Slack's rules."""

from typing import Any

JSON = dict[str, Any]


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> JSON:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hello", **more: Any) -> JSON:
    return {"type": "section", "text": mrkdwn(text)} | more


def button(action_id: str = "b", **more: Any) -> JSON:
    return {"type": "button", "text": plain("Press"), "action_id": action_id} | more


def option(number: int = 1, **more: Any) -> JSON:
    return {"text": plain(f"Option {number}"), "value": f"o{number}"} | more


def options(count: int) -> list[JSON]:
    return [option(n) for n in range(count)]


def actions(*elements: JSON, **more: Any) -> JSON:
    return {"type": "actions", "elements": list(elements)} | more


def select(**more: Any) -> JSON:
    return {"type": "static_select", "action_id": "s", "options": options(3)} | more


def text_input(**more: Any) -> JSON:
    return {
        "type": "input",
        "label": plain("Text"),
        "element": {"type": "plain_text_input", "action_id": "t"} | more,
    }


def rich_text(*elements: JSON) -> JSON:
    return {"type": "rich_text", "elements": list(elements)}


def words(*elements: JSON) -> JSON:
    return {"type": "rich_text_section", "elements": list(elements)}


def confirm(**more: Any) -> JSON:
    dialog = {"title": plain("Sure?"), "text": mrkdwn("*Really*")}
    return dialog | {"confirm": plain("Yes"), "deny": plain("No")} | more


def modal(*blocks: JSON, **more: Any) -> JSON:
    return {"type": "modal", "title": plain("Title"), "blocks": list(blocks) or [section()]} | more


def home(*blocks: JSON, **more: Any) -> JSON:
    return {"type": "home", "blocks": list(blocks)} | more


INVALID_MESSAGES: dict[str, list[JSON]] = {
    "a block without a rule": [{"type": "table", "rows": []}],
    "long url": [actions(button(url="https://x.test/" + "a" * 3000))],
    "not a url": [actions(button(url="see there"))],
    "too many blocks": [{"type": "divider"} for _ in range(51)],
    "long section": [section("x" * 3001)],
    "empty section text": [section("")],
    "section without text": [{"type": "section"}],
    "text as a string": [{"type": "section", "text": "hello"}],
    "eleven fields": [{"type": "section", "fields": [plain("f")] * 11}],
    "long field": [{"type": "section", "fields": [plain("f" * 2001)]}],
    "long header": [{"type": "header", "text": plain("h" * 151)}],
    "header in mrkdwn": [{"type": "header", "text": mrkdwn("h")}],
    "unknown block": [{"type": "heading", "text": plain("h")}],
    "block without type": [{"text": plain("h")}],
    "unknown field": [section(color="red")],
    "duplicate block_id": [section(block_id="a"), section(block_id="a")],
    "long block_id": [section(block_id="a" * 256)],
    "duplicate action_id": [actions(button("a"), button("a"))],
    "long action_id": [actions(button("a" * 256))],
    "no elements": [actions()],
    "26 elements": [actions(*[button(f"b{n}") for n in range(26)])],
    "long button text": [actions(button(text=plain("x" * 76)))],
    "button text in mrkdwn": [actions(button(text=mrkdwn("x")))],
    "long button value": [actions(button(value="v" * 2001))],
    "button style": [actions(button(style="warning"))],
    "confirm without deny": [
        actions(button(confirm={k: v for k, v in confirm().items() if k != "deny"}))
    ],
    "long confirm title": [actions(button(confirm=confirm(title=plain("t" * 101))))],
    "text input in actions": [actions({"type": "plain_text_input", "action_id": "t"})],
    "button in an input": [{"type": "input", "label": plain("L"), "element": button()}],
    "input without label": [{"type": "input", "element": {"type": "plain_text_input"}}],
    "one overflow option": [actions({"type": "overflow", "options": options(1)})],
    "six overflow options": [actions({"type": "overflow", "options": options(6)})],
    "101 options": [actions(select(options=options(101)))],
    "long option text": [actions(select(options=[option(text=plain("x" * 76))]))],
    "long option value": [actions(select(options=[option(value="x" * 151)]))],
    "option in mrkdwn": [actions(select(options=[option(text=mrkdwn("x"))]))],
    "unknown initial option": [actions(select(initial_option=option(99)))],
    "eleven checkboxes": [actions({"type": "checkboxes", "options": options(11)})],
    "eleven in a context": [{"type": "context", "elements": [plain("x")] * 11}],
    "button in a context": [{"type": "context", "elements": [button()]}],
    "all text too long": [section("x" * 2700) for _ in range(5)],
    "rich text without elements": [rich_text()],
    "unknown rich text": [rich_text(words({"type": "bold", "text": "x"}))],
    "empty rich text": [rich_text(words({"type": "text", "text": ""}))],
}

INVALID_VIEWS: dict[str, Any] = {
    "not an object": "modal",
    "unknown type": {"type": "dialog", "blocks": []},
    "no title": {"type": "modal", "blocks": [section()]},
    "long title": modal(title=plain("t" * 25)),
    "title in mrkdwn": modal(title=mrkdwn("t")),
    "long submit": modal(submit=plain("s" * 25)),
    "long close": modal(close=plain("c" * 25)),
    "no blocks": {"type": "modal", "title": plain("t"), "blocks": []},
    "101 blocks": modal(*[{"type": "divider"} for _ in range(101)]),
    "long metadata": modal(private_metadata="m" * 3001),
    "long callback_id": modal(callback_id="c" * 256),
    "inputs without submit": modal(text_input()),
    "unknown field": modal(submit_disabled=True),
    "home with submit": home(section(), submit=plain("S")),
    "too large": modal(*[section("x" * 2999) for _ in range(90)]),
}
