"""Parse Markdown into a flat list of plain-text blocks: headings, paragraphs, items, rows, …

The Markdown readers work on these blocks and never see Markdown syntax.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it.token import Token

from index.sources.markdown.inline import MARKDOWN, runs_of
from index.sources.markdown.shortcodes import expand, reveal
from index.text import clean, one_line

Kind = Literal["heading", "text", "item", "code", "row", "term", "meaning", "note"]

_BULLET = re.compile(r"^\s*(?:\[[ xX]\]\s+|\[![A-Z]+\]\s*)")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of plain text.

    `line` counts from 1. `level` is the level of a heading, the depth of an item or the number of a
    footnote. `lead` is the bold text at the start, `rest` the text after it. `cells` are the cells
    of a row, `header` those of the table's header. `notes` are the numbers of the footnotes that
    the block refers to, `url` is the first web address, `links` are the targets and texts of the
    links to other places.
    """

    kind: Kind
    text: str
    line: int
    level: int = 0
    lead: str = ""
    rest: str = ""
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    notes: tuple[int, ...] = ()
    url: str | None = None
    links: tuple[tuple[str, str], ...] = ()


def blocks_of(markdown: str) -> list[Block]:
    """Parse a Markdown text into blocks, in order and without empty ones."""
    walk = _Walk(MARKDOWN.parse(expand(markdown)))
    return [replace(block, line=block.line + 1) for block in walk.blocks()]


def as_text(blocks: Iterable[Block]) -> str:
    """Join blocks into one text: a blank line between paragraphs, "- " before items and rows."""
    parts: list[str] = []
    before = ""
    for block in blocks:
        is_item = block.kind in ("item", "row")
        line = f"{'  ' * max(0, block.level - 1)}- {block.text}" if is_item else block.text
        parts.append(("\n" if is_item and block.kind == before else "\n\n") + line)
        before = block.kind
    return clean("".join(parts))


def plain_markdown(text: str) -> str:
    """Convert Markdown to plain text: paragraphs separated by blank lines, list items as "- "
    lines, code unchanged. Only the displayed text of links, images, HTML and macros remains.

    Raises `RefusedError` for text with too much markup to parse.
    """
    return as_text(block for block in blocks_of(text) if block.kind != "note")


def plain_line(text: str) -> str:
    """Convert Markdown, such as a name or phrase, to one line of plain text."""
    return one_line(plain_markdown(text).removeprefix("- "))


class _Walk:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._line = 0
        self._depth = 0
        self._first = False  # whether the next paragraph is the first of a list item
        self._heading = 0
        self._note: int | None = None
        self._definition = ""
        self._header: tuple[str, ...] = ()
        self._cells: list[str] | None = None
        self._links: list[tuple[str, str]] = []  # in the open row
        self._in_head = False

    def blocks(self) -> Iterator[Block]:
        for token in self._tokens:
            if token.map:
                self._line = token.map[0]
            if token.type == "inline":
                yield from self._inline(token)
            elif token.type == "fence" and token.content.strip():
                if text := clean(reveal(token.content)):
                    yield self._with_kind(Block("code", text, self._line))
            elif token.type == "tr_close":
                yield from self._row()
            else:
                self._enter(token)

    def _enter(self, token: Token) -> None:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            self._depth += 1
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._depth -= 1
        elif kind in ("list_item_open", "list_item_close"):
            self._first = kind == "list_item_open"
        elif kind in ("heading_open", "heading_close"):
            self._heading = int(token.tag[1]) if token.nesting == 1 else 0
        elif kind in ("dt_open", "dt_close", "dd_open", "dd_close"):
            self._definition = token.tag if token.nesting == 1 else ""
        elif kind in ("thead_open", "thead_close"):
            self._in_head = kind == "thead_open"
        elif kind == "tr_open":
            self._cells, self._links = [], []
        elif kind == "footnote_open":
            self._note = int(token.meta["id"])
        elif kind == "footnote_close":
            self._note = None

    def _row(self) -> Iterator[Block]:
        cells, self._cells = tuple(self._cells or ()), None
        if self._in_head:
            self._header = cells
        elif any(cells):
            named = zip(self._header, cells, strict=False)
            parts = [f"{name}: {cell}" if name else cell for name, cell in named if cell]
            text = "; ".join(parts)
            links = tuple(self._links)
            yield Block("row", text, self._line, cells=cells, header=self._header, links=links)

    def _inline(self, token: Token) -> Iterator[Block]:
        if self._cells is not None:
            runs = runs_of(token)
            self._cells.append(" ".join(run.text for run in runs))
            self._links += (link for run in runs for link in run.links)
            return
        for run in runs_of(token):
            text = _BULLET.sub("", run.text)
            if text:
                block = Block("text", text, self._line + run.line, lead=run.lead, rest=run.rest)
                block = replace(block, links=tuple(run.links))
                yield self._with_kind(replace(block, notes=tuple(run.notes), url=run.url), run.tag)
                self._first = self._first and self._heading > 0

    def _with_kind(self, block: Block, tag: str = "") -> Block:
        if self._note is not None:
            return replace(block, kind="note", level=self._note)
        if self._heading:
            return replace(block, kind="heading", level=self._heading)
        tag = tag or self._definition
        if tag == "dt":
            return replace(block, kind="term")
        if tag == "li" or self._first:
            return replace(block, kind="item", level=max(1, self._depth))
        if tag == "dd":
            return replace(block, kind="meaning")
        return replace(block, level=self._depth)
