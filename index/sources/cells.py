"""What stands in a cell of a table or a value of a record, as plain text in entry form."""

from __future__ import annotations

import html
import re

from index.sources.markdown.inline import runs_in
from index.sources.markdown.shortcodes import expand, hide
from index.text import clean, one_line

LONGEST_CELL = 20_000  # characters

_MARKED = re.compile(r"[\[\]<>*_`{}]|&#?\w+;|^[^\S\n]*(?:#|[•*+]\s)", re.MULTILINE)
_BLOCK_MARK = re.compile(r"^[ ]*(?:#{1,6}[ ]+|>[ ]?|`{3,}\w*$)", re.MULTILINE)
_BULLET = re.compile(r"^[ ]*[•*+][ ]+", re.MULTILINE)
# A bracket that begins no link is looked at to the end of the line, so many of them are not.
_MOST_BRACKETS = 40
_BLANK_LINES = re.compile(r"\n{3,}")


def marks_in(text: str) -> int:
    """How many signs of markup `text` has: what `plain` takes its time for."""
    return sum(map(text.count, "[*_`<"))


def plain(text: str) -> str:
    """`text` without Markdown, HTML, templates and entities; paragraphs and lists keep their
    lines. The words of a link stay, its address goes; code stays as text."""
    if _is_plain(text):
        return " ".join(text.split())
    text = clean(text)
    if text.startswith("&lt;") and text.endswith("&gt;"):  # markup that was escaped as a whole
        text = html.unescape(text)
    text = _BULLET.sub("- ", _BLOCK_MARK.sub("", expand(text))).replace("\\", hide("\\"))
    return clean(_BLANK_LINES.sub("\n\n", "\n".join(map(_plain_row, text.split("\n")))))


def _plain_row(text: str) -> str:
    """One line of a text; where HTML begins a paragraph or an item in it, several."""
    if _is_plain(text):
        return " ".join(text.split())
    if text.count("[") - text.count("](") > _MOST_BRACKETS:
        text = text.replace("[", hide("["))
    shown = ""
    for run in runs_in(text):
        if run.tag == "li":
            shown += f"\n- {run.text}"
        else:
            shown += f"\n\n{run.text}" if shown else run.text
    return shown


def plain_line(text: str) -> str:
    """`plain` text on one line."""
    return one_line(plain(text))


def _is_plain(text: str) -> bool:
    return text.isprintable() and not _MARKED.search(text)
