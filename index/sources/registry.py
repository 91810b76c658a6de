"""Choose the reader for a file. Readers are imported on first use, since they load many parsers."""

from collections.abc import Mapping
from pathlib import Path, PurePath

from index.errors import SourceError
from index.names import name_key
from index.sources.entry_page import KEYS, parse_page
from index.sources.files import Reading, SourceFile
from index.sources.frontmatter import LONGEST_FRONT_MATTER, split_front_matter
from index.sources.suffixes import HTML, MARKDOWN, RECORDS, SUFFIXES, TABLES, TEXT


def read_file(file: SourceFile, columns: Mapping[str, str]) -> Reading:
    """Read the entries of one file.

    `columns` maps fields to table columns or record keys whose names are not recognized. Raises
    `SourceError` when the file as a whole cannot be read.
    """
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
    raise unsupported(file.path)


def unsupported(path: Path) -> SourceError:
    """Return the error for a file with an unsupported suffix."""
    what = f'files named "*{path.suffix}"' if path.suffix else "files without a suffix"
    hint = f"Supported suffixes: {', '.join(sorted(SUFFIXES))}."
    return SourceError(path, None, f"{what} are not supported", hint)


def _read_markdown(file: SourceFile) -> Reading:
    text = file.text
    if _is_own_format(text, file):
        return Reading((parse_page(text, file.path, id_of_page(file.name)),))
    from index.sources.webpage.page import looks_like_encyclopedia_page, read_encyclopedia_page

    if looks_like_encyclopedia_page(text):
        return read_encyclopedia_page(file)
    from index.sources.markdown.glossary import read_markdown

    return read_markdown(file)


def id_of_page(name: str) -> str:
    """Return the entry id for a page's file name: `a/Top P.md` gives `top-p`."""
    return "-".join(name_key(PurePath(name).stem).split()) or "entry"


def _is_own_format(text: str, file: SourceFile) -> bool:
    try:
        front, _, _ = split_front_matter(text[: 2 * LONGEST_FRONT_MATTER], file.path)
    except SourceError:
        return False
    return "term" in front and set(front) <= set(KEYS)
