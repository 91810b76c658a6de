"""Extract the tables and definition lists of an HTML page as rows of texts.

The page is parsed as a stream, so that a table of thousands of rows takes seconds and little
memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

from index.sources.cells import literal
from index.sources.collector import MOST_COLUMNS
from index.text import clean, one_line

MOST_NESTED = 5  # tables in each other; deeper ones are part of the text of their cell
LARGEST_REPEATED = 4 * 1024 * 1024  # characters that cells spanning several rows may add
_UNSEEN = frozenset(
    {"script", "style", "template", "noscript", "nav", "footer", "aside", "select", "svg", "title"}
)
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "col", "wbr", "area", "source"})
_BREAKS = frozenset(
    {"p", "div", "ul", "ol", "pre", "blockquote", "section", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_TARGET = re.compile(r"^(?![a-z][a-z0-9+.-]*:|//)[^\s()<>\[\]\\`]{1,300}$", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_ITEM = re.compile(r"(?<!\n)\n+-\s*\n\s*")  # a list item whose text is in a paragraph of its own
_EMPTY_LINES = re.compile(r"\n{3,}")
_SOFT = re.compile(r"\s+")


@dataclass(slots=True)
class Cell:
    """A cell of a table, or a term or meaning of a definition list.

    Its text is Markdown: it has the links to other places, and other markup characters in it are
    escaped.
    """

    line: int
    down: int = 1  # rows that it spans
    across: int = 1
    parts: list[str] = field(default_factory=list)
    link: str = ""  # the target of the open link
    link_at: int = 0  # the part at which it starts

    def close_link(self) -> None:
        """Add the open link, unless it only marks a place, such as "¶"."""
        target, self.link = self.link, ""
        text = one_line("".join(self.parts[self.link_at :])) if target else ""
        if text in ("¶", "&#35;"):
            del self.parts[self.link_at :]
        elif text:
            self.parts[self.link_at :] = [f"[{text}]({target})"]

    @property
    def text(self) -> str:
        """The text, with a blank line between paragraphs and "- " before list items."""
        rows = (_SPACES.sub(" ", row).strip() for row in clean("".join(self.parts)).split("\n"))
        text = _ITEM.sub("\n- ", "\n".join(rows))
        text = _EMPTY_LINES.sub("\n\n", text).strip("\n ¶")
        return text if "\n- " in text else text.removeprefix("- ")


@dataclass(slots=True)
class HtmlTable:
    """A table or a definition list, whose rows consist of the terms and their meanings."""

    kind: Literal["table", "list"]
    rows: list[list[Cell]] = field(default_factory=list)

    def texts(self) -> list[tuple[int, list[str]]]:
        """Return the line and the texts of each row.

        A cell that spans rows is repeated in each; one that spans columns is followed by empty
        texts. A row that consists of one cell across the table, such as a letter, is left out.
        """
        widths = [sum(cell.across for cell in row) for row in self.rows]
        usual = max(widths, default=0)
        return [
            (line, texts)
            for line, texts, alone in self._spread()
            if not (alone and usual > 1) and any(texts)
        ]

    def _spread(self) -> Iterator[tuple[int, list[str], bool]]:
        """Yield the line and the texts of each row, and whether it is one cell across columns."""
        open_cells: dict[int, tuple[int, str]] = {}  # column -> rows still to fill, text
        repeated = 0
        for row in self.rows:
            texts: list[str] = []
            for cell in row:
                while len(texts) in open_cells:
                    texts.append(_take(open_cells, len(texts)))
                text = cell.text
                if cell.down > 1 and repeated < LARGEST_REPEATED:
                    open_cells[len(texts)] = (cell.down - 1, text)
                texts += [text, *[""] * (min(cell.across, MOST_COLUMNS) - 1)]
                del texts[MOST_COLUMNS:]
            while len(texts) in open_cells:
                texts.append(_take(open_cells, len(texts)))
            repeated += sum(len(text) for _, text in open_cells.values())
            if repeated >= LARGEST_REPEATED:
                open_cells.clear()
            if row:
                yield row[0].line, texts, len(row) == 1 and row[0].across > 1


def _take(open_cells: dict[int, tuple[int, str]], column: int) -> str:
    left, text = open_cells.pop(column)
    if left > 1:
        open_cells[column] = (left - 1, text)
    return text


def tables_in(html: str) -> tuple[list[HtmlTable], int]:
    """Return the tables and definition lists of a page, the inner ones before those that contain
    them, and the number of characters of the page's text. Raises `AssertionError` for HTML that the
    parser rejects."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    parser.end()
    return [table for table in parser.tables if table.rows], parser.characters


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[HtmlTable] = []
        self._open: list[HtmlTable] = []
        self._cells: list[Cell | None] = []  # the open cell of each open table
        self._unseen: list[str] = []
        self._pre = 0
        self.characters = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen or tag in _UNSEEN:
            if tag not in _VOID and (tag in _UNSEEN or tag == self._unseen[-1]):
                self._unseen.append(tag)
            return
        inner = self._open[-1] if self._open else None
        if tag in ("table", "dl") and len(self._open) < MOST_NESTED:
            self._open.append(HtmlTable("table" if tag == "table" else "list"))
            self._cells.append(None)
        elif inner and inner.kind == "table" and tag == "tr":
            self._end_cell()
            inner.rows.append([])
        elif inner and inner.kind == "table" and tag in ("td", "th"):
            self._start_cell(tag, dict(attrs))
        elif inner and inner.kind == "list" and tag in ("dt", "dd"):
            self._start_cell(tag, {})
        elif tag == "a":
            self._start_link(dict(attrs).get("href") or "")
        elif tag == "li":
            self._add("\n- ")
        elif tag == "br":
            self._add("\n")
        elif tag in _BREAKS:
            self._pre += tag == "pre"
            self._add("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag == self._unseen[-1]:
                self._unseen.pop()
            return
        if self._open and tag == ("table" if self._open[-1].kind == "table" else "dl"):
            self._end_table()
        elif self._open and tag in ("td", "th", "dt", "dd", "tr"):
            self._end_cell()
        elif tag == "a":
            self._end_link()
        elif tag in _BREAKS:
            self._pre = max(0, self._pre - (tag == "pre"))
            self._add("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.characters += len(data.strip())
            self._add(literal(data if self._pre else _SOFT.sub(" ", data)))

    def end(self) -> None:
        """Close the tables that the page leaves open."""
        while self._open:
            self._end_table()

    def _add(self, text: str) -> None:
        if self._cells and (cell := self._cells[-1]) is not None:
            cell.parts.append(text)

    def _start_link(self, target: str) -> None:
        self._end_link()
        cell = self._cells[-1] if self._cells else None
        if cell is not None and _TARGET.match(target):
            cell.link, cell.link_at = target, len(cell.parts)

    def _end_link(self) -> None:
        if self._cells and (cell := self._cells[-1]) is not None:
            cell.close_link()

    def _start_cell(self, tag: str, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        rows = self._open[-1].rows
        cell = Cell(
            self.getpos()[0], _span(attributes.get("rowspan")), _span(attributes.get("colspan"))
        )
        if tag in ("td", "th"):
            if not rows:
                rows.append([])
            rows[-1].append(cell)
        elif tag == "dt" or not rows:
            if tag == "dd":
                return  # a meaning without a term
            rows.append([cell])
        else:
            rows[-1].append(cell)
        cell.across = min(cell.across, MOST_COLUMNS)
        self._cells[-1] = cell

    def _end_cell(self) -> None:
        self._end_link()
        self._cells[-1] = None

    def _end_table(self) -> None:
        table = self._open.pop()
        self._cells.pop()
        self.tables.append(table)
        for row in table.rows:
            self._add("\n" + " – ".join(filter(None, (one_line(cell.text) for cell in row))))


def _span(value: str | None) -> int:
    if value and len(value) <= 5 and value.isascii() and value.isdigit():
        return max(1, int(value))
    return 1
