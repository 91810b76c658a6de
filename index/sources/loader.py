"""Read the entries of sources. Unchanged files are not parsed again."""

import hashlib
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from index.entry import Entry
from index.errors import NoEntriesError, NotFound, ReaderStopped, SourceError, StoreError
from index.progress import Progress, no_progress
from index.sources.discovery import FoundFile, files_of
from index.sources.file_cache import CachedFile, FileCache, reader_of
from index.sources.files import Reading, Refusal, SourceFile, load
from index.sources.linked_terms import with_links
from index.sources.notion import with_pages
from index.sources.page_reviews import with_reviews
from index.sources.parser_process import ParserProcess
from index.sources.source import (
    BUNDLED,
    WRITTEN,
    Report,
    Source,
    SourceReport,
    bundled,
    with_bundled_phrases,
)
from index.text import one_line, shorten

logger = logging.getLogger(__name__)

Parse = Callable[[SourceFile, Mapping[str, str]], Reading]
"""Parses a file, given the names of its columns (see `read_file`)."""

LONGEST_FIRST = 120  # characters of the first entry in a report
MOST_IGNORED = 200  # names of ignored columns in a report


def read_sources(
    sources: Iterable[Source] = (),
    progress: Progress = no_progress,
    known: FileCache | None = None,
    only: Collection[str] | None = None,
    before: Sequence[Entry] = (),
    *,
    encyclopedia: bool = True,
) -> Report:
    """Read the entries of `sources` and, unless `encyclopedia` is off, the bundled encyclopedia.

    Files in the cache `known` are parsed again only if they have changed, in a child process unless
    they are bundled. If `only` is given, other sources are not read; their entries are taken from
    `before`, without a report.

    An invalid file is refused with a reason, and the others are read. A known file that cannot be
    loaded at the moment is refused too, but keeps its entries. Raises `SourceError` when a source
    does not exist, two sources have the same name, or a name is reserved; `NotFound` for an unknown
    name in `only`.
    """
    named = _by_name(sources)
    if not encyclopedia:
        del named[BUNDLED]
    wanted = named.keys() if only is None else set(only)
    for name in sorted(wanted - named.keys()):
        raise NotFound(f'There is no source "{name}".', f"Sources: {', '.join(named)}.")
    files = {name: files_of(named[name]) for name in named if name in wanted}
    total = sum(map(len, files.values()))
    done = 0
    entries: list[Entry] = []
    reports: list[SourceReport] = []
    with closing(ParserProcess(lambda: progress("reading", done, total))) as parser:
        for source in named.values():
            if source.name not in wanted:
                entries += (entry for entry in before if entry.source == source.name)
                continue
            reader = _SourceReader(source, known, parser.parse)
            for found in files[source.name]:
                reader.read(found)
                done += 1
                progress("reading", done, total)
            entries += reader.finish()
            reports.append(reader.report())
            reader.remember()
    return Report(tuple(entries), tuple(reports))


def read_in_process(sources: Iterable[Source], *, encyclopedia: bool) -> Report:
    """Read like `read_sources`, but parse all files in this process, without a limit of time or
    memory: for the files of the one user who runs it."""
    from index.sources.registry import read_file  # slow import: many parsers

    named = _by_name(sources)
    if not encyclopedia:
        del named[BUNDLED]
    readers = [_SourceReader(source, None, read_file) for source in named.values()]
    entries: list[Entry] = []
    for reader in readers:
        for found in files_of(reader.source):
            reader.read(found)
        entries += reader.finish()
    return Report(tuple(entries), tuple(reader.report() for reader in readers))


def _by_name(sources: Iterable[Source]) -> dict[str, Source]:
    named = {BUNDLED: Source(BUNDLED, str(bundled()))}
    for source in sources:
        taken = ""
        if source.name == WRITTEN:
            taken = f'"{WRITTEN}" is reserved for entries written in Nearsay'
        elif source.name in named:
            taken = f'there is already a source "{source.name}"'
        if taken:
            hint = "Give it another name with --name."
            raise SourceError(Path(source.path), None, taken, hint)
        named[source.name] = source
    return named


