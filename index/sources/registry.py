"""Choose the reader for a file."""

from collections.abc import Mapping

from index.errors import SourceError
from index.sources.entry_page import KEYS, read_page
from index.sources.files import Reading, SourceFile
from index.sources.frontmatter import LONGEST_FRONT_MATTER, split_front_matter
from index.sources.markdown.glossary import read_markdown
from index.sources.records.reader import read_records
from index.sources.suffixes import HTML, MARKDOWN, RECORDS, TABLES, TEXT, unsupported
from index.sources.tabular.table import read_table
from index.sources.webpage.page import looks_like_encyclopedia_page, read_encyclopedia_page
from index.sources.webpage.term_tables import read_term_tables

_FEWEST_LISTED = 10  # entries in the tables of a page that has the headings of an encyclopedia page


def read_file(file: SourceFile, columns: Mapping[str, str]) -> Reading:
    """Read the entries of one file.

    `columns` maps fields to table columns or record keys whose names are not recognized. Raises
    `SourceError` when the file as a whole cannot be read.
    """
    suffix = file.path.suffix.casefold()
    if suffix in TABLES:
        return read_table(file, columns)
    if suffix in RECORDS:
        return read_records(file, columns)
    if suffix in HTML:
        return _read_html(file, columns)
    if suffix in TEXT:
        return read_encyclopedia_page(file)
    if suffix in MARKDOWN:
        return _read_markdown(file)
    raise unsupported(file.path)


def _read_html(file: SourceFile, columns: Mapping[str, str]) -> Reading:
    found = read_term_tables(file, columns)
    if found is None:
        return read_encyclopedia_page(file)
    # An encyclopedia page may have a small table of terms.
    few = len(found.entries) < _FEWEST_LISTED and not columns
    if few and looks_like_encyclopedia_page(file.text):
        return read_encyclopedia_page(file)
    return found


def _read_markdown(file: SourceFile) -> Reading:
    text = file.text
    if _is_own_format(text, file):
        return read_page(file)
    if looks_like_encyclopedia_page(text):
        return read_encyclopedia_page(file)
    return read_markdown(file)


def _is_own_format(text: str, file: SourceFile) -> bool:
    try:
        front, _, _ = split_front_matter(text[: 2 * LONGEST_FRONT_MATTER], file.path)
    except SourceError:
        return False
    owner, details = front.get("owner", ""), front.get("details", {})
    plain = isinstance(owner, str) and isinstance(details, dict)
    return plain and "term" in front and set(front) <= set(KEYS)
