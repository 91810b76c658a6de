"""A line of a saved page, and the removal of leftover markup."""

import html
import re
from dataclasses import dataclass
from typing import Literal

BOLD_LINE = 7  # the level of a bold line: lower than every heading

_TAG = re.compile(
    r"</?(?:a|abbr|article|b|blockquote|br|button|cite|code|dd|del|div|dl|dt|em|figure|font|h[1-6]|"
    r"hr|i|img|kbd|li|mark|nav|ol|p|pre|q|s|script|section|small|span|strong|style|su[bp]|svg|table|"
    r"tbody|td|th|thead|time|tr|u|ul|wbr)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TEMPLATE = re.compile(r"\{%[^{}]{0,500}%\}|\{\{[<%][^{}]{0,500}[>%]\}\}")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,60}\]:?")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A heading, a list item, a paragraph or a block of code of a saved page.

    `number` is its line in the file, from 1. `level` is 1 to 6 for a heading, `BOLD_LINE` for a
    bold line, else 0. `lead` is the bold or linked text at its start, `url` its first link. `apart`
    is False if it directly follows another line of the same paragraph.
    """

    text: str
    number: int | None
    kind: Literal["text", "item", "question", "code"] = "text"
    level: int = 0
    lead: str = ""
    url: str | None = None
    apart: bool = True


def tidy(text: str) -> str:
    """Remove leftover markup from `text`: entities, tags, comments, template and footnote marks."""
    for _ in range(4):
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    if "<" in text:
        text = _TAG.sub("", COMMENT.sub("", text)).replace("<!--", "")
    if "{" in text:
        text = _TEMPLATE.sub("", text)
        for mark in ("{{<", "{{", "}}", "{%", "%}"):
            text = text.replace(mark, "")
    return _FOOTNOTE.sub("", text) if "[^" in text else text
