"""Choose the reader for a file."""

import re
from collections.abc import Mapping

from index.errors import SourceError
from index.sources.entry_page import KEYS, read_page
from index.sources.files import Reading, SourceFile
from index.sources.frontmatter import LONGEST_FRONT_MATTER, split_front_matter
from index.sources.markdown.glossary import LONGEST_MARKDOWN, read_markdown
from index.sources.records.reader import read_records
from index.sources.suffixes import HTML, MARKDOWN, RECORDS, SKOS, TABLES, TEXT, WORD, unsupported
from index.sources.tabular.table import read_table
from index.sources.text_glossary import read_text_glossary
from index.sources.webpage.listed_page import read_listed_page
from index.sources.webpage.page import (
    is_html,
    looks_like_encyclopedia_page,
    read_encyclopedia_page,
)
from index.sources.webpage.term_tables import read_term_tables
from index.sources.word.word_reader import read_word

_FEWEST_MARKED = 3  # headings or bold lines, and entries, of a text in Markdown
_MARKED_LINE = re.compile(r"^(?:#{1,6} |\*\*)", re.MULTILINE)


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
    if suffix in WORD:
        return read_word(file, columns)
    if suffix in SKOS:
        from index.sources.skos.vocabulary import read_vocabulary  # slow import: rdflib

        return read_vocabulary(file)
    if suffix in HTML:
        return _read_html(file, columns)
    if suffix in TEXT:
        return _read_text(file, columns)
    if suffix in MARKDOWN:
        return _read_markdown(file)
    raise unsupported(file.path)


def _read_text(file: SourceFile, columns: Mapping[str, str]) -> Reading:
    if is_html(file.text):
        return _read_html(file, columns)
    if looks_like_encyclopedia_page(file.text):
        return read_encyclopedia_page(file)
    if found := read_text_glossary(file, columns):
        return found
    marked = len(_MARKED_LINE.findall(file.text, 0, LONGEST_MARKDOWN)) >= _FEWEST_MARKED
    if marked and len(file.text) <= LONGEST_MARKDOWN:
        found = read_markdown(file)
        if len(found.entries) >= _FEWEST_MARKED:
            return found
    return read_encyclopedia_page(file)


def _read_html(file: SourceFile, columns: Mapping[str, str]) -> Reading:
    article = looks_like_encyclopedia_page(file.text)
    found = read_term_tables(file, columns, article=article)
    if found is None and not article:
        found = read_listed_page(file, columns)
    return found or read_encyclopedia_page(file)


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
