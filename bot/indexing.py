"""Rebuild the index when its sources, edits or settings change."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.index_content import CONFIRM, IndexContents
from bot.ops import metrics
from bot.replies.base import Integrity, Problem
from bot.way_checks import return_unfit_ways
from index.embedding.embedder import Embedder
from index.entry import link
from index.errors import Cancelled, NearsayError, NotFound, RemovalHeld, SourceError
from index.indexing.reindex import Plan, ReindexResult, SourceContent, builder_for, plan, reindex
from index.lint import LintError, lint
from index.progress import Progress, no_progress
from index.sources.loader import read_sources
from index.sources.page_reviews import overdue, read_reviews
from index.sources.review import review
from index.sources.source import BUNDLED, Source
from index.sources.web.copies import WebCopies
from index.sources.web.fetcher import Fetcher
from index.storage import Generation, Store
from index.storage.manifest import Provenance

logger = logging.getLogger(__name__)

COPIES = "web"  # folder in the data directory of files from the web
SHOWN = 5  # sources in a message
MAX_ROUNDS = 5  # maximum further builds for edits that are saved during a build


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRequest:
    """The scope of a reindex: the known sources, plus `extra`, minus `remove`.

    A source in `extra` replaces the known one of the same name. With `only`, just those sources are
    read; with `edits`, none is. The other sources keep their indexed entries. `by` names the user.
    A request that is not `manual` is refused after a rollback until an admin reindexes or keeps the
    generation. Unless `confirmed`, a source that would lose most of its entries keeps them. With
    `trial`, a dry run asks questions made from the sources in `extra`.
    """

    extra: Sequence[Source] = ()
    remove: Sequence[str] = ()
    only: Sequence[str] = ()
    full: bool = False
    dry_run: bool = False
    trial: bool = False
    manual: bool = True
    confirmed: bool = False
    edits: bool = False
    by: str = "nearsay"


@dataclass(frozen=True, slots=True)
class Indexer:
    """Builds the index from the glossaries and, if `encyclopedia` is on, the encyclopedia.

    `sources` come from the settings; the index also stores other sources once they are indexed.
    `fetcher` fetches those on the web.
    """

    store: Store
    embedder: Embedder
    sources: tuple[Source, ...] = ()
    encyclopedia: bool = True
    fetcher: Fetcher = field(default_factory=Fetcher)

    @property
    def contents(self) -> IndexContents:
        """The reader of the entries from the sources and the edits."""
        return IndexContents(self.store, self.encyclopedia, self.copies)

    @property
    def copies(self) -> WebCopies:
        """The copies of the glossaries on the web."""
        return WebCopies(self.store.directory / COPIES, self.fetcher)

    def is_stale(self) -> bool:
        """Return whether the index must be built.

        The reasons: it cannot be read, its vectors are not yet on the configured server, or the
        bundled encyclopedia changed or was switched on or off. The encyclopedia does not count
        while scheduled reindexing is paused after a rollback.
        """
        generation = self.store.readable()
        if generation is None:
            return True
        if self.store.server is not None and not generation.manifest.collection:
            return True
        changed = generation.manifest.encyclopedia != self.contents.expected_digest
        return changed and not self.store.ledger.generations.pointer().paused

    def known_sources(self) -> list[Source]:
        """Return the sources from the settings and the index, one per name; those from the settings
        take precedence."""
        generation = self.store.readable()
        kept = generation.manifest.sources if generation else ()
        named = {source.name: source for source in (*kept, *self.sources)}
        return list(named.values())

    def check(self) -> Integrity | Problem:
        """Check the bundled encyclopedia for errors; changes nothing."""
        try:
            report = read_sources()
            refused = [
                LintError(Path(item.path).stem, f"{item.reason} (line {item.line})")
                for item in report.refused
            ]
            today = datetime.now(UTC).date()
            found = lint(link(report.entries), today, self.embedder)
        except NearsayError as error:
            return Problem.of(error)
        return Integrity(
            model=self.embedder.name,
            entries=len(report.entries),
            faults=(*refused, *found),
            overdue=tuple(overdue(read_reviews(), today)),
            unreviewed=sum(entry.reviewed is None for entry in report.entries),
        )

    def run(
        self, request: IndexRequest | None = None, progress: Progress = no_progress
    ) -> Plan | ReindexResult | Problem:
        """Index the encyclopedia, the known sources and the edits, as far as `request` covers them.

        With `dry_run`, returns the `Plan` and changes nothing. Edits saved during the build are
        indexed after it. A `NearsayError` is returned as a `Problem`.
        """
        request = request or IndexRequest()
        try:
            if request.dry_run:
                if (outdated := self.store.outdated()) is not None:
                    raise outdated
                return self._plan(request, progress)
            with self.store.writing(request.by) as beat:
                self._rebuild_outdated(request.by, progress)
                if not request.manual and self.store.ledger.generations.pointer().paused:
                    return Problem(
                        code="paused",
                        message="Scheduled reindexing is paused because an admin rolled back.",
                        hint="To resume: /near-admin reindex, or /near-admin reindex --resume",
                    )
                done = self._reindex(request, beat.reporting_to(progress), progress)
            return _count(done)
        except NearsayError as error:
            failed = error
        if isinstance(failed, Cancelled | SourceError) and not (request.edits or request.dry_run):
            self.index_waiting_edits(request.by)
        return _count(Problem.of(failed))

    def _plan(self, request: IndexRequest, progress: Progress) -> Plan:
        content = self._read(request, progress)
        added = [source.name for source in request.extra]
        found = plan(self.store, content, self.embedder)
        found = replace(found, reviews=tuple(review(name, content.entries) for name in added))
        if not (request.trial and added):
            return found
        from index.evaluation.trial import try_glossary  # slow, and only a dry run needs it

        own = [entry for entry in content.entries if entry.source in added]
        bundled = [entry for entry in content.entries if entry.source == BUNDLED]
        return replace(found, trial=try_glossary(own, bundled, self.embedder, progress))

    def index_waiting_edits(self, by: str) -> None:
        """Index the edits that wait because a reindex had no result, or a process died; they need
        no sources."""
        with suppress(NearsayError):
            if self.store.exists and self.contents.pending_edits():
                self.run(IndexRequest(edits=True, by=by))

    def _reindex(self, request: IndexRequest, tell: Progress, progress: Progress) -> ReindexResult:
        with builder_for(self.store, self.embedder, full=request.full) as builder:
            before = self.store.readable() if request.edits else None
            content = self._indexed_content(before) if before else self._read(request, tell)
            held = content.held
            done = reindex(
                self.store,
                content,
                self.embedder,
                by=request.by,
                full=request.full,
                builder=builder,
                progress=progress,
            )
            return_unfit_ways(self.contents, self.embedder)
            done = self._with_later_edits(done, content, request.by, progress)
        if request.remove:
            kept = [BUNDLED, *(source.name for source in content.sources)]
            self.store.ledger.files.forget_all_but(kept)
        if before is None:  # reading the sources ends the pause
            self.copies.keep_only(source.path for source in content.sources)
            self.store.ledger.generations.resume()
        if held:
            raise RemovalHeld(
                f"Held back: {'; '.join(held[:SHOWN])}. These entries stay as they were. All other "
                "sources were updated.",
                CONFIRM,
            )
        return done

    def upgrade(
        self, *, by: str = "nearsay", progress: Progress = no_progress
    ) -> ReindexResult | Problem | None:
        """Rebuild the current generation, if an older version of Nearsay built it.

        The entries come from the ledger; no source is read, and only texts without a vector are
        embedded. Returns None when there is nothing to do, and a `NearsayError` as a `Problem`.
        """
        try:
            with self.store.writing(by):
                return self._rebuild_outdated(by, progress)
        except NearsayError as error:
            return Problem.of(error)

    def _rebuild_outdated(self, by: str, progress: Progress) -> ReindexResult | None:
        if self.store.outdated() is None:
            return None
        generations = self.store.ledger.generations
        name = generations.pointer().generation or ""
        logger.info("Nearsay was upgraded; rebuilding the index from the entries of %s", name)
        provenance = Provenance.from_json(generations.get(name).manifest)
        done = reindex(
            self.store,
            self.contents.with_edits(generations.entries(name), provenance),
            self.embedder,
            by=by,
            progress=progress,
        )
        logger.info(
            "index rebuilt after the upgrade: %s, %s s, passages embedded: %d",
            *(done.generation, done.seconds, done.embedded),
        )
        _count(done)
        return done

    def _with_later_edits(
        self, done: ReindexResult, content: SourceContent, by: str, progress: Progress
    ) -> ReindexResult:
        """Index the edits that were saved during the build, and return the combined result.

        The request that saved such an edit cannot build a generation itself, since this build holds
        the lock of the store.
        """
        for _ in range(MAX_ROUNDS):
            before = self.store.readable()
            if before is None or self.store.ledger.edits.last() == content.edits:
                break
            content = self._indexed_content(before)
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

    def _indexed_content(self, before: Generation) -> SourceContent:
        content = self.contents.with_edits(before.entries.values(), before.manifest)
        return replace(content, edits_only=True)

    def _read(self, request: IndexRequest, progress: Progress) -> SourceContent:
        named = {source.name: source for source in (*self.known_sources(), *request.extra)}
        for name in request.remove:
            if named.pop(name, None) is None:
                known = f"Glossaries: {', '.join(named) or 'none'}."
                off = "To leave out the encyclopedia, set NEARSAY_ENCYCLOPEDIA=off."
                hint = f"{known} {off}" if self.encyclopedia else known
                raise NotFound(f'There is no glossary "{name}" to remove.', hint)
        checked = not (request.confirmed or request.dry_run)
        chosen = [source.name for source in request.extra] if checked else None
        return self.contents.read(named, request.only, progress, chosen)


def _count(done: ReindexResult | Problem) -> ReindexResult | Problem:
    if isinstance(done, ReindexResult):
        metrics.PASSAGES.labels("computed").inc(done.embedded)
        metrics.PASSAGES.labels("cached").inc(done.reused)
    unchanged = isinstance(done, ReindexResult) and done.generation == done.before
    metrics.REINDEXES.labels("unchanged" if unchanged else metrics.outcome_of(done)).inc()
    return done
