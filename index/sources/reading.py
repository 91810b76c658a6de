"""From sources to entries: which files to read, and what became of each."""

from __future__ import annotations

import glob
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from index.entry import Entry
from index.errors import SourceError
from index.sources.files import Reading, Refusal, files_of, load
from index.sources.readers import SUFFIXES, read_file
from index.sources.source import BUNDLED, Report, Source, SourceReport, bundled

logger = logging.getLogger(__name__)

FileProgress = Callable[[int, int], None]
"""Told how many files have been read, of how many."""


def read_sources(
    sources: Iterable[Source] = (), progress: FileProgress = lambda *_: None
) -> Report:
    """The entries of the bundled encyclopedia and of `sources`.

    One bad file never stops the rest: it is refused with its reason. Raises `SourceError` when
    a source is not there at all, or two sources have one name.
    """
    named: dict[str, Source] = {BUNDLED: Source(BUNDLED, str(bundled()))}
    for source in sources:
        if source.name in named:
            raise SourceError(
                Path(source.path),
                None,
                f'there is a source "{source.name}" already',
                "Give it another name with --name.",
            )
        named[source.name] = source
    files = {source.name: list(_files(source)) for source in named.values()}
    total = sum(len(found) for found in files.values())
    done = 0
    entries: list[Entry] = []
    reports: list[SourceReport] = []
    for source in named.values():
        reader = _SourceReader(source)
        for root, path in files[source.name]:
            reader.read(root, path)
            done += 1
            progress(done, total)
        entries += reader.entries.values()
        reports.append(reader.report())
    return Report(tuple(entries), tuple(reports))


def _files(source: Source) -> Iterator[tuple[Path, Path]]:
    """Each file of a source, with the root it must not lead out of."""
    roots = [Path(source.path).expanduser()]
    if not roots[0].exists() and glob.has_magic(source.path):
        pattern = str(roots[0])
        roots = [Path(found) for found in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207
    roots = [root for root in roots if root.exists()]
    if not roots:
        raise SourceError(
            Path(source.path),
            None,
            "there is no such file or folder",
            f"Mend the path, or forget the source: nearsay index --remove {source.name}",
        )
    for root in roots:
        for path in files_of(root, SUFFIXES):
            yield root, path


class _SourceReader:
    """Reads the files of one source one by one."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.entries: dict[str, Entry] = {}
        self._refused: list[Refusal] = []
        self._files = self._merged = self._kept = 0
        self._licence = ""

    def read(self, root: Path, path: Path) -> None:
        self._files += 1
        try:
            file = load(path, root)
            reading = read_file(file, self._source.columns)
        except SourceError as error:
            self._refused.append(Refusal(str(error.path), error.line, error.reason, error.hint))
            return
        except Exception:
            logger.exception("a file of a source could not be read: %s", path)
            self._refused.append(Refusal(str(path), None, "cannot be read", "The log says why."))
            return
        self._refused += reading.refused
        self._licence = self._licence or reading.licence
        for entry in reading.entries:
            self._add(entry, reading, file.name)

    def _add(self, entry: Entry, reading: Reading, name: str) -> None:
        prefix = "" if self._source.name == BUNDLED else f"{self._source.name}/"
        entry = replace(
            entry,
            id=prefix + entry.id,
            source=self._source.name,
            path=name,
            licence=entry.licence or reading.licence,
        )
        taken = self.entries.get(entry.id)
        if taken is not None:
            if replace(taken, path="") == replace(entry, path=""):
                self._merged += 1
                return
            self._kept += 1
            number = 2
            while f"{entry.id}-{number}" in self.entries:
                number += 1
            entry = replace(entry, id=f"{entry.id}-{number}")
        self.entries[entry.id] = entry

    def report(self) -> SourceReport:
        return SourceReport(
            name=self._source.name,
            path=self._source.path,
            files=self._files,
            entries=len(self.entries),
            senses=sum(max(1, len(entry.senses)) for entry in self.entries.values()),
            merged=self._merged,
            kept=self._kept,
            refused=tuple(self._refused),
            licence=self._licence,
        )
