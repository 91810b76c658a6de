"""Blocks and views, valid and invalid. Each invalid one breaks one rule, and names the problem."""

from __future__ import annotations

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


def image(**more: Any) -> JSON:
    return {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a"} | more


def rich_text(*elements: JSON) -> JSON:
    return {"type": "rich_text", "elements": list(elements)}


def words(*elements: JSON) -> JSON:
    return {"type": "rich_text_section", "elements": list(elements)}


def cell(text: str = "x") -> JSON:
    return {"type": "raw_text", "text": text}


def table(*rows: list[JSON], **more: Any) -> JSON:
    return {"type": "table", "rows": list(rows)} | more


def confirm(**more: Any) -> JSON:
    dialog = {"title": plain("Sure?"), "text": mrkdwn("*Really*")}
    return dialog | {"confirm": plain("Yes"), "deny": plain("No")} | more


def modal(*blocks: JSON, **more: Any) -> JSON:
    return {"type": "modal", "title": plain("Title"), "blocks": list(blocks) or [section()]} | more


def home(*blocks: JSON, **more: Any) -> JSON:
    return {"type": "home", "blocks": list(blocks)} | more


HELLO = {"type": "text", "text": "hello"}

VALID_MESSAGES: dict[str, list[JSON]] = {
    "section": [section("x" * 3000)],
    "long fields": [{"type": "section", "fields": [mrkdwn("f" * 2000) for _ in range(6)]}],
    "verbatim": [{"type": "section", "text": mrkdwn("a") | {"verbatim": True}}],
    "accessories": [
        section(accessory=button(confirm=confirm(style="danger"))),
        section(accessory=image()),
        section(accessory=select()),
        section(accessory={"type": "users_select", "action_id": "u"}),
        section(accessory={"type": "datepicker", "initial_date": "2026-01-31", "action_id": "d"}),
        section(accessory={"type": "overflow", "action_id": "o", "options": options(5)}),
    ],
    "header": [{"type": "header", "text": plain("h" * 150)}],
    "divider": [{"type": "divider", "block_id": "d" * 255}],
    "context": [
        {
            "type": "context",
            "elements": [mrkdwn("a"), plain("b"), image(alt_text="i")]
            + [mrkdwn("c") for _ in range(7)],
        }
    ],
    "image by file": [{"type": "image", "slack_file": {"id": "F0123456789"}, "alt_text": "map"}],
    "image with title": [image(title=plain("A map"))],
    "actions": [actions(*[button(f"b{n}", value="v" * 2000) for n in range(25)])],
    "links": [actions(button(url="https://x.test/" + "a" * 2900, style="primary"))],
    "groups": [
        actions(
            {
                "type": "static_select",
                "action_id": "g",
                "option_groups": [{"label": plain("G"), "options": options(100)}],
            }
        )
    ],
    "choices": [
        actions(
            {"type": "radio_buttons", "action_id": "r", "options": options(10)},
            {
                "type": "checkboxes",
                "action_id": "c",
                "options": [{"text": mrkdwn("*x*"), "value": "1", "description": mrkdwn("d")}],
            },
        )
    ],
    "input": [text_input(multiline=True, min_length=1, max_length=3000)],
    "markdown": [{"type": "markdown", "text": "# " + "m" * 11_998}],
    "table": [
        table(
            [cell("Term"), cell("Near")],
            [cell("a"), rich_text(words(HELLO | {"style": {"bold": True}}))],
            column_settings=[{"align": "left", "is_wrapped": True}, None],
        )
    ],
    "rich text": [
        rich_text(
            words(
                HELLO, {"type": "link", "url": "https://x.test/"}, {"type": "emoji", "name": "x"}
            ),
            words({"type": "user", "user_id": "U1"}, {"type": "broadcast", "range": "here"}),
            {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [words(HELLO)]},
            {"type": "rich_text_preformatted", "elements": [HELLO], "border": 0},
            {"type": "rich_text_quote", "elements": [HELLO]},
        )
    ],
    "feedback": [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "f",
                    "positive_button": {"text": plain("Good"), "value": "1"},
                    "negative_button": {"text": plain("Bad"), "value": "0"},
                }
            ],
        }
    ],
    "fifty blocks": [{"type": "divider"} for _ in range(50)],
    "equal action ids in two blocks": [actions(button()), actions(button())],
    "no blocks": [],
}

