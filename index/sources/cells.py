"""Convert cells of a table, or values of a record, to plain text."""

import html
import re

from index.sources.markdown.inline import runs_in
from index.sources.markdown.shortcodes import expand, hide
from index.text import clean, one_line

LONGEST_CELL = 20_000  # characters

_MARKED = re.compile(r"[\[\]<>*_`{}]|&#?\w+;|^[^\S\n]*(?:#|[•*+]\s)", re.MULTILINE)
_BLOCK_MARK = re.compile(r"^[ ]*(?:#{1,6}[ ]+|>[ ]?|`{3,}\w*$)", re.MULTILINE)
_BULLET = re.compile(r"^[ ]*[•*+][ ]+", re.MULTILINE)
# The parser scans to the end of the line for each unmatched bracket. In a line with more brackets
# than this, they are treated as text.
_MOST_BRACKETS = 40
_MARKUP = re.compile(r"[\[\]<>*_`{}#]")
_ESCAPED = {ord(sign): f"&#{ord(sign)};" for sign in "[]<>*_`{}#"}
_BLANK_LINES = re.compile(r"\n{3,}")


def marks_in(text: str) -> int:
    """Count the markup characters in `text`, which determine the running time of `plain`."""
    return sum(map(text.count, "[*_`<"))


def literal(text: str) -> str:
    """Escape the markup characters of a plain text, so that `plain` returns it unchanged."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    return text.translate(_ESCAPED) if _MARKUP.search(text) else text


def plain(text: str) -> str:
    """Convert Markdown, HTML, template macros and entities in `text` to plain text.

    Line breaks of paragraphs and lists are preserved. Only the text of a link remains.
    """
    if _is_plain(text):
        return " ".join(text.split())
    text = clean(text)
    if text.startswith("&lt;") and text.endswith("&gt;"):  # escaped markup
        text = html.unescape(text)
    text = _BULLET.sub("- ", _BLOCK_MARK.sub("", expand(text))).replace("\\", hide("\\"))
    return clean(_BLANK_LINES.sub("\n\n", "\n".join(map(_plain_row, text.split("\n")))))


def _plain_row(text: str) -> str:
    """Convert one line to plain text. HTML paragraphs and list items in it start new lines."""
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
    """Return `plain(text)` on one line."""
    return one_line(plain(text))


def _is_plain(text: str) -> bool:
    return text.isprintable() and not _MARKED.search(text)
