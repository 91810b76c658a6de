"""Keeping the index in step with its sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.replies import Integrity, Problem
from index.embedder import Embedder
from index.entry import link
from index.errors import NearsayError, NotFound
from index.integrity import Fault, faults
from index.reindex import Plan, Progress, Reindexed, plan, reindex
from index.sources.source import Source, bundled, digest_of
from index.store import Store


@dataclass(frozen=True, slots=True)
class Indexer:
    """Builds the index of the bundled encyclopedia and of glossaries.

    `sources` are those of the settings; others, once indexed, are remembered with the index.
    """

    store: Store
    embedder: Embedder
    sources: tuple[Source, ...] = ()

    def is_stale(self) -> bool:
        """Whether there is no index that can be read, or the bundled encyclopedia has changed."""
        generation = self.store.readable()
        return generation is None or generation.manifest.encyclopedia != digest_of(bundled())

    def remembered(self) -> list[Source]:
        """The sources of the settings and of the current index, by name; settings win."""
        generation = self.store.readable()
        kept = generation.manifest.sources if generation else ()
        named = {source.name: source for source in (*kept, *self.sources)}
        return list(named.values())

    def check(self) -> Integrity | Problem:
        """Whether the bundled encyclopedia holds together; changes nothing."""
        from index.sources.reading import read_sources  # many parsers, needed for nothing else

        try:
            report = read_sources()
            refused = [
                Fault(Path(item.path).stem, f"{item.reason} (line {item.line})")
                for item in report.refused
            ]
            found = faults(link(report.entries), self.embedder)
        except NearsayError as error:
            return Problem.of(error)
        return Integrity(
            model=self.embedder.name, entries=len(report.entries), faults=(*refused, *found)
        )

    def run(
        self,
        extra: Sequence[Source] = (),
        *,
        remove: Sequence[str] = (),
        full: bool = False,
        dry_run: bool = False,
        progress: Progress = lambda *_: None,
    ) -> Plan | Reindexed | Problem:
        """Indexes the encyclopedia and every remembered source, with `extra` added (or put in the
        place of the one of that name) and those named in `remove` left out.

        Never raises a `NearsayError`, but gives it as a `Problem`.
        """
        from index.sources.reading import read_sources  # many parsers, needed for nothing else

        named = {source.name: source for source in (*self.remembered(), *extra)}
        try:
            for name in remove:
                if named.pop(name, None) is None:
                    raise NotFound(
                        f'There is no source "{name}".', f"Sources: {', '.join(named) or 'none'}."
                    )
            report = read_sources(
                named.values(), lambda done, total: progress("reading", done, total)
            )
            if dry_run:
                planned = plan(self.store, report.entries, self.embedder.name)
                return replace(planned, sources=report.sources)
            done = reindex(
                self.store,
                report.entries,
                self.embedder,
                encyclopedia=digest_of(bundled()),
                sources=tuple(named.values()),
                full=full,
                progress=progress,
            )
            return replace(done, sources=report.sources)
        except NearsayError as error:
            return Problem.of(error)
