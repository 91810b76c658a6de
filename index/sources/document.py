"""Find the glossary in the paragraphs and tables of a document, of whatever format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from index.sources.cells import literal
from index.sources.collector import EntryCollector
from index.sources.files import Reading, SourceFile, in_unit
from index.sources.lengths import PAGE_CAUSE
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
    """The paragraphs outside tables, and the rows of each table."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    tables: list[list[Row]] = field(default_factory=list)


def read_document(
    document: FlowDocument, file: SourceFile, columns: Mapping[str, str], unit: str
) -> Reading | None:
    """Read the entries in the form that gives the most: tables, lines such as "Term: text", or
    headings or bold terms with text. Return None if the document lists no terms.

    The `unit` of the numbers of rows and paragraphs is that of `EntryCollector`.
    """
    escaped = ([(at, list(map(literal, row))) for at, row in rows] for rows in document.tables)
    readings = [read_tables(escaped, file, columns, unit)]
    listing = terms_of(list(_lines(document)), file.path.stem.replace("_", " "))
    if listing:
        for found in listing.terms:
            found.name = literal(found.name)
            found.paragraphs = list(map(literal, found.paragraphs))
        readings.append(reading_of(listing, EntryCollector(file, unit, PAGE_CAUSE)))
    blocks = list(map(_block, document.paragraphs))
    if terms := terms_of_page({}, blocks, file):
        reading = reading_of_page(file, terms.drafts, blocks, terms.skipped, "")
        readings.append(Reading(reading.entries, in_unit(reading.refused, unit)))
    return max(filter(None, readings), key=lambda one: len(one.entries), default=None)


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
