"""The supported file name suffixes."""

from pathlib import Path

from index.errors import SourceError

MARKDOWN = frozenset({".md", ".markdown"})
TEXT = frozenset({".txt"})
HTML = frozenset({".html", ".htm"})
TABLES = frozenset({".csv", ".tsv", ".xlsx"})
RECORDS = frozenset({".json", ".jsonl", ".ndjson", ".yaml", ".yml"})
WORD = frozenset({".docx"})
SKOS = frozenset({".ttl", ".rdf", ".jsonld"})
SUFFIXES = MARKDOWN | TEXT | HTML | TABLES | RECORDS | WORD | SKOS
# The formats of these files.
FORMATS = "CSV, TSV, Excel (.xlsx), Word (.docx), JSON, YAML, Markdown, SKOS, HTML or plain text"
# Documents that people expect to be read. In a folder they are reported; other files are ignored.
UNSUPPORTED = frozenset({".doc", ".epub", ".odt", ".pdf", ".pptx", ".rtf"})


def unsupported(path: Path) -> SourceError:
    """Return the error for a file with an unsupported suffix."""
    what = f'files named "*{path.suffix}"' if path.suffix else "files without a suffix"
    hint = f"Supported suffixes: {', '.join(sorted(SUFFIXES))}."
    return SourceError(path, None, f"{what} are not supported", hint)
