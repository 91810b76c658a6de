"""Extract the lines of text from the elements of an HTML page."""

import re
from dataclasses import dataclass, field

from bs4 import Tag
from bs4.element import Comment, NavigableString, PreformattedString

from index.sources.webpage.lines import BOLD_LINE, TextLine, tidy
from index.text import clean, one_line

LINE = "data-line"  # attribute with the line number, for pages saved as text
CRUMBS = re.compile(r"bread-?_?crumb", re.IGNORECASE)  # in classes and ids of breadcrumbs
_DROPPED = frozenset((
    "nav", "footer", "aside", "script", "style", "form", "template", "noscript", "svg",
    "iframe", "object", "embed", "canvas", "audio", "video", "select", "textarea", "input",
    "dialog", "menu", "head", "title", "map",
))  # fmt: skip
_DROPPED_ROLES = frozenset(
    ("navigation", "search", "banner", "contentinfo", "complementary", "note", "doc-backlink")
)
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "html", "li", "main", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "thead", "tfoot", "tr", "ul",
))  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEADS = frozenset(("a", "b", "strong", "dfn"))
_BEFORE_LEAD = " \n\u200d\ufe0f•·–—"
_DISPLAY_STYLE = re.compile(r"\{\\(?:display|text)style (.*)\}", re.DOTALL)
_NOTE_MARK = re.compile(r"\[[^\[\]]{1,20}\]")  # "[1]", "[citation needed]"
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING_CLASSES = frozenset(
    ("visually-hidden", "sr-only", "screen-reader-text", "hidden", "d-none")
)


