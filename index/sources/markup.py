"""Markdown and HTML fragments as plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from index.sources.macros import expand, neutral
from index.sources.markdown_blocks import Block, as_text, blocks_of
from index.sources.wordlist import words
from index.text import clean, one_line

LONGEST_HTML = 500_000  # characters

_BLOCK_TAGS = words(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section "
    "summary table tbody thead tfoot tr ul"
)
_HIDDEN_TAGS = frozenset({"script", "style", "template", "head", "svg", "math", "noscript"})
_PARAGRAPHS = re.compile(r"\s*\n\s*\n\s*")


def plain_markdown(text: str) -> str:
    """Markdown as plain text: paragraphs with a blank line between them, list items as "- " lines,
    code as it is. Links, images, footnote marks, HTML and macros leave only what they show.

    Raises `markdown_inline.IntricateError` for text of nothing but marks, which takes too long.
    """
    return as_text(block for block in blocks_of(text) if block.kind != "note")


def plain_line(text: str) -> str:
    """Markdown that is a name or a phrase, as one line of plain text."""
    return one_line(plain_markdown(text).removeprefix("- "))


def sections_of(markdown: str) -> list[tuple[str, str, int]]:
    """The text cut at its headings: (heading, plain text, line of the heading from 1).

    The first is what stands before any heading, with the heading ""; it may be empty.
    """
    parts: list[tuple[str, list[Block], int]] = [("", [], 1)]
    for block in blocks_of(markdown):
        if block.kind == "heading":
            parts.append((block.text, [], block.line))
        else:
            parts[-1][1].append(block)
    return [(heading, as_text(blocks), line) for heading, blocks, line in parts]


def plain_html(text: str) -> str:
    """An HTML fragment as plain text, of its first 500,000 characters; paragraphs and list items
    as in `plain_markdown`. Scripts, styles and comments leave nothing."""
    reader = _PlainHtml()
    reader.feed(expand(text[:LONGEST_HTML]).text)
    reader.close()
    return reader.result()


class _PlainHtml(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._hidden = ""
        self._preformatted = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden:
            return
        if tag in _HIDDEN_TAGS:
            self._hidden = tag
        elif tag == "br":
            self._out.append("\n")
        elif tag == "li":
            self._out.append("\n\n- ")
        elif tag in _BLOCK_TAGS:
            self._out.append("\n\n")
        elif tag in ("td", "th"):
            self._out.append(" ")
        self._preformatted += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden = "" if tag == self._hidden else self._hidden
            return
        if tag in _BLOCK_TAGS:
            self._out.append("\n\n")
        if tag == "pre" and self._preformatted:
            self._preformatted -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._out.append(data if self._preformatted else re.sub(r"\s+", " ", data))

    def result(self) -> str:
        text = clean(neutral("".join(self._out)))
        paragraphs = [part.strip() for part in _PARAGRAPHS.split(text)]
        joined = ""
        for part in paragraphs:
            if part in ("", "-"):
                continue
            listed = part.startswith("- ") and joined.rpartition("\n")[2].startswith("- ")
            joined += ("" if not joined else "\n" if listed else "\n\n") + part
        return clean(joined)
