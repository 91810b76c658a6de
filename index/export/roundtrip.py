"""Detect content that an import would not restore from an export."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from index.entry import Entry
from index.errors import SourceError
from index.export.jsonl import id_within
from index.sources.files import Reading, SourceFile
from index.sources.records.reader import read_records
from index.sources.tabular.table import read_table
from index.text import shorten

# Fields that depend on where the file is imported.
LOCATION_FIELDS = frozenset({"id", "source", "path"})


def _read_skos(file: SourceFile, _: Mapping[str, str]) -> Reading:
    from index.sources.skos.vocabulary import read_vocabulary  # slow import: rdflib

    return read_vocabulary(file)


_READERS: Mapping[str, Callable[[SourceFile, Mapping[str, str]], Reading]] = {
    ".csv": read_table,
    ".jsonl": read_records,
    ".ttl": _read_skos,
}


def losses(entries: Sequence[Entry], text: str, name: str) -> list[str]:
    """Return sentences about the content of `entries` that is lost when `text`, the content of the
    file `name`, is imported."""
    file = SourceFile(Path(name), name, text.encode())
    try:
        reading = _READERS[file.path.suffix.casefold()](file, {})
    except SourceError as error:
        return [f"The file cannot be imported: {error.reason}. Export one source at a time."]
    reasons = (refusal.reason for refusal in reading.refused)
    found: dict[str, deque[Entry]] = defaultdict(deque)
    for entry in reading.entries:
        found[entry.id].append(entry)
    lost: list[str] = []
    for entry in entries:
        same = found[id_within(entry)]
        if not same:
            lost.append(refusal_sentence(entry, next(reasons, "")))
            continue
        lost += differences(entry, same.popleft())
    return lost


def refusal_sentence(entry: Entry, reason: str) -> str:
    """Return a sentence about an entry that cannot be imported, with the reason."""
    return f"{_name(entry)} cannot be imported{f': {reason}' if reason else ''}."


def differences(entry: Entry, read: Entry) -> list[str]:
    """Describe the fields in which `read` differs from `entry`, in one sentence or none."""
    names = [
        field.name
        for field in fields(Entry)
        if field.name not in LOCATION_FIELDS
        and getattr(entry, field.name) != getattr(read, field.name)
    ]
    return [f"{_name(entry)}: an import changes its {', '.join(names)}."] if names else []


def _name(entry: Entry) -> str:
    return f"{shorten(entry.term, 60)} ({shorten(entry.id, 80)})"
