"""Read glossaries in Word documents."""

from collections.abc import Mapping

from index.errors import NoEntriesError
from index.sources.document import read_document
from index.sources.files import Reading, SourceFile
from index.sources.word.content import document_of
from index.sources.word.word_archive import WordArchive


def read_word(file: SourceFile, columns: Mapping[str, str] = {}) -> Reading:
    """Read the entries in a .docx file: in its tables, headings, bold terms, or paragraphs such as
    "Term: text". A refusal names the number of a paragraph, from 1, not a line.

    Raises `SourceError` for a file that cannot be read or lists no terms.
    """
    found = read_document(document_of(WordArchive(file)), file, columns, "paragraph")
    if found is None:
        raise NoEntriesError(
            file.path,
            None,
            "lists no terms",
            'Write a table with the columns "Term" and "Definition", or paragraphs "Term: text".',
        )
    return found