class _SourceReader:
    def __init__(self, source: Source, known: FileCache | None, parse: Parse) -> None:
        self.source = source
        self._read_file = _read_bundled if source.name == BUNDLED else parse
        self._cache = known
        self._reader = reader_of(source)
        self._known: Mapping[str, CachedFile] = (
            known.files(source.name, self._reader) if known else {}
        )
        self._current: dict[str, CachedFile] = {}
        self._digest = hashlib.sha256(self._reader.encode())
        self._readings: list[tuple[str, Reading]] = []
        self.entries: dict[str, Entry] = {}
        self._next_numbers: dict[str, int] = {}
        self._refused: list[Refusal] = []
        self._files = self._unchanged = self._merged = self._kept = 0
        self._licence = ""
        self._ignored: dict[str, None] = {}

    def read(self, found: FoundFile) -> None:
        self._files += 1
        key = found.key
        known = self._read(found, self._known.get(key))
        if known is not None:
            self._current[key] = known
            self._readings.append((one_line(found.name), known.reading))
        self._digest.update(f"{key}\0{known.digest if known else ''}\0".encode())

    def finish(self) -> list[Entry]:
        """Collect the entries and refusals of the files that were read. Return the entries with
        their links, or with the search phrases and reviews of the bundled ones."""
        for name, reading in with_pages(self._readings):
            self._refused += reading.refused
            self._licence = self._licence or reading.licence
            self._ignored.update(dict.fromkeys(reading.ignored))
            for entry in reading.entries:
                self._add(entry, reading, name)
        read = self.entries.values()
        if self.source.name == BUNDLED:
            return with_reviews(with_bundled_phrases(read))
        return with_links(read)

    def _read(self, found: FoundFile, known: CachedFile | None) -> CachedFile | None:
        try:
            if found.problem:
                raise SourceError(found.path, None, found.problem, found.hint)
            file = load(found.path, found.root)
            digest = hashlib.sha256(file.data).hexdigest()
            if known is not None and known.digest == digest:
                self._unchanged += 1
                return known
            return self._parsed(file, digest, known)
        except SourceError as error:
            self._refused.append(_refusal(error))
            is_gone = found.problem or isinstance(error.__cause__, FileNotFoundError)
            return None if is_gone else known
        except StoreError:  # the reindex was cancelled
            raise
        except Exception:
            logger.exception("Could not read a source file: %s", found.key)
            self._refused.append(
                Refusal(one_line(str(found.path)), None, "cannot be read", "See the log.")
            )
            return None

    def _parsed(self, file: SourceFile, digest: str, known: CachedFile | None) -> CachedFile:
        """Parse a file. If it cannot be parsed, keep its entries as they were last read: it may be
        half written."""
        try:
            return CachedFile(digest, self._parse(file))
        except SourceError as error:
            refusal, is_cleared = _refusal(error), isinstance(error, NoEntriesError)
            if isinstance(error, ReaderStopped):
                digest = ""  # its time depends on the load: read it again next time
        if known is None or not known.reading.entries or is_cleared:
            return CachedFile(digest, Reading((), (refusal,)))
        reason = f"{refusal.reason.rstrip('.')}. Its entries stay as they were last read"
        self._refused.append(replace(refusal, reason=reason))
        return known

    def _parse(self, file: SourceFile) -> Reading:
        reading = self._read_file(file, self.source.columns)
        path = one_line(str(file.path))
        refused = (
            Refusal(path, item.line, one_line(item.reason), one_line(item.hint), item.kind)
            for item in reading.refused
        )
        return replace(reading, refused=tuple(refused))

    def _add(self, entry: Entry, reading: Reading, name: str) -> None:
        prefix = "" if self.source.name == BUNDLED else f"{self.source.name}/"
        entry = replace(
            entry,
            id=prefix + entry.id,
            source=self.source.name,
            path=name,
            licence=entry.licence or reading.licence,
        )
        taken = self.entries.get(entry.id)
        if taken is not None:
            if replace(taken, path="") == replace(entry, path=""):
                self._merged += 1
                return
            self._kept += 1
            entry = replace(entry, id=self._free_id(entry.id))
        self.entries[entry.id] = entry

    def _free_id(self, entry_id: str) -> str:
        number = self._next_numbers.get(entry_id, 2)
        while f"{entry_id}-{number}" in self.entries:
            number += 1
        self._next_numbers[entry_id] = number + 1
        return f"{entry_id}-{number}"

    def report(self) -> SourceReport:
        first = next(iter(self.entries.values()), None)
        return SourceReport(
            name=self.source.name,
            path=self.source.path,
            files=self._files,
            entries=len(self.entries),
            senses=sum(max(1, len(entry.senses)) for entry in self.entries.values()),
            merged=self._merged,
            kept=self._kept,
            refused=tuple(self._refused),
            licence=self._licence,
            unchanged=self._unchanged,
            digest=self._digest.hexdigest(),
            first=shorten(f"{first.term}: {first.definition}", LONGEST_FIRST) if first else "",
            ignored=tuple(self._ignored)[:MOST_IGNORED],
        )

    def remember(self) -> None:
        """Save the new and changed files to the cache, and delete removed files from it."""
        changed = {
            path: file for path, file in self._current.items() if self._known.get(path) is not file
        }
        gone = self._known.keys() - self._current.keys()
        if self._cache is not None and (changed or gone):
            self._cache.keep_files(self.source.name, self._reader, changed, gone)


def _read_bundled(file: SourceFile, _: Mapping[str, str]) -> Reading:
    from index.sources.entry_page import read_page  # slow import

    return read_page(file)


def _refusal(error: SourceError) -> Refusal:
    return Refusal(
        one_line(str(error.path)), error.line, one_line(error.reason), one_line(error.hint)
    )
