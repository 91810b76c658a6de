"""Read HTML pages that list terms in headings, bold text or paragraphs."""

import re
from collections.abc import Mapping

from index.sources.document import FlowDocument, Paragraph, read_document
from index.sources.files import Reading, SourceFile
from index.sources.webpage.html import saved_page
from index.sources.webpage.lines import BOLD_LINE, TextLine

LARGEST_PAGE = 1_500_000  # characters
_RULE = re.compile(r"\.([\w-]{1,60})\s*\{[^{}]{0,1000}?font-weight\s*:\s*(?:bold|[6-9]00)")
_SPAN = re.compile(
    r"<span\s(?:class=\"([^\"<>]{0,300})\")?([^<>]{0,300})>([^<>]*)</span>", re.IGNORECASE
)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")


def read_listed_page(file: SourceFile, columns: Mapping[str, str] = {}) -> Reading | None:
    """Read the entries on an HTML page, such as a document of Google Docs saved as a web page.
    Return None if the page lists no terms. Raises `SourceError` like `saved_page`."""
    text = file.text
    if len(text) > LARGEST_PAGE:
        return None
    page = saved_page(_with_bold_tags(text), file.path)
    return read_document(FlowDocument(list(map(_paragraph, page.lines))), file, columns, "line")


def _with_bold_tags(text: str) -> str:
    """Replace the spans that a style sheet makes bold with bold tags."""
    bold = set(_RULE.findall(text))

    def tag(span: re.Match[str]) -> str:
        names = (span[1] or "").split()
        if bold.isdisjoint(names) and not _BOLD_STYLE.search(span[2]):
            return span[0]
        return f"<b>{span[3]}</b>"

    return _SPAN.sub(tag, text)


def _paragraph(line: TextLine) -> Paragraph:
    level = line.level if line.level < BOLD_LINE else 0
    lead = line.lead if not line.url else ""
    return Paragraph(line.number or 1, line.text, level, lead, line.kind == "item")
