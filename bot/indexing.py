"""Keeping the index in step with its sources."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.index_content import IndexContents
from bot.ops import metrics
from bot.replies.base import Integrity, Problem
from index.build.reindex import Plan, Reindexed, SourceContent, builder_for, plan, reindex
from index.embedding.embedder import Embedder
from index.entry import link
from index.errors import NearsayError, NotFound
from index.lint import LintError, faults
from index.page_style import overdue
from index.progress import Progress
from index.sources.source import BUNDLED, Source
from index.statistics.landmarks import landmark_texts
from index.storage import Generation, Store
from index.storage.db.edits import Edit
from index.storage.embedding_cache import warm_cache
from index.storage.manifest import Provenance

logger = logging.getLogger(__name__)

ROUNDS = 5  # builds in a row for what people go on writing meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRequest:
    """What is to be indexed: the sources that are remembered, with `extra` added (or put in the
    place of the one of that name) and those named in `remove` left out.

    With `only`, the other sources stay as they were indexed last, and with `edits` all of them.
    `by` says who asked for it; what nobody `asked` for waits after a rollback, until somebody does.
    """

    extra: Sequence[Source] = ()
    remove: Sequence[str] = ()
    only: Sequence[str] = ()
    full: bool = False
    dry_run: bool = False
    asked: bool = True
    edits: bool = False
    by: str = "nearsay"


@dataclass(frozen=True, slots=True)
class Indexer:
    """Builds the index of the bundled `encyclopedia`, unless it is off, and of glossaries.

    `sources` are those of the settings; others, once indexed, are remembered with the index.
    """

    store: Store
    embedder: Embedder
    sources: tuple[Source, ...] = ()
    encyclopedia: bool = True

    @property
    def _contents(self) -> IndexContents:
        return IndexContents(self.store, self.encyclopedia)

    def is_stale(self) -> bool:
        """Whether there is no index that can be read, its vectors are not yet on the server that is
        set, or the bundled encyclopedia has changed, or was switched on or off (and no admin has
        gone back to an earlier state)."""
        generation = self.store.readable()
        if generation is None:
            return True
        if self.store.server is not None and not generation.manifest.collection:
            return True  # its vectors are not on the server yet
        changed = generation.manifest.encyclopedia != self._contents.digest_wanted
        return changed and not self.store.ledger.generations.pointer().paused

    def remembered(self) -> list[Source]:
        """The sources of the settings and of the current index, by name; settings win."""
        generation = self.store.readable()
        kept = generation.manifest.sources if generation else ()
        named = {source.name: source for source in (*kept, *self.sources)}
        return list(named.values())

    def check(self) -> Integrity | Problem:
        """Whether the bundled encyclopedia holds together; changes nothing."""
        from index.sources.loader import read_sources  # many parsers, needed for nothing else

        try:
            report = read_sources()
            refused = [
                LintError(Path(item.path).stem, f"{item.reason} (line {item.line})")
                for item in report.refused
            ]
            today = datetime.now(UTC).date()
            found = faults(link(report.entries), today, self.embedder)
        except NearsayError as error:
            return Problem.of(error)
        return Integrity(
            model=self.embedder.name,
            entries=len(report.entries),
            faults=(*refused, *found),
            overdue=tuple(entry.id for entry in overdue(report.entries, today)),
        )

    def run(
        self, request: IndexRequest | None = None, progress: Progress = lambda *_: None
    ) -> Plan | Reindexed | Problem:
        """Indexes the encyclopedia, every remembered source and what people wrote over them, as
        `request` says. What people write meanwhile is indexed after that.

        Never raises a `NearsayError`, but gives it as a `Problem`.
        """
        request = request or IndexRequest()
        try:
            if request.dry_run:
                if (outdated := self.store.outdated()) is not None:
                    raise outdated
                return plan(self.store, self._read(request, progress), self.embedder)
            with self.store.writing(request.by) as beat:
                self._upgraded(request.by, progress)
                if not request.asked and self.store.ledger.generations.pointer().paused:
                    return _paused()
                done = self._reindexed(request, beat.telling(progress), progress)
            return _counted(done)
        except NearsayError as error:
            return _counted(Problem.of(error))

    def _reindexed(self, request: IndexRequest, tell: Progress, progress: Progress) -> Reindexed:
        """What came of it, where the caller holds the right to write; `tell` tells the lease and
        `progress`."""
        with builder_for(self.store, self.embedder, full=request.full) as builder:
            before = self.store.readable() if request.edits else None
            content = self._as_indexed(before) if before else self._read(request, tell)
            done = reindex(
                self.store,
                content,
                self.embedder,
                by=request.by,
                full=request.full,
                builder=builder,
                progress=progress,
            )
            done = self._with_later_edits(done, content, request.by, progress)
        self._embed_landmarks(progress)
        if request.remove:
            kept = [BUNDLED, *(source.name for source in content.sources)]
            self.store.ledger.files.forget_all_but(kept)
        if before is None:  # sources were read, as an admin wants where it was paused
            self.store.ledger.generations.pause(False)
        return done

    def upgrade(
        self, *, by: str = "nearsay", progress: Progress = lambda *_: None
    ) -> Reindexed | Problem | None:
        """Builds the current generation again, where an older version of Nearsay built it, from
        the entries that the ledger pins; no source is read, and only texts without a vector are
        embedded. None where there is nothing to do. Never raises a `NearsayError`."""
        try:
            with self.store.writing(by):
                return self._upgraded(by, progress)
        except NearsayError as error:
            return Problem.of(error)

    def _upgraded(self, by: str, progress: Progress) -> Reindexed | None:
        if self.store.outdated() is None:
            return None
        generations = self.store.ledger.generations
        name = generations.pointer().generation or ""
        logger.info("Nearsay was upgraded; rebuilding the index from the entries of %s", name)
        provenance = Provenance.from_json(generations.get(name).manifest)
        done = reindex(
            self.store,
            self._contents.with_edits(generations.entries(name), provenance),
            self.embedder,
            by=by,
            progress=progress,
        )
        self._embed_landmarks(progress)
        logger.info(
            "%s is live after the upgrade, in %s s; passages embedded: %d",
            *(done.generation, done.seconds, done.embedded),
        )
        _counted(done)
        return done

    def waiting(self) -> list[Edit]:
        """What people wrote that the index does not show yet. Raises `LedgerError`."""
        return self._contents.waiting()

    def _with_later_edits(
        self, done: Reindexed, content: SourceContent, by: str, progress: Progress
    ) -> Reindexed:
        """What was done, with what people wrote while it was: whoever saves finds that somebody
        builds already, and leaves it to them."""
        for _ in range(ROUNDS):
            before = self.store.readable()
            if before is None or self.store.ledger.edits.last() == content.edits:
                break
            content = self._as_indexed(before)
            later = reindex(self.store, content, self.embedder, by=by, progress=progress)
            done = replace(
                later,
                before=done.before,
                added=done.added + later.added,
                changed=done.changed + later.changed,
                removed=done.removed + later.removed,
                embedded=done.embedded + later.embedded,
                seconds=round(done.seconds + later.seconds, 1),
            )
        return done

    def _as_indexed(self, before: Generation) -> SourceContent:
        """What the index is made of now, with what people wrote since; no source is read."""
        content = self._contents.with_edits(before.entries.values(), before.manifest)
        return replace(content, edits_only=True)

    def _embed_landmarks(self, progress: Progress) -> None:
        """Embeds the landmarks of `/latent shift`, once a model; where that fails, they are when
        somebody asks for them."""
        texts = {one.digest: one.text for one in landmark_texts()}
        try:
            warm_cache(
                self.store.ledger.vectors, self.embedder, texts, partial(progress, "landmarks")
            )
        except NearsayError:
            logger.exception("the landmarks could not be embedded")

    def _read(self, request: IndexRequest, progress: Progress) -> SourceContent:
        """What the index is to be made of: what sources give, and what people wrote over it."""
        named = {source.name: source for source in (*self.remembered(), *request.extra)}
        for name in request.remove:
            if named.pop(name, None) is None:
                raise NotFound(
                    f'There is no source "{name}".', f"Sources: {', '.join(named) or 'none'}."
                )
        return self._contents.read(named, request.only, progress)


def _counted(done: Reindexed | Problem) -> Reindexed | Problem:
    """What came of a reindex, after it has been counted."""
    if isinstance(done, Reindexed):
        metrics.PASSAGES.labels("computed").inc(done.embedded)
        metrics.PASSAGES.labels("cached").inc(done.reused)
    unchanged = isinstance(done, Reindexed) and done.generation == done.before
    metrics.REINDEXES.labels("unchanged" if unchanged else metrics.outcome_of(done)).inc()
    return done


def _paused() -> Problem:
    return Problem(
        code="paused",
        message="Nothing is reindexed by itself, since an admin went back.",
        hint="Reindex, or keep the current generation.",
    )
