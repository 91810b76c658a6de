"""The rules of rich_text blocks and of tables.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
https://docs.slack.dev/reference/block-kit/blocks/table-block
"""

from __future__ import annotations

from typing import Any

from tests.workspace.blockkit_checks import (
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
from tests.workspace.blockkit_elements import URL
from tests.workspace.model import texts_in

TABLE_ROWS = 100
TABLE_CELLS = 20
TABLE_TEXT = 10_000
BORDER = integer(0, 1)

TEXT_STYLE = fields({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
MENTION_STYLE = fields(
    {},
    dict.fromkeys(("bold", "italic", "strike", "highlight", "client_highlight", "unlink"), boolean),
)
INLINE: dict[str, Check] = {
    "text": fields({"text": string(3000)}, {"style": TEXT_STYLE}),
    "link": fields({"url": URL}, {"text": string(3000, 0), "unsafe": boolean, "style": TEXT_STYLE}),
    "emoji": fields({"name": string(255)}, {"unicode": string(255), "skin_tone": anything}),
    "user": fields({"user_id": string(255)}, {"style": MENTION_STYLE}),
    "usergroup": fields({"usergroup_id": string(255)}, {"style": MENTION_STYLE}),
    "channel": fields({"channel_id": string(255)}, {"style": MENTION_STYLE}),
    "broadcast": fields({"range": one_of("here", "channel", "everyone")}, {"style": TEXT_STYLE}),
    "color": fields({"value": string(9)}),
    "date": fields(
        {"timestamp": anything, "format": string(255)}, {"url": URL, "fallback": string(255)}
    ),
}
WRITTEN = items(by_type(INLINE), 0, 1000)
SECTION = fields({"elements": WRITTEN})
PARTS: dict[str, Check] = {
    "rich_text_section": SECTION,
    "rich_text_list": fields(
        {
            "style": one_of("bullet", "ordered"),
            "elements": items(by_type({"rich_text_section": SECTION}), 0, 1000),
        },
        {"indent": integer(0, 8), "offset": integer(0, 10**6), "border": BORDER},
    ),
    "rich_text_preformatted": fields(
        {"elements": items(by_type(INLINE, "text", "link"), 0, 1000)},
        {"border": BORDER, "language": string(255)},
    ),
    "rich_text_quote": fields({"elements": WRITTEN}, {"border": BORDER}),
}
RICH_TEXT_ELEMENTS = items(by_type(PARTS), 1, 1000)
BLOCK_ID = string(255)
RICH_TEXT = fields({"elements": RICH_TEXT_ELEMENTS}, {"block_id": BLOCK_ID})


def _rich_cell_has_text(value: Any, pointer: str, problems: Problems) -> None:
    if not any(part.get("elements") for part in value.get("elements") or []):
        problems.add("table cell must not be empty", pointer)


CELL = by_type(
    {
        "raw_text": fields({"text": string(3000)}),
        "rich_text": every(RICH_TEXT, _rich_cell_has_text),
    }
)


def _column_setting(value: Any, pointer: str, problems: Problems) -> None:
    """A null leaves a column as it is."""
    if value is not None:
        rule = fields({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
        rule(value, pointer, problems)


def _table_text(value: Any, pointer: str, problems: Problems) -> None:
    length = sum(map(len, texts_in(value.get("rows"))))
    if length > TABLE_TEXT:
        problems.add(f"cells must have fewer than {TABLE_TEXT + 1} characters together", pointer)


TABLE = every(
    fields(
        {"rows": items(items(CELL, 1, TABLE_CELLS), 1, TABLE_ROWS)},
        {"block_id": BLOCK_ID, "column_settings": items(_column_setting, 0, TABLE_CELLS)},
    ),
    _table_text,
)
