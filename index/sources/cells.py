"""What stands in a cell of a table or a value of a record, as plain text in entry form."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.entry import Section
from index.text import clean, one_line, shorten

LONGEST_CELL = 20_000  # characters
LONGEST_SECTION = 1_500  # characters
DEFINITION = 300  # characters, about
LONGEST_DEFINITION = 1_000  # characters, for a first sentence that does not end

_MARKDOWN = MarkdownIt("commonmark").disable("escape")
# A bracket that begins no link is looked at to the end of the text, so many of them are not.
_WITHOUT_LINKS = MarkdownIt("commonmark").disable(["escape", "link", "image"])
_MOST_BRACKETS = 40
_MARKED = re.compile(r"[\[\]<>*_`{}]|&#?\w+;|^[^\S\n]*(?:#|[•*+]\s)", re.MULTILINE)
_HEADING = re.compile(r"^[ ]*#{1,6}[ ]+", re.MULTILINE)
_BULLET = re.compile(r"^[ ]*[•*+][ ]+", re.MULTILINE)
_QUOTED = re.compile(r"^[ ]*>[ ]?", re.MULTILINE)
_WORDS = re.compile(r"""\btext\s*=\s*["']([^"'{}]*)["']""")
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}")
_BRACES = re.compile(r"\{\{+|\}\}+|\{%|%\}|<!--|-->")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,60}\]:?")
_REFERENCE = re.compile(r"(?<!\w)\[([^\[\]]{1,200})\]\[[^\[\]]{0,200}\]")
_WIKI = re.compile(r"\[\[(?:[^\[\]|]{1,200}\|)?([^\[\]|]{1,200})\]\]")
_TAG = re.compile(r"</?([a-zA-Z][\w-]*)")
_BREAKS = frozenset({"br", "p", "div", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "table"})
_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe"})
_BLANK_LINES = re.compile(r"\n[ ]*\n\s*")
_SENTENCE = re.compile(r"""[.!?…]["”’)\]]*(?=\s)""")
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|dr|mrs?|ms|no|fig|approx|inc|ltd|co|st|incl|esp)"
    r"|(?<!\w)[A-Za-z])$",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"\n\n|\n(?=- )")


def marks_in(text: str) -> int:
    """How many signs of markup `text` has: what `plain` takes its time for."""
    return sum(map(text.count, "[*_`<"))


def plain(text: str) -> str:
    """`text` without Markdown, HTML, templates and entities; paragraphs and lists keep their
    lines. The words of a link stay, its address goes; code stays as text."""
    if _is_plain(text):
        return " ".join(text.split())
    text = _template_words(clean(text))
    if _MARKED.search(text):
        text = _HEADING.sub("", _BULLET.sub("- ", _QUOTED.sub("", text)))
        text = _REFERENCE.sub(r"\1", _WIKI.sub(r"\1", _FOOTNOTE.sub("", text)))
        text = _without_marks(text)
        if text.startswith("<") and text.endswith(">"):  # markup that was escaped as a whole
            text = _without_marks(text)
    while (once := html.unescape(text)) != text:
        text = once
    text = _BRACES.sub("", text)
    lines = [" ".join(words.split()) for words in clean(text).split("\n")]
    return clean(_BLANK_LINES.sub("\n\n", "\n".join(lines)))


def plain_line(text: str) -> str:
    """`plain` text on one line."""
    return " ".join(text.split()) if _is_plain(text) else line(plain(text))


def _is_plain(text: str) -> bool:
    return text.isprintable() and not _MARKED.search(text)


def line(text: str) -> str:
    """What `one_line` gives, sooner where there is nothing to clean."""
    return " ".join(text.split()) if text.isprintable() else one_line(text)


def _template_words(text: str) -> str:
    def words(match: re.Match[str]) -> str:
        found = _WORDS.search(match.group())
        return found.group(1) if found else ""

    return _TEMPLATE.sub(words, text) if "{" in text else text


def _without_marks(text: str) -> str:
    parts: list[str] = []
    unseen = ""
    for token in _inline(text):
        if token.type == "html_inline":
            tag = _TAG.match(token.content)
            name = tag.group(1).casefold() if tag else ""
            closing = token.content.startswith("</")
            if unseen:
                unseen = "" if closing and name == unseen else unseen
            elif name in _UNSEEN and not closing:
                unseen = name
            elif name == "li" and not closing:
                parts.append("\n- ")
            elif name in _BREAKS:
                parts.append("\n" if name in {"br", "tr"} else "\n\n")
        elif not unseen:
            parts.append("\n" if token.type in ("softbreak", "hardbreak") else token.content)
    return "".join(parts)


def _inline(text: str) -> Iterator[Token]:
    few = text.count("[") - text.count("](") <= _MOST_BRACKETS
    for token in (_MARKDOWN if few else _WITHOUT_LINKS).parseInline(text):
        for child in token.children or ():
            if child.type == "image":
                yield from child.children or ()
            else:
                yield child


def _sentence_ends(text: str) -> Iterator[int]:
    for match in _SENTENCE.finditer(text):
        following = text[match.end() :].lstrip()[:1]
        if not following.islower() and not _ABBREVIATIONS.search(text[: match.start()][-12:]):
            yield match.end()


def split_definition(text: str) -> tuple[str, str]:
    """A definition on one line (the first sentences of `text`, up to about 300 characters), and
    the rest of the text."""
    first, *more = _PARAGRAPH.split(text, maxsplit=1)
    rest = text[len(first) :].strip() if more else ""
    first = line(first)
    if len(first) <= DEFINITION:
        return first, rest
    end = 0
    for at in _sentence_ends(first + " "):
        if end and at > DEFINITION:
            break
        end = at
        if at > DEFINITION:
            break
    if not 0 < end <= LONGEST_DEFINITION:
        return shorten(first, DEFINITION), text
    left = first[end:].strip()
    return first[:end].strip(), "\n\n".join(part for part in (left, rest) if part)


def sections(heading: str, text: str) -> Iterator[Section]:
    """`text` under `heading`, in sections of at most about 1,500 characters."""
    piece = ""
    for part in _pieces(text):
        if piece and len(piece) + len(part) > LONGEST_SECTION:
            yield Section(heading, piece.strip())
            piece = ""
        piece += part
    if piece.strip():
        yield Section(heading, piece.strip())


def _pieces(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        if len(paragraph) <= LONGEST_SECTION:
            yield paragraph + "\n\n"
            continue
        start = 0
        for end in (*_sentence_ends(paragraph), len(paragraph)):
            for at in range(start, end, LONGEST_SECTION):
                yield paragraph[at : min(end, at + LONGEST_SECTION)]
            start = end
        yield "\n\n"