@dataclass
class Walk:
    """Collects the lines of elements in document order.

    `shown` contains the ids of hidden panels to read, since a button on the page opens them.
    """

    shown: set[str]
    lines: list[TextLine] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    lead: str = ""
    lead_at: int = -1
    url: str | None = None
    number: int | None = None
    apart: bool = True  # see `TextLine.apart`
    level: int = 0
    term: bool = False  # inside dt, summary, or a button that opens a panel
    item: bool = False  # at the start of a list item
    pre: int = 0
    cells: list[TextLine] | None = None

    def read(self, root: Tag) -> list[TextLine]:
        """Return the visible lines of `root`, without navigation and other dropped elements."""
        stack: list[tuple[Tag | NavigableString, bool]] = [(root, True)]
        while stack:
            node, entering = stack.pop()
            if isinstance(node, NavigableString):
                if not isinstance(node, Comment | PreformattedString):
                    self.text.append(str(node))
            elif not entering:
                self._leave(node)
            elif node.name in ("img", "math"):
                self.text.append(_formula(node))
            elif node is root or not self._dropped(node):
                self._enter(node)
                stack.append((node, False))
                children = [c for c in node.children if isinstance(c, Tag | NavigableString)]
                stack.extend((child, True) for child in reversed(children))
        self._flush()
        return [line for line in self.lines if line.text]

    def _dropped(self, tag: Tag) -> bool:
        if tag.name in _DROPPED:
            return True
        if str(tag.get("id", "")) in self.shown:
            return False
        if tag.name == "sup":
            return bool(_NOTE_MARK.fullmatch(_short_text(tag).strip()))
        if tag.name == "header":
            return not tag.find_parent(["main", "article", "section"]) and not tag.find("h1")
        if tag.name == "button":
            return not (self.level or self.term or tag.get("aria-controls"))
        if tag.name in ("ul", "ol"):
            links = [link.get("href") for link in tag.find_all("a")]
            inner = bool(links) and all(str(href).startswith("#") for href in links)
            return inner and len(links) >= len(tag.find_all("li"))
        classes = {str(name) for name in tag.get_attribute_list("class")}
        return (
            (tag.has_attr("hidden") and tag.get("hidden") != "until-found")
            or tag.get("aria-hidden") == "true"
            or tag.get("role") in _DROPPED_ROLES
            or bool(_HIDING_STYLE.search(str(tag.get("style") or "")))
            or bool(classes & _HIDING_CLASSES)
            or (any(CRUMBS.search(name) for name in classes) and not tag.find("h1"))
        )

    def _enter(self, tag: Tag) -> None:
        opens_panel = tag.name == "button" and tag.get("aria-controls")
        if tag.name in _BLOCKS or opens_panel:
            if not (opens_panel and self.level):
                self._flush()
            self.number, self.apart = _line_of(tag), True
        if tag.name in _HEADINGS:
            self.level = _HEADINGS[tag.name]
        elif tag.name in ("dt", "summary") or opens_panel:
            self.term = True
        elif tag.name == "li":
            self.item = True
        elif tag.name == "pre":
            self.pre += 1
        elif tag.name == "tr":
            self.cells = []
        elif tag.name == "br":
            self._flush()
            if self.number and tag.find_parent(attrs={LINE: True}):
                self.number, self.apart = self.number + 1, False
        elif tag.name in _LEADS:
            if self.lead_at < 0 and not "".join(self.text).strip(_BEFORE_LEAD):
                self.lead_at = len(self.text)
            if tag.name == "a" and self.url is None:
                self.url = str(tag.get("href") or "") or None

    def _leave(self, tag: Tag) -> None:
        if tag.name in _LEADS and self.lead_at >= 0 and not self.lead:
            self.lead = "".join(self.text[self.lead_at :])
        if tag.name in ("td", "th") and self.cells is not None:
            self._flush()
        elif tag.name == "tr" and self.cells is not None:
            self._flush()
            cells, self.cells = [cell for cell in self.cells if cell.text], None
            if cells:
                url = next((cell.url for cell in cells if cell.url), None)
                text = " – ".join(cell.text for cell in cells)
                self.lines.append(
                    TextLine(text, _line_of(tag), "item", lead=cells[0].text, url=url)
                )
        elif tag.name in _BLOCKS or (tag.name == "button" and self.term and not self.level):
            self._flush()
        if tag.name in _HEADINGS:
            self.level = 0
        elif tag.name in ("dt", "summary", "button"):
            self.term = False
        elif tag.name == "li":
            self.item = False
        elif tag.name == "pre":
            self.pre -= 1

    def _flush(self) -> None:
        joined = tidy("".join(self.text))
        text = clean(joined) if self.pre else one_line(joined)
        lead, url = one_line(tidy(self.lead)), self.url
        self.text, self.lead, self.lead_at, self.url = [], "", -1, None
        if not text:
            return
        bold = bool(lead) and lead == text and len(text) <= 120 and url is None
        line = TextLine(
            text,
            self.number,
            "code" if self.pre else "question" if self.term else "item" if self.item else "text",
            self.level or (BOLD_LINE if bold and not self.term and not self.item else 0),
            lead,
            url,
            self.apart,
        )
        self.item = False
        if self.cells is None:
            self.lines.append(line)
        else:
            self.cells.append(line)


def _short_text(tag: Tag, levels: int = 4) -> str:
    """Return the text of an element, cut where it has many children or they are nested deeply."""
    return "".join(
        _short_text(child, levels - 1) if isinstance(child, Tag) else str(child)
        for child in tag.contents[: 5 if levels else 0]
    )


def _formula(tag: Tag) -> str:
    """Return the TeX source of a formula in MathML, or in a picture marked as one, or ""."""
    if tag.name == "math":
        source = tag.find("annotation", encoding="application/x-tex")
        text = source.get_text() if source else str(tag.get("alttext") or "")
    else:
        classes = map(str, tag.get_attribute_list("class"))
        text = str(tag.get("alt") or "") if any("math" in name for name in classes) else ""
    found = _DISPLAY_STYLE.fullmatch(text.strip())
    return found[1] if found else text


def _line_of(tag: Tag) -> int | None:
    return int(str(tag[LINE])) if tag.has_attr(LINE) else tag.sourceline
