"""Find the glossary in the paragraphs and tables of a document, of whatever format."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from index.sources.cells import literal
from index.sources.collector import EntryCollector
from index.sources.files import Reading, SourceFile, in_unit
from index.sources.lengths import PAGE_CAUSE
from index.sources.linked_terms import MOST_FOUND, Link
from index.sources.markdown.blocks import Block
from index.sources.markdown.glossary import reading_of_page, terms_of_page
from index.sources.tabular.csv import Row
from index.sources.tabular.listed import read_tables
from index.sources.text_glossary import reading_of
from index.sources.text_terms import TermLine, terms_of
from index.text import one_line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `level` is that of a heading, or 0; `lead` is the bold text at its start, and
    `item` says that it is part of a list."""

    number: int
    text: str
    level: int = 0
    lead: str = ""
    item: bool = False


@dataclass(slots=True)
class FlowDocument:
    """The paragraphs outside tables, and the rows of each table. `links` has the links to other
    places in the document, by the number of the paragraph or row, in their order."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    tables: list[list[Row]] = field(default_factory=list)
    links: dict[int, list[Link]] = field(default_factory=dict)


def read_document(
    document: FlowDocument, file: SourceFile, columns: Mapping[str, str], unit: str
) -> Reading | None:
    """Read the entries in the form that gives the most: tables, lines such as "Term: text", or
    headings or bold terms with text. Return None if the document lists no terms.

    The `unit` of the numbers of rows and paragraphs is that of `EntryCollector`.
    """
    escaped = ([_escaped(row, document) for row in rows] for rows in document.tables)
    readings = [read_tables(escaped, file, columns, unit)]
    listing = terms_of(list(_lines(document)), file.path.stem.replace("_", " "))
    if listing:
        last = document.paragraphs[-1].number + 1
        ends = [*(found.line for found in listing.terms[1:]), last]
        for found, end in zip(listing.terms, ends, strict=True):
            found.name = literal(found.name)
            links = _links_between(document.links, found.line, end)
            found.paragraphs = [_linked(literal(text), links) for text in found.paragraphs]
        readings.append(reading_of(listing, EntryCollector(file, unit, PAGE_CAUSE)))
    blocks = [
        replace(_block(one), links=tuple(document.links.get(one.number, ())))
        for one in document.paragraphs
    ]
    if terms := terms_of_page({}, blocks, file):
        reading = reading_of_page(file, terms.drafts, blocks, terms.skipped, "")
        readings.append(Reading(reading.entries, in_unit(reading.refused, unit)))
    return max(filter(None, readings), key=lambda one: len(one.entries), default=None)


def _escaped(row: Row, document: FlowDocument) -> Row:
    number, cells = row
    return number, [_linked(literal(cell), document.links.get(number, ())) for cell in cells]


def _links_between(links: Mapping[int, list[Link]], first: int, end: int) -> list[Link]:
    """Return the links of the paragraph `first` and of those before `end`. `links` are sorted."""
    if not links:
        return []
    numbers = list(links)
    found = numbers[bisect_left(numbers, first) : bisect_left(numbers, max(end, first + 1))]
    return [link for number in found for link in links[number]]


def _linked(text: str, links: Iterable[Link]) -> str:
    """Return Markdown `text` with its links: the first place with the text of each becomes one."""
    targets = {literal(one_line(shown)): target for target, shown in links}
    if not targets:
        return text
    longest = sorted(targets, key=len, reverse=True)[:MOST_FOUND]

    def link(found: re.Match[str]) -> str:
        target = targets.pop(found[0], "")
        return f"[{found[0]}]({target})" if target else found[0]

    return re.sub("|".join(map(re.escape, longest)), link, text)


def _lines(document: FlowDocument) -> Iterator[TermLine]:
    for paragraph in document.paragraphs:
        for at, row in enumerate(filter(str.strip, paragraph.text.split("\n"))):
            is_heading = bool(paragraph.level)
            yield TermLine(paragraph.number, row.strip(), at == 0, heading=is_heading)


def _block(paragraph: Paragraph) -> Block:
    text = one_line(paragraph.text)
    if paragraph.level:
        return Block("heading", text, paragraph.number, paragraph.level)
    rest = text[len(paragraph.lead) :].strip() if text.startswith(paragraph.lead) else ""
    lead = paragraph.lead if paragraph.lead and text.startswith(paragraph.lead) else ""
    kind, level = ("item", 1) if paragraph.item else ("text", 0)
    return Block(kind, text, paragraph.number, level, lead, rest)  # type: ignore[arg-type]
