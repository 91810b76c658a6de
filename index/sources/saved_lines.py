"""The lines of a page that was saved as text, with whatever Markdown is in them resolved."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.sources.furniture import is_furniture
from index.sources.headings import heading_kind
from index.sources.saved_head import trail
from index.text import clean, one_line

BOLD_LINE = 7  # the level of a line that is bold as a whole: under every marked heading

_TAG = re.compile(
    r"</?(?:a|abbr|article|aside|audio|b|blockquote|body|br|button|canvas|cite|code|dd|del|details|"
    r"dfn|div|dl|dt|em|embed|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|"
    r"img|input|ins|kbd|label|li|link|main|mark|meta|nav|object|ol|option|p|picture|pre|q|s|samp|"
    r"script|section|select|small|source|span|strong|style|sub|summary|sup|svg|table|tbody|td|"
    r"template|textarea|tfoot|th|thead|time|title|tr|u|ul|var|video|wbr)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TEMPLATE = re.compile(r"\{%[^{}]{0,500}%\}|\{\{[<%][^{}]{0,500}[>%]\}\}")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,60}\]:?")
_BULLET = re.compile(r"^\s*[•·▪◦‣●–—]\s+(?=\S)")
_RULE = re.compile(r"^\s*(=+|-+)\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A heading, a list item, a paragraph or a block of code of a saved page.

    `level` is 1 to 6 for what is marked as a heading, `BOLD_LINE` for a line in bold, else 0.
    `lead` is what is bold or linked at its beginning; `url` its first link. `apart` says that
    it stands on its own in the file, not right under the line before.
    """

    text: str
    number: int | None
    kind: Literal["text", "item", "question", "code"] = "text"
    level: int = 0
    lead: str = ""
    url: str | None = None
    apart: bool = True


def tidy(text: str) -> str:
    """`text` without leftovers of markup: entities, tags, comments, template and footnote marks."""
    for _ in range(4):
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    if "<" in text:
        text = _TAG.sub("", _COMMENT.sub("", text)).replace("<!--", "")
    if "{" in text:
        text = _TEMPLATE.sub("", text)
        for mark in ("{{<", "{{", "}}", "{%", "%}"):
            text = text.replace(mark, "")
    return _FOOTNOTE.sub("", text) if "[^" in text else text


def lines_of_text(text: str) -> list[Line]:
    """The lines of a page saved as text; `number` counts from 1."""
    text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    raw = text.split("\n")
    found: list[Line] = []
    state = _Blocks(raw)
    for token in _MARKDOWN.parse(text):
        for line in state.lines(token):
            marked = _underlined(raw, line, found[-1] if found else None)
            if marked:
                found[-1] = marked
            elif line.text:
                _append(found, line, raw)
    return found


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802  # its name there
        """Every link is one, so that none stays as marks; who keeps its address checks it."""
        return bool(url)


_MARKDOWN = _Markdown("commonmark").disable(["code", "lheading", "html_block"]).enable("table")


class _Blocks:
    """Turns the tokens of a document into lines, one after the other."""

    def __init__(self, raw: list[str]) -> None:
        self.raw = raw
        self.level = 0
        self.item: int | None = None  # the file's line on which the open list item begins
        self.cells: list[str] = []
        self.row: int | None = None

    def lines(self, token: Token) -> Iterator[Line]:
        start = token.map[0] if token.map else None
        if token.type == "heading_open":
            self.level = int(token.tag[1])
        elif token.type == "heading_close":
            self.level = 0
        elif token.type == "list_item_open":
            self.item = start
        elif token.type == "list_item_close":
            self.item = None
        elif token.type == "tr_open":
            self.cells, self.row = [], start
        elif token.type == "tr_close":
            cells = [cell for cell in self.cells if cell]
            yield Line(
                " – ".join(cells), (self.row or 0) + 1, "item", lead=cells[0] if cells else ""
            )
            self.row = None
        elif token.type in ("fence", "code_block"):
            yield Line(tidy(clean(token.content)), (start or 0) + 1, "code")
        elif token.type == "inline" and self.row is not None:
            self.cells.append(" ".join(line.text for line in _inline(token, 0)))
        elif token.type == "inline":
            yield from self._paragraph(token, start or 0)

    def _paragraph(self, token: Token, start: int) -> Iterator[Line]:
        for offset, line in enumerate(_inline(token, start)):
            raw = self.raw[start + offset] if start + offset < len(self.raw) else ""
            line = replace(line, apart=offset == 0, level=self.level or line.level)
            if _BULLET.match(raw):
                line = replace(line, kind="item", text=_BULLET.sub("", line.text))
            elif self.item == start + offset:
                line = replace(line, kind="item")
            yield line


def _inline(token: Token, start: int) -> Iterator[Line]:
    """The lines of one paragraph: its text without marks, what it begins with, where it leads."""
    parts: list[str] = []
    lead, depth, url, number = "", 0, None, start + 1
    for child in [*(token.children or ()), Token("softbreak", "", 0)]:
        if child.type in ("softbreak", "hardbreak"):
            text = one_line(tidy("".join(parts)))
            lead = one_line(tidy(lead))
            short = lead and lead == text and len(text) <= 120 and url is None
            yield Line(text, number, lead=lead, url=url, level=BOLD_LINE if short else 0)
            parts, lead, url, number = [], "", None, number + 1
        elif child.type in ("strong_open", "link_open"):
            depth += 1
            href = child.attrs.get("href")
            url = url or (str(href) if href else None)
        elif child.type in ("strong_close", "link_close"):
            depth -= 1
            if not lead and "".join(parts[:-1]).strip(" \u200d\ufe0f•·–—") == "":
                lead = "".join(parts)
        elif child.type in ("text", "code_inline", "html_inline", "text_special"):
            parts.append(" " if child.content.startswith("<br") else child.content)


def _underlined(raw: list[str], line: Line, before: Line | None) -> Line | None:
    """`before` as a heading, when `line` is the row of = or - under it."""
    rule = _RULE.match(raw[line.number - 1]) if line.number and line.number <= len(raw) else None
    if rule and before and not line.apart and len(before.text) <= 120:
        return replace(before, level=1 if "=" in rule[1] else 2)
    return None


def _append(found: list[Line], line: Line, raw: list[str]) -> None:
    """Adds `line`, or joins it to the one before when a long line was only wrapped there."""
    last = found[-1] if found else None
    if last is None or line.number is None or not _goes_on(last, line, raw[line.number - 2]):
        found.append(line)
    else:
        found[-1] = replace(last, text=f"{last.text} {line.text}", url=last.url or line.url)


def _goes_on(last: Line, line: Line, above: str) -> bool:
    """Whether `line` is the rest of the paragraph that ends, in the file, with the line `above`."""
    if line.apart or line.kind != "text" or line.level or last.level or last.kind == "code":
        return False
    if is_furniture(last.text) or is_furniture(line.text) or trail(last.text):
        return False
    if len(above.strip()) < 45 or heading_kind(line.text) or heading_kind(last.text):
        return False
    return line.text[:1].islower() or not re.search(r"[.!?…:;»›)\"”]$", last.text)