VALID_VIEWS: dict[str, JSON] = {
    "modal": modal(title=plain("t" * 24), close=plain("c" * 24), private_metadata="m" * 3000),
    "modal with inputs": modal(
        text_input(focus_on_load=True),
        {
            "type": "input",
            "label": plain("Number"),
            "element": {"type": "number_input", "is_decimal_allowed": False, "action_id": "n"},
        },
        {
            "type": "input",
            "label": plain("File"),
            "element": {"type": "file_input", "filetypes": ["csv"], "max_files": 1},
        },
        submit=plain("Send"),
        callback_id="c" * 255,
        notify_on_close=True,
    ),
    "home": home(section(), actions(button())),
    "empty home": home(),
    "hundred blocks": modal(*[{"type": "divider"} for _ in range(100)]),
}

INVALID_MESSAGES: dict[str, tuple[list[JSON], str]] = {
    "too many blocks": ([{"type": "divider"} for _ in range(51)], "no more than 50 items"),
    "long section": (
        [section("x" * 3001)],
        "fewer than 3001 characters [json-pointer:/blocks/0",
    ),
    "empty section text": ([section("")], "more than 0 characters"),
    "section without text": ([{"type": "section"}], "either `text` or `fields`"),
    "text as a string": ([{"type": "section", "text": "hello"}], "missing required field: type"),
    "eleven fields": ([{"type": "section", "fields": [plain("f")] * 11}], "more than 10 items"),
    "long field": ([{"type": "section", "fields": [plain("f" * 2001)]}], "fewer than 2001"),
    "long header": ([{"type": "header", "text": plain("h" * 151)}], "fewer than 151"),
    "header in mrkdwn": ([{"type": "header", "text": mrkdwn("h")}], "unsupported type: mrkdwn"),
    "unknown block": ([{"type": "heading", "text": plain("h")}], "unsupported type: heading"),
    "block without type": ([{"text": plain("h")}], "missing required field: type"),
    "unknown field": ([section(color="red")], "invalid additional property: color"),
    "duplicate block_id": ([section(block_id="a"), section(block_id="a")], "duplicate block_id: a"),
    "long block_id": ([section(block_id="a" * 256)], "fewer than 256"),
    "duplicate action_id": ([actions(button("a"), button("a"))], "duplicate action_id: a"),
    "long action_id": ([actions(button("a" * 256))], "fewer than 256"),
    "no elements": ([actions()], "no fewer than 1 items"),
    "26 elements": ([actions(*[button(f"b{n}") for n in range(26)])], "no more than 25 items"),
    "long button text": ([actions(button(text=plain("x" * 76)))], "fewer than 76"),
    "button text in mrkdwn": ([actions(button(text=mrkdwn("x")))], "unsupported type: mrkdwn"),
    "long button value": ([actions(button(value="v" * 2001))], "fewer than 2001"),
    "long url": ([actions(button(url="https://x.test/" + "a" * 3000))], "fewer than 3001"),
    "not a url": ([actions(button(url="see there"))], "must match"),
    "button style": ([actions(button(style="warning"))], "must be one of primary, danger"),
    "confirm without deny": (
        [actions(button(confirm={k: v for k, v in confirm().items() if k != "deny"}))],
        "missing required field: deny",
    ),
    "long confirm title": ([actions(button(confirm=confirm(title=plain("t" * 101))))], "than 101"),
    "text input in actions": (
        [actions({"type": "plain_text_input", "action_id": "t"})],
        "unsupported type: plain_text_input",
    ),
    "button in an input": (
        [{"type": "input", "label": plain("L"), "element": button()}],
        "unsupported type: button",
    ),
    "input without label": (
        [{"type": "input", "element": {"type": "plain_text_input"}}],
        "missing required field: label",
    ),
    "lengths crossed": ([text_input(min_length=9, max_length=3)], "must not be larger than"),
    "one overflow option": (
        [actions({"type": "overflow", "options": options(1)})],
        "no fewer than 2 items",
    ),
    "six overflow options": (
        [actions({"type": "overflow", "options": options(6)})],
        "no more than 5 items",
    ),
    "101 options": ([actions(select(options=options(101)))], "no more than 100 items"),
    "options and groups": (
        [actions(select(option_groups=[{"label": plain("G"), "options": options(1)}]))],
        "exactly one of options, option_groups",
    ),
    "long option text": ([actions(select(options=[option(text=plain("x" * 76))]))], "than 76"),
    "long option value": ([actions(select(options=[option(value="x" * 151)]))], "than 151"),
    "option in mrkdwn": (
        [actions(select(options=[option(text=mrkdwn("x"))]))],
        "unsupported type: mrkdwn",
    ),
    "unknown initial option": (
        [actions(select(initial_option=option(99)))],
        "must be one of the options",
    ),
    "eleven radio buttons": (
        [actions({"type": "radio_buttons", "options": options(11)})],
        "no more than 10 items",
    ),
    "eleven checkboxes": (
        [actions({"type": "checkboxes", "options": options(11)})],
        "no more than 10 items",
    ),
    "eleven in a context": ([{"type": "context", "elements": [plain("x")] * 11}], "than 10 items"),
    "button in a context": (
        [{"type": "context", "elements": [button()]}],
        "unsupported type: button",
    ),
    "image without alt text": (
        [{"type": "image", "image_url": "https://x.test/a.png"}],
        "missing required field: alt_text",
    ),
    "image from nowhere": (
        [{"type": "image", "alt_text": "a"}],
        "exactly one of image_url, slack_file",
    ),
    "long alt text": ([image(alt_text="a" * 2001)], "fewer than 2001"),
    "bad date": (
        [actions({"type": "datepicker", "initial_date": "31.01.2026"})],
        "must match",
    ),
    "markdown too long": ([{"type": "markdown", "text": "m" * 12_001}], "fewer than 12001"),
    "markdown too long together": (
        [{"type": "markdown", "text": "m" * 6001}, {"type": "markdown", "text": "m" * 6000}],
        "markdown text must be fewer than 12001",
    ),
    "all text too long": ([section("x" * 2700) for _ in range(5)], "all text must be fewer than"),
    "two tables": ([table([cell()]), table([cell()])], "only_one_table_allowed"),
    "101 rows": ([table(*[[cell()] for _ in range(101)])], "no more than 100 items"),
    "21 cells": ([table([cell() for _ in range(21)])], "no more than 20 items"),
    "empty cell": ([table([cell("")])], "more than 0 characters"),
    "empty rich cell": ([table([rich_text(words())])], "table cell must not be empty"),
    "cell of mrkdwn": ([table([mrkdwn("x")])], "unsupported type: mrkdwn"),
    "column setting": (
        [table([cell()], column_settings=[{"align": "top"}])],
        "one of left, center",
    ),
    "much text in a table": (
        [table(*[[cell("x" * 110)] for _ in range(100)])],
        "fewer than 10001 characters together",
    ),
    "rich text without elements": ([rich_text()], "no fewer than 1 items"),
    "rich text of text": ([rich_text(HELLO)], "unsupported type: text"),
    "unknown rich text": (
        [rich_text(words({"type": "bold", "text": "x"}))],
        "unsupported type: bold",
    ),
    "empty rich text": ([rich_text(words({"type": "text", "text": ""}))], "more than 0 characters"),
    "rich list style": (
        [rich_text({"type": "rich_text_list", "style": "dots", "elements": []})],
        "one of bullet, ordered",
    ),
}

