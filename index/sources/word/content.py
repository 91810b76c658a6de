"""Extract the paragraphs and tables of a Word document."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from index.sources.document import FlowDocument, Paragraph
from index.sources.tabular.csv import Row
from index.sources.word.anchors import Anchors
from index.sources.word.open_links import OpenLinks, Part
from index.sources.word.word_archive import WordArchive
from index.text import one_line

_TITLE = "title"
_HEADING = "heading "
_CONTENTS = "toc"
_MOST_STEPS = 20  # from a style to the one that it is based on
_UNSEEN = frozenset({"Fallback", "moveFrom", "del", "txbxContent"})
_LINKS = frozenset({"hyperlink", "fldSimple"})
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(slots=True)
class WordStyle:
    """A style: its name in lower case, its outline level (0 if it is no heading), whether it is
    bold, and the style that it is based on."""

    name: str = ""
    level: int = 0
    bold: bool | None = None
    base: str = ""


@dataclass(slots=True)
class _Cell:
    across: int = 1
    merged: bool = False  # with the cell above
    parts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    rows: list[Row] = field(default_factory=list)
    cells: list[_Cell] = field(default_factory=list)
    number: int = 0


def document_of(archive: WordArchive) -> FlowDocument:
    """Return the paragraphs and tables of a document. Deleted and hidden text, text boxes and the
    table of contents are left out."""
    reader = _Reader(_styles_in(archive))
    for name, attributes, starts in archive.events("word/document.xml", needed=True):
        reader.take(name, attributes, starts=starts)
    reader.document.links = reader.anchors.resolved()
    return reader.document


def _styles_in(archive: WordArchive) -> dict[str, WordStyle]:
    styles: dict[str, WordStyle] = {}
    style = WordStyle()
    for name, attributes, starts in archive.events("word/styles.xml", needed=False):
        value = attributes.get("val", "")
        if not starts:
            continue
        if name == "style":
            style = styles[attributes.get("styleId", "")] = WordStyle()
        elif name == "name":
            style.name = value.casefold()
        elif name == "basedOn":
            style.base = value
        elif name == "outlineLvl" and value in "012345678":
            style.level = min(int(value or 8) + 1, 6)
        elif name == "b":
            style.bold = value not in _OFF
    return styles


class _Reader:
    def __init__(self, styles: dict[str, WordStyle]) -> None:
        self.document = FlowDocument()
        self.anchors = Anchors()
        self._styles = styles
        self._number = 0
        self._tables: list[_Table] = []
        self._unseen = 0
        self._parts: list[Part] = []
        self._style = ""
        self._level = 0
        self._item = False
        self._run: WordStyle | None = None  # inside a run
        self._hidden = False
        self._links = OpenLinks()

    def take(self, name: str, attributes: dict[str, str], *, starts: bool) -> None:
        """Take the start or the end of an element."""
        if name in _UNSEEN:
            self._unseen += 1 if starts else -1
        elif self._unseen:
            return
        elif starts:
            self._start(name, attributes)
        else:
            self._end(name, attributes)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get("val", "")
        cells = self._tables[-1].cells if self._tables else []
        if name == "bookmarkStart":
            self.anchors.mark(attributes.get("name", ""))
        elif name in _LINKS:
            self._links.start(attributes, self._parts)
        elif name == "fldChar":
            self._links.take_mark(attributes.get("fldCharType", ""), self._parts)
        elif name == "p":
            self._number += 1
            self._parts, self._style, self._level, self._item = [], "", 0, False
        elif name == "tbl":
            self._tables.append(_Table())
        elif name == "tr" and self._tables:
            self._tables[-1].cells, self._tables[-1].number = [], self._number + 1
        elif name == "tc" and self._tables:
            cells.append(_Cell())
        elif name == "gridSpan" and cells and value.isascii() and value.isdigit():
            cells[-1].across = min(max(1, int(value[:3])), 200)
        elif name == "vMerge" and cells:
            cells[-1].merged = value != "restart"
        elif name == "pStyle":
            self._style = value
        elif name == "outlineLvl" and value and value in "01234567":
            self._level = min(int(value) + 1, 6)
        elif name == "numPr":
            self._item = True
        elif name == "r":
            self._run, self._hidden = WordStyle(), False
        elif self._run is not None:
            self._set_run(name, value)

    def _set_run(self, name: str, value: str) -> None:
        run = self._run or WordStyle()
        if name == "rStyle":
            run.base = value
        elif name == "b":
            run.bold = value not in _OFF
        elif name == "vanish":
            self._hidden = value not in _OFF

    def _end(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self._add(attributes[""])
        elif name in ("tab", "br", "cr", "noBreakHyphen") and self._run is not None:
            self._add({"tab": "\t", "noBreakHyphen": "-"}.get(name, "\n"))
        elif name == "r":
            self._run = None
        elif name == "instrText":
            self._links.add_code(attributes[""])
        elif name in _LINKS:
            self._links.end(self._parts)
        elif name == "p":
            self._end_paragraph()
        elif name == "tr" and self._tables:
            self._end_row(self._tables[-1])
        elif name == "tbl" and self._tables:
            self._end_table()

    def _add(self, text: str) -> None:
        run = self._run or WordStyle()
        if not self._hidden:
            self._parts.append((text, self._is_bold(run)))

    def _is_bold(self, run: WordStyle) -> bool:
        if run.bold is not None:
            return run.bold
        styles = (*self._based(run.base), *self._based(self._style))
        return next((style.bold for style in styles if style.bold is not None), False)

    def _based(self, name: str) -> Iterator[WordStyle]:
        for _ in range(_MOST_STEPS):
            if name not in self._styles:
                return
            yield self._styles[name]
            name = self._styles[name].base

    def _end_paragraph(self) -> None:
        text = "".join(part for part, _ in self._parts).strip()
        parts, self._parts = self._parts, []
        styles = list(self._based(self._style)) or [WordStyle(self._style.casefold())]
        if not text or any(style.name.startswith(_CONTENTS) for style in styles):
            if not self._tables:
                self._links.links.clear()
            return
        if self._tables:
            cells = self._tables[-1].cells
            if cells:
                cells[-1].parts.append(f"- {text}" if self._item else text)
            return
        level = self._level or next(filter(None, map(_level_of, styles)), 0)
        lead = ""
        for part, bold in parts:
            if not bold and part.strip():
                break
            lead += part
        self.anchors.name(text, one_line(lead))
        self._take_links(self._number)
        self.document.paragraphs.append(
            Paragraph(self._number, text, level, one_line(lead), self._item)
        )

    def _take_links(self, number: int) -> None:
        for anchor, text in self._links.links:
            self.anchors.link(number, anchor, text)
        self._links.links.clear()

    def _end_row(self, table: _Table) -> None:
        texts: list[str] = []
        above = table.rows[-1][1] if table.rows else []
        for cell in table.cells:
            at = len(texts)
            merged = cell.merged and not cell.parts and at < len(above)
            texts += [above[at] if merged else _joined(cell.parts)] + [""] * (cell.across - 1)
        alone = len(table.cells) == 1 and table.cells[0].across > 1
        if any(texts) and not alone:  # a single cell is a heading within the table
            table.rows.append((table.number, texts[:200]))
            self.anchors.name(next(filter(None, texts)))
            self._take_links(table.number)
        table.cells = []

    def _end_table(self) -> None:
        table = self._tables.pop()
        self.document.tables.append(table.rows)
        if self._tables and self._tables[-1].cells:
            lines = (" – ".join(filter(None, cells)) for _, cells in table.rows)
            self._tables[-1].cells[-1].parts += lines


def _level_of(style: WordStyle) -> int:
    if style.name == _TITLE:
        return 1
    number = style.name.removeprefix(_HEADING).removeprefix("heading")
    if style.name.startswith("heading") and number.isascii() and number.isdigit():
        return min(max(1, int(number[:2])), 6)
    return style.level


def _joined(parts: list[str]) -> str:
    text = ""
    for part in parts:
        between = "\n" if part.startswith("- ") and text else "\n\n" if text else ""
        text += between + part
    return text
