"""Read glossaries in plain text, one term on a line or in a paragraph."""

from collections.abc import Mapping

from index.sources.cells import marks_in
from index.sources.collector import MOST_ROWS, EntryCollector
from index.sources.columns import is_header
from index.sources.files import Reading, RefusedError, SourceFile
from index.sources.lengths import PAGE_CAUSE
from index.sources.markdown.links import linked_in
from index.sources.row import draft_of
from index.sources.tabular.table import read_table
from index.sources.text_terms import Listing, lines_in, terms_of

LARGEST_GLOSSARY = 8_000_000  # characters


def read_text_glossary(file: SourceFile, columns: Mapping[str, str] = {}) -> Reading | None:
    """Read the entries in a text of lines such as "Term - text" (see `text_terms`), or in one
    whose first line names the columns, separated by tabs. Return None for any other text."""
    text = file.text
    if len(text) > LARGEST_GLOSSARY:
        return None
    if is_header(text.partition("\n")[0].split("\t"), columns):
        return read_table(file, columns)
    listing = terms_of(lines_in(text), file.path.stem.replace("_", " "))
    return reading_of(listing, EntryCollector(file, cause=PAGE_CAUSE)) if listing else None


def reading_of(listing: Listing, collector: EntryCollector) -> Reading:
    """Return the entries and the refusals of a listing."""
    for line, reason in listing.skipped:
        collector.refuse(line, reason)
    for found in listing.terms[:MOST_ROWS]:
        cells = (("term", "term", found.name), ("definition", "definition", found.text))
        if not collector.count_marks(found.line, marks_in(found.text)):
            break
        try:
            draft = draft_of(cells, found.line)
            draft.related += linked_in([found.text])
            collector.add_row(draft)
        except RefusedError as error:
            collector.refuse(found.line, str(error))
    return collector.reading()