INVALID_VIEWS: dict[str, tuple[Any, str]] = {
    "not an object": ("modal", "missing required field: type"),
    "unknown type": ({"type": "dialog", "blocks": []}, "unsupported type: dialog"),
    "no title": ({"type": "modal", "blocks": [section()]}, "missing required field: title"),
    "long title": (modal(title=plain("t" * 25)), "fewer than 25 characters"),
    "title in mrkdwn": (modal(title=mrkdwn("t")), "unsupported type: mrkdwn"),
    "long submit": (modal(submit=plain("s" * 25)), "fewer than 25 characters"),
    "long close": (modal(close=plain("c" * 25)), "fewer than 25 characters"),
    "no blocks": (
        {"type": "modal", "title": plain("t"), "blocks": []},
        "no fewer than 1 items",
    ),
    "101 blocks": (modal(*[{"type": "divider"} for _ in range(101)]), "no more than 100 items"),
    "long metadata": (modal(private_metadata="m" * 3001), "fewer than 3001"),
    "long callback_id": (modal(callback_id="c" * 256), "fewer than 256"),
    "inputs without submit": (modal(text_input()), "missing required field: submit"),
    "markdown in a modal": (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
    "table in a modal": (modal(table([cell()])), "unsupported type: table"),
    "unknown field": (modal(submit_disabled=True), "invalid additional property: submit_disabled"),
    "two with focus": (
        modal(text_input(focus_on_load=True), text_input(focus_on_load=True), submit=plain("S")),
        "only one element may have focus_on_load",
    ),
    "home with submit": (home(section(), submit=plain("S")), "invalid additional property: submit"),
    "too large": (
        modal(*[section("x" * 2999) for _ in range(90)]),
        "view_too_large",
    ),
}
