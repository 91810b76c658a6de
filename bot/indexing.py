"""Keeping the index in step with its sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.replies import Problem, Reply
from index.embedder import Embedder
from index.errors import NearsayError, NoIndex, StoreDamaged
from index.reindex import Progress, plan, reindex
from index.sources.reading import Refusal, bundled, digest_of, read_sources
from index.store import Store


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a reindex, and the files that gave no entry."""

    reply: Reply
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Indexer:
    """Builds the index of the bundled encyclopedia and of `sources`."""

    store: Store
    embedder: Embedder
    sources: tuple[Path, ...] = ()

    def is_stale(self) -> bool:
        """Whether there is no index that can be read, or the bundled encyclopedia has changed."""
        try:
            manifest = self.store.current().manifest
        except (NoIndex, StoreDamaged):
            return True
        return manifest.encyclopedia != digest_of(bundled())

    def refresh(self, progress: Progress) -> Outcome:
        """Builds the index anew from what the current one was built from."""
        try:
            sources = [Path(path) for path in self.store.current().manifest.sources]
        except (NoIndex, StoreDamaged):
            sources = []
        return self.run([path for path in sources if path.exists()], progress=progress)

    def run(
        self,
        extra: Sequence[Path] = (),
        *,
        full: bool = False,
        dry_run: bool = False,
        progress: Progress = lambda *_: None,
    ) -> Outcome:
        """Indexes the encyclopedia, the settings' sources and `extra`; never raises a
        `NearsayError`, but gives it as a `Problem`."""
        sources = list(
            dict.fromkeys(path.expanduser().resolve() for path in (*self.sources, *extra))
        )
        try:
            report = read_sources(sources)
            if dry_run:
                reply: Reply = plan(self.store, report.entries, self.embedder.name)
            else:
                reply = reindex(
                    self.store,
                    report.entries,
                    self.embedder,
                    encyclopedia=digest_of(bundled()),
                    sources=[str(path) for path in sources],
                    full=full,
                    progress=progress,
                )
        except NearsayError as error:
            return Outcome(Problem(code=error.code, message=error.message, hint=error.hint))
        return Outcome(reply, report.refused)
