"""Keeping the index in step with its sources."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.replies import Integrity, Problem
from index.embedder import Embedder
from index.embedding import embed_ahead
from index.entry import link
from index.errors import NearsayError, NotFound
from index.filling import Progress
from index.integrity import Fault, faults
from index.reindex import Content, Plan, Reindexed, builder_for, plan, reindex
from index.sources.source import BUNDLED, Source, bundled, digest_of
from index.space.landmarks import landmark_texts
from index.store import Store

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Indexer:
    """Builds the index of the bundled encyclopedia and of glossaries.

    `sources` are those of the settings; others, once indexed, are remembered with the index.
    """

    store: Store
    embedder: Embedder
    sources: tuple[Source, ...] = ()

    def is_stale(self) -> bool:
        """Whether there is no index that can be read, or the bundled encyclopedia has changed (and
        no admin has gone back to an earlier state)."""
        generation = self.store.readable()
        if generation is None:
            return True
        changed = generation.manifest.encyclopedia != digest_of(bundled())
        return changed and not self.store.ledger.generations.pointer().paused

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
        only: Sequence[str] = (),
        full: bool = False,
        dry_run: bool = False,
        asked: bool = True,
        by: str = "nearsay",
        progress: Progress = lambda *_: None,
    ) -> Plan | Reindexed | Problem:
        """Indexes the encyclopedia and every remembered source, with `extra` added (or put in the
        place of the one of that name) and those named in `remove` left out. With `only`, the
        other sources stay as they were indexed last. `by` says who asked for it; what nobody
        `asked` for waits after a rollback, until somebody does.

        Never raises a `NearsayError`, but gives it as a `Problem`.
        """
        try:
            if dry_run:
                content = self._read(extra, remove, only, progress)
                return plan(self.store, content, self.embedder.name)
            with ExitStack() as stack:
                beat = stack.enter_context(self.store.writing(by))
                if not asked and self.store.ledger.generations.pointer().paused:
                    return _paused()
                builder = stack.enter_context(builder_for(self.store, self.embedder, full=full))
                content = self._read(extra, remove, only, beat.telling(progress))
                done = reindex(
                    self.store,
                    content,
                    self.embedder,
                    by=by,
                    full=full,
                    beat=beat,
                    builder=builder,
                    progress=progress,
                )
                self._embed_landmarks(progress)
                if remove:
                    kept = [BUNDLED, *(source.name for source in content.sources)]
                    self.store.ledger.files.forget_all_but(kept)
                if asked and done.generation == done.before:
                    self.store.ledger.generations.pause(False)
                return done
        except NearsayError as error:
            return Problem.of(error)

    def _embed_landmarks(self, progress: Progress) -> None:
        """Embeds the landmarks of `/latent shift`, once a model; where that fails, they are when
        somebody asks for them."""
        texts = {one.digest: one.text for one in landmark_texts()}
        try:
            embed_ahead(
                self.store.ledger.vectors, self.embedder, texts, partial(progress, "landmarks")
            )
        except NearsayError:
            logger.exception("the landmarks could not be embedded")

    def _read(
        self,
        extra: Sequence[Source],
        remove: Sequence[str],
        only: Sequence[str],
        progress: Progress,
    ) -> Content:
        """What the index is to be made of."""
        from index.sources.reading import read_sources  # many parsers, needed for nothing else

        named = {source.name: source for source in (*self.remembered(), *extra)}
        for name in remove:
            if named.pop(name, None) is None:
                raise NotFound(
                    f'There is no source "{name}".', f"Sources: {', '.join(named) or 'none'}."
                )
        before = self.store.readable()

        report = read_sources(
            named.values(),
            lambda done, total: progress("reading", done, total),
            known=self.store.ledger.files,
            only=only or None,
            before=list(before.entries.values()) if before else (),
        )
        read = {item.name: item for item in report.sources}
        unread = before.manifest.reports if before and only else ()
        reports = {item.name: item for item in unread} | read
        encyclopedia = digest_of(bundled())
        if only and before and BUNDLED not in only:
            encyclopedia = before.manifest.encyclopedia
        return Content(
            entries=report.entries,
            encyclopedia=encyclopedia,
            sources=tuple(named.values()),
            reports=tuple(reports.values()),
        )


def _paused() -> Problem:
    return Problem(
        code="paused",
        message="Nothing is reindexed by itself, since an admin went back.",
        hint="Reindex, or keep the current generation.",
    )
