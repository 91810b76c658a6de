"""Extract the lines of a page that was saved as text, and resolve Markdown in it."""

import re
from dataclasses import replace

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from index.sources.webpage.boilerplate import is_boilerplate
from index.sources.webpage.header import trail
from index.sources.webpage.headings import heading_kind
from index.sources.webpage.lines import COMMENT, TextLine
from index.sources.webpage.walk import LINE, Walk

_BULLET = re.compile(r"^\s*[•·▪◦‣●–—]\s+(?=\S)")
_RULE = re.compile(r"^\s*(=+|-+)\s*$")


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True})
setattr(_MARKDOWN, "validateLink", bool)  # noqa: B010  # addresses are checked when they are used
_MARKDOWN.disable(["code", "lheading"]).enable("table")


def lines_of_text(text: str) -> list[TextLine]:
    """Return the lines of a page saved as text; `number` counts from 1."""
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    raw = text.split("\n")
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.map:
            token.attrSet(LINE, str(token.map[0] + 1))
    page = BeautifulSoup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}), "html.parser")
    found: list[TextLine] = []
    for line in Walk(set()).read(page):
        if line.kind == "text" and _BULLET.match(line.text):
            line = replace(line, kind="item", text=_BULLET.sub("", line.text))
        last = found[-1] if found else None
        rule = _RULE.match(line.text)
        if rule and last and not line.apart and len(last.text) <= 120:
            found[-1] = replace(last, level=1 if "=" in rule[1] else 2)
        elif last and line.number and _continues(last, line, raw[line.number - 2]):
            found[-1] = replace(last, text=f"{last.text} {line.text}", url=last.url or line.url)
        else:
            found.append(line)
    return found


def _continues(last: TextLine, line: TextLine, above: str) -> bool:
    """Return whether `line` continues the paragraph `last`, which ends with the line `above`."""
    if line.apart or line.kind != "text" or line.level or last.level or last.kind == "code":
        return False
    if is_boilerplate(last.text) or is_boilerplate(line.text) or trail(last.text):
        return False
    if len(above.strip()) < 45 or heading_kind(line.text) or heading_kind(last.text):
        return False
    return line.text[:1].islower() or not re.search(r"[.!?…:;»›)\"”]$", last.text)
