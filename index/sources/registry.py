"""Which reader a file goes to, by what it is.

Each is imported when a file of its kind is met: together they load many parsers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from index.errors import SourceError
from index.names import name_key
from index.sources.entry_page import KEYS, parse_page
from index.sources.files import Reading, SourceFile
from index.sources.frontmatter import LONGEST_FRONT_MATTER, split_front_matter
from index.sources.suffixes import HTML, MARKDOWN, RECORDS, SUFFIXES, TABLES, TEXT


def read_file(file: SourceFile, columns: Mapping[str, str]) -> Reading:
    """The entries of one file. `columns` says which column of a table or key of a record is
    which field, where their names do not tell. Raises `SourceError` when the whole file cannot be
    read."""
    suffix = file.path.suffix.casefold()
    if suffix in TABLES:
        from index.sources.tabular.table import read_table

        return read_table(file, columns)
    if suffix in RECORDS:
        from index.sources.records.reader import read_records

        return read_records(file, columns)
    if suffix in HTML | TEXT:
        from index.sources.webpage.page import read_encyclopedia_page

        return read_encyclopedia_page(file)
    if suffix in MARKDOWN:
        return _read_markdown(file)
    raise SourceError(
        file.path,
        None,
        f'files named "*{suffix}" are not read',
        f"Those that are end in {', '.join(sorted(SUFFIXES))}.",
    )


def _read_markdown(file: SourceFile) -> Reading:
    """A Markdown file: the entry format, an encyclopedia page, or a glossary."""
    text = file.text
    if _is_own_format(text, file):
        return Reading((parse_page(text, file.path, id_of_page(file.name)),))
    from index.sources.webpage.page import (
        looks_like_encyclopedia_page,
        read_encyclopedia_page,
    )

    if looks_like_encyclopedia_page(text):
        return read_encyclopedia_page(file)
    from index.sources.markdown.glossary import read_markdown

    return read_markdown(file)


def id_of_page(name: str) -> str:
    """The id that the entry of a page has by its file's name: `a/Top P.md` is `top-p`."""
    return "-".join(name_key(PurePath(name).stem).split()) or "entry"


def _is_own_format(text: str, file: SourceFile) -> bool:
    """Whether a file is meant in the entry format: its front matter names a term, and nothing
    that the format does not know."""
    try:
        front, _, _ = split_front_matter(text[: 2 * LONGEST_FRONT_MATTER], file.path)
    except SourceError:
        return False
    return "term" in front and set(front) <= set(KEYS)
