"""Build a generation of the index from entries: plan, embed, write, switch, clean up."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from index.diff import Difference, difference
from index.embedding.embedder import Embedder
from index.entry import Entry, link, passages_of
from index.entry_json import entry_to_json
from index.errors import StoreError
from index.indexing.retention import remove_old_generations
from index.indexing.supervisor import Builder
from index.indexing.vectors import count_unknown, embed_missing
from index.progress import Progress, no_progress
from index.reply import BaseReply
from index.search.trial_results import Trial
from index.sources.review import SourceReview
from index.sources.source import Source, SourceReport
from index.storage import Generation, Store
from index.storage.manifest import Base, BuildOrder

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(BaseReply):
    """The changes that a reindex would make, counted in entries.

    `generation` is the current one, or None; `sources` has a report on each source that was read.
    `embedded` counts the passage texts that have to be embedded. `reviews` has the names to look at
    in each source that is added, and `trial` the answers to questions made from these sources.
    """

    kind: Literal["plan"] = "plan"
    added: int
    changed: int
    removed: int
    unchanged: int
    embedded: int = 0
    sources: tuple[SourceReport, ...] = ()
    reviews: tuple[SourceReview, ...] = ()
    trial: Trial | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedQuestion:
    """A question and the number of its first ten neighbours that changed."""

    question: str
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn:
    """The effect of a reindex on the results of `questions` questions.

    `changed` counts the questions whose first ten neighbours changed, and `first` those whose
    nearest neighbour changed. `worst` are the questions with the most changes.
    """

    questions: int
    changed: int
    first: int
    worst: tuple[ChangedQuestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexResult(BaseReply):
    """The result of a reindex, counted in entries. `embedded` counts texts, `reused` passages.

    `before` is the generation that was current. If it equals `generation`, nothing had changed and
    nothing was built.
    """

    kind: Literal["reindexed"] = "reindexed"
    generation: str
    before: str | None
    added: int
    changed: int
    removed: int
    unchanged: int
    embedded: int
    reused: int
    seconds: float
    churn: Churn | None = None
    sources: tuple[SourceReport, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceContent:
    """The content of an index: entries, their sources, and the number of the last edit applied.

    `Provenance` explains the fields that both have. `given` has the new source content of edited
    entries, by entry id (see `Edit.imported`). With `edits_only`, no source was read. `held` says
    which sources keep entries that they no longer have.
    """

    entries: Sequence[Entry]
    encyclopedia: str = ""
    sources: tuple[Source, ...] = ()
    reports: tuple[SourceReport, ...] = ()
    edits: int = 0
    given: Mapping[str, Entry | None] = field(default_factory=dict)
    edits_only: bool = False
    held: tuple[str, ...] = ()


def plan(store: Store, content: SourceContent, embedder: Embedder) -> Plan:
    """Compare `content` with the current generation, without changing anything.

    Raises `ModelError` when the model is needed and cannot be used.
    """
    before = store.readable()
    entries = link(content.entries)
    diff = _diff(store, before, entries)
    shared = before is not None and embedder.shares(before.manifest.fingerprint)
    space = before.manifest.fingerprint if before and shared else embedder.fingerprint
    passages = [passage for entry in entries for passage in passages_of(entry)]
    return Plan(
        generation=before.id if before else None,
        model=embedder.name,
        embedded=count_unknown(store.ledger, space.key, passages),
        sources=content.reports,
        added=len(diff.added),
        changed=len(diff.changed),
        removed=len(diff.removed),
        unchanged=diff.unchanged,
    )


def reindex(
    store: Store,
    content: SourceContent,
    embedder: Embedder,
    *,
    by: str = "nearsay",
    full: bool = False,
    builder: Builder | None = None,
    progress: Progress = no_progress,
) -> ReindexResult:
    """Build a generation from `content`, make it current, and return the result.

    If nothing has changed, nothing is built. Known vectors are reused unless `full` is set. Queries
    use the current generation until the switch; it stays current if the reindex fails. `by` is the
    user who started it, `builder` a running builder from `builder_for`, if any.

    Raises `StoreBusy` when another process is building, `Cancelled` when the reindex was cancelled,
    `StoreError` when there are no entries or the directory cannot be written, `LedgerError` when
    the ledger cannot be used, `ModelError` when the model cannot be used.
    """
    started = time.monotonic()
    with store.writing(by) as beat:
        generations = store.ledger.generations
        if not content.entries:
            raise StoreError(
                "There are no entries to index.",
                "Add a source that has entries, or set NEARSAY_ENCYCLOPEDIA=on.",
            )
        content = replace(content, entries=link(content.entries))
        before = store.readable()
        diff = _diff(store, before, content.entries)
        done = ReindexResult(
            generation=before.id if before else "",
            model=embedder.name,
            before=before.id if before else store.ledger.generations.pointer().generation,
            added=len(diff.added),
            changed=len(diff.changed),
            removed=len(diff.removed),
            unchanged=diff.unchanged,
            embedded=0,
            reused=before.manifest.passages if before else 0,
            seconds=round(time.monotonic() - started, 1),
            sources=content.reports,
        )
        if not full and before and _is_unchanged(store, before, diff, content, embedder):
            store.ledger.edits.refresh(content.given)
            return done
        name = generations.begin(by)
        try:
            generation, digests, embedded = _build(
                store, name, content, embedder, builder, full=full, tell=beat.reporting_to(progress)
            )
            done = replace(
                done,
                generation=name,
                embedded=embedded,
                reused=len(generation.passages) - embedded,
                seconds=round(time.monotonic() - started, 1),
            )
            # One transaction. The generation is already open and warm, so no later step can fail.
            with store.switching(generation):
                generations.complete(
                    name,
                    content.entries,
                    diff.changes,
                    digests=digests,
                    manifest=generation.manifest.to_json(),
                    outcome=outcome_of(done) | ({"edits_only": True} if content.edits_only else {}),
                    expected=generations.pointer().generation,
                    within=partial(store.ledger.edits.refresh_within, imported=content.given),
                )
        except BaseException:
            if generations.pointer().generation != name:
                store.remove_unfinished(name)
            raise
        progress("switching", 1, 1)
        try:
            remove_old_generations(store, progress)
        except StoreError:
            logger.exception("Could not remove old generations; the next reindex will try again")
        return done


def builder_for(store: Store, embedder: Embedder, *, full: bool) -> Builder:
    """Start a child process that prepares to build a generation. The caller holds the write lock.

    The build starts from the current generation, unless `full` is set or that generation is in
    another embedding space.
    """
    before = None if full else store.readable()
    if before is None or not embedder.shares(before.manifest.fingerprint):
        return Builder(server=store.server)
    base = Base(before.folder, store.ledger.generations.get(before.id).digests)
    return Builder(base, store.server)


def _diff(store: Store, before: Generation | None, entries: Sequence[Entry]) -> Difference:
    """Compare `entries` with the current generation, which may have an older format."""
    if before is not None:
        return difference(before.entries.values(), entries)
    current = store.ledger.generations.pointer().generation
    pinned = store.ledger.generations.entries(current) if current and store.outdated() else ()
    return difference(pinned, entries)


def _is_unchanged(
    store: Store,
    before: Generation,
    diff: Difference,
    content: SourceContent,
    embedder: Embedder,
) -> bool:
    manifest = before.manifest
    return (
        diff.is_empty
        and manifest.encyclopedia == content.encyclopedia
        and manifest.sources == content.sources
        and embedder.shares(manifest.fingerprint)
        and bool(manifest.collection) == (store.server is not None)
    )


def _build(
    store: Store,
    name: str,
    content: SourceContent,
    embedder: Embedder,
    builder: Builder | None,
    *,
    full: bool,
    tell: Progress,
) -> tuple[Generation, dict[str, str], int]:
    """Build the files of a generation and move them into place.

    Returns the generation, the digests of its files, and the number of embedded texts.
    """
    order = BuildOrder(
        generation=name,
        built=datetime.now(UTC),
        fingerprint=embedder.fingerprint,
        encyclopedia=content.encyclopedia,
        sources=content.sources,
        reports=content.reports,
        edits=content.edits,
        collection=store.new_collection(name),
    )
    generation = store.generation(name, content.entries)
    with (
        store.folders.scratch(name) as scratch,  # outlives the child that writes there
        builder or builder_for(store, embedder, full=full) as builder,
    ):
        passages = generation.passages
        lines = map(entry_to_json, content.entries)
        builder.start(scratch, order, lines, len(passages))
        embedded = embed_missing(store.ledger, embedder, passages, builder.add, tell, full=full)
        digests = builder.finish(tell)
        tell("switching", 0, 1)
        store.put(scratch, name, digests)
    return generation, digests, embedded


def outcome_of(done: ReindexResult) -> dict[str, Any]:
    """Return the counts of a reindex, without the source reports, to record in the ledger."""
    return {name: value for name, value in asdict(done).items() if name != "sources"}
