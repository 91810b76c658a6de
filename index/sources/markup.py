"""Markdown as plain text."""

from __future__ import annotations

from index.sources.markdown_blocks import as_text, blocks_of
from index.text import one_line


def plain_markdown(text: str) -> str:
    """Markdown as plain text: paragraphs with a blank line between them, list items as "- " lines,
    code as it is. Links, images, footnote marks, HTML and macros leave only what they show.

    Raises `RefusedError` for text of nothing but marks, which takes too long.
    """
    return as_text(block for block in blocks_of(text) if block.kind != "note")


def plain_line(text: str) -> str:
    """Markdown that is a name or a phrase, as one line of plain text."""
    return one_line(plain_markdown(text).removeprefix("- "))
