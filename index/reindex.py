"""Entries to a new generation of the index: plan, embed, build, switch, and remove the old."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from index.courtesy import paced
from index.difference import Difference, difference
from index.embedder import Embedder
from index.entry import Entry, link, passages_of
from index.errors import StoreError
from index.filling import Progress, background_of, fill, unknown
from index.reply import BaseReply
from index.sources.source import Source, SourceReport
from index.space.background import background_digest, background_texts
from index.space.landmarks import landmark_texts
from index.store import Generation, Manifest, Store
from index.store.builder import Builder
from index.store.building import Base, Order
from index.store.generation import ENTRIES
from index.store.ledger import Ledger
from index.store.ledger.generations import Version, digest_of_content, versions_of
from index.store.ledger.lease import Beat

logger = logging.getLogger(__name__)

KEPT = 3  # generations whose files stay: so many built from sources, and so many of all
BESIDE = 3  # spaces of other models whose vectors stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(BaseReply):
    """What a reindex would do, in entries; `generation` is the one it starts from, or None, and
    `sources` say what was read for it. `embedded` counts the passages that no vector is there
    for."""

    kind: Literal["plan"] = "plan"
    added: int
    changed: int
    removed: int
    unchanged: int
    embedded: int = 0
    sources: tuple[SourceReport, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """A question whose neighbours a reindex changed most: how many of the first ten are others."""

    question: str
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn:
    """How a reindex changed answers: of so many questions, how many have other neighbours among
    the first ten, how many another first one, and those that changed most."""

    questions: int
    changed: int
    first: int
    worst: tuple[Worst, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindexed(BaseReply):
    """What a reindex did: `embedded` and `reused` count passages, the rest counts entries.

    `before` is the generation that was current; when it equals `generation`, nothing had changed
    and nothing was built.
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
class Content:
    """What an index is made of: entries, what they came from, and the number of the last change by
    people among them (see `Manifest`). `given` is what sources give by now of entries that people
    changed, by their ids, where that is another than before (see `Edit.imported`). With
    `edits_only`, no source was read for it."""

    entries: Sequence[Entry]
    encyclopedia: str = ""
    sources: tuple[Source, ...] = ()
    reports: tuple[SourceReport, ...] = ()
    edits: int = 0
    given: Mapping[str, Entry | None] = field(default_factory=dict)
    edits_only: bool = False


def plan(store: Store, content: Content, embedder: Embedder) -> Plan:
    """Compares what was read with the current generation; changes nothing. Raises `ModelError`
    when the model is needed for it and cannot be used."""
    before = store.readable()
    entries = link(content.entries)
    compared = _compared(store, before, entries)
    shared = before is not None and embedder.shares(before.manifest.fingerprint)
    space = before.manifest.fingerprint if before and shared else embedder.fingerprint
    passages = [passage for entry in entries for passage in passages_of(entry)]
    return Plan(
        generation=before.id if before else None,
        model=embedder.name,
        embedded=unknown(store.ledger, space.key, passages),
        sources=content.reports,
        added=len(compared.added),
        changed=len(compared.changed),
        removed=len(compared.removed),
        unchanged=compared.unchanged,
    )


def reindex(
    store: Store,
    content: Content,
    embedder: Embedder,
    *,
    by: str = "nearsay",
    full: bool = False,
    paused: bool = False,
    beat: Beat | None = None,
    builder: Builder | None = None,
    progress: Progress = lambda *_: None,
) -> Reindexed:
    """Builds a generation of what was read, makes it current, and says what that took.

    Where nothing has changed, nothing is built. Vectors that were ever needed are not embedded
    again unless `full`. Until the end the current generation serves; when anything fails it
    stays. `by` says who asked for it; with `paused`, scheduled reindexing waits afterwards. A
    caller that holds the right to write (see `Store.writing`) gives its `beat`, and one that has a
    `builder` running (see `builder_for`) gives that.

    Raises `StoreBusy` when another process is building, `Cancelled` when somebody stopped this,
    `StoreError` when there are no entries or the directory cannot be written, `LedgerError` when
    the ledger cannot be used, `ModelError` when the model cannot be.
    """
    if beat is None:
        with store.writing(by) as held:
            return reindex(
                store,
                content,
                embedder,
                by=by,
                full=full,
                paused=paused,
                beat=held,
                builder=builder,
                progress=progress,
            )
    started = time.monotonic()
    if not content.entries:
        raise StoreError(
            "There are no entries to index.",
            "Name a source that holds some, or set NEARSAY_ENCYCLOPEDIA=on.",
        )

    tell = beat.telling(progress)
    entries = link(content.entries)
    before = store.readable()
    compared = _compared(store, before, entries)
    current = store.ledger.generations.pointer().generation
    done = Reindexed(
        generation=before.id if before else "",
        model=embedder.name,
        before=before.id if before else current,
        embedded=0,
        reused=before.manifest.passages if before else 0,
        seconds=0,
        sources=content.reports,
        added=len(compared.added),
        changed=len(compared.changed),
        removed=len(compared.removed),
        unchanged=compared.unchanged,
    )
    on_server = store.server is not None
    if (
        before is not None
        and not full
        and _is_as_it_was(before, compared, content, embedder, on_server=on_server)
    ):
        store.ledger.edits.refresh(content.given)
        return _timed(done, started)
    name = store.ledger.generations.begin(by)
    try:
        with (
            store.folders.scratch(name) as scratch,
            builder or builder_for(store, embedder, full=full) as builder,
        ):
            order = Order(
                generation=name,
                built=datetime.now(UTC),
                fingerprint=embedder.fingerprint,
                encyclopedia=content.encyclopedia,
                sources=content.sources,
                reports=content.reports,
                background=background_digest(),
                edits=content.edits,
                collection=store.new_collection(name),
            )
            generation = store.generation(name, entries)
            contents = _unchanged(store.ledger, before, compared)
            versions = versions_of((*compared.removed, *entries), contents)
            passages = generation.passages
            builder.begin(
                scratch,
                order,
                (versions[entry.id]["content"] for entry in entries),
                len(passages),
                background_of(store.ledger, embedder, tell),
            )
            give = partial(fill, store.ledger, embedder, passages, builder.add, tell)
            embedded = give(full=full, before=before)
            builder.filled()
            generation.prepare()
            digests = builder.finish(tell, refill=give)
            tell("switching", 0, 1)
            store.put(scratch, name, digests)
        done = replace(done, generation=name, embedded=embedded, reused=len(passages) - embedded)
        known = {versions[entry_id]["digest"] for entry_id in contents}
        timed = _timed(done, started)
        done = _switch(
            *(store, generation, content, compared, versions, known, timed, digests), paused=paused
        )
    except BaseException:
        if store.ledger.generations.pointer().generation != name:
            store.remove_unfinished(name)
        raise
    progress("switching", 1, 1)
    try:
        remove_old(store, progress)
    except StoreError:
        logger.exception("old generations could not be removed; the next reindex tries again")
    return _timed(done, started)


def builder_for(store: Store, embedder: Embedder, *, full: bool) -> Builder:
    """A child process that gets ready to build a generation: from the current one, when that lies
    in the same space, else, or when `full`, from nothing. The caller holds the right to write."""
    before = None if full else store.readable()
    if before is None or not embedder.shares(before.manifest.fingerprint):
        return Builder(server=store.server)
    base = Base(before.folder, store.ledger.generations.get(before.id).digests)
    return Builder(base, store.server)


def _timed(done: Reindexed, started: float) -> Reindexed:
    return replace(done, seconds=round(time.monotonic() - started, 1))


def remove_old(store: Store, progress: Progress = lambda *_: None) -> None:
    """Removes the files of generations, unless somebody is reading them, but for the last `KEPT`
    that were built from sources and the last `KEPT` of all, which edits are built on and taken back
    to; those that an older version of Nearsay built go. The caller holds the right to write."""
    generations = store.ledger.generations
    current = generations.pointer().generation
    kept = generations.kept()
    whole = [record for record in kept if record.can_be_opened]
    of_sources = [record for record in whole if not record.outcome.get("edits_only")]
    stay = {current, *(record.name for record in (*of_sources[:KEPT], *whole[:KEPT]))}
    old = [record.name for record in kept if record.name not in stay]
    old = [name for name in old if not store.folders.is_read(name)]
    for done, name in enumerate(old):
        progress("removing", done, len(old))
        if generations.forget(name):
            store.folders.remove(name)
    store.remove_collections()
    if old:
        progress("removing", len(old), len(old))
        _prune(store)


def _prune(store: Store) -> None:
    """Forgets vectors once the cache holds more than the generations that are kept would need if
    they had none in common but the background and the landmarks. The passages that are kept stay
    in the spaces of a few other models too (see `space.latent.spaces`)."""
    ledger = store.ledger
    kept = [record for record in ledger.generations.kept() if record.can_be_opened]
    manifests = [Manifest.from_json(record.manifest) for record in kept]
    spaces = {manifest.fingerprint.key for manifest in manifests}
    texts = {one.digest for one in background_texts()} | {one.digest for one in landmark_texts()}
    passages = sum(manifest.passages for manifest in manifests)
    others = sorted(ledger.vectors.spaces() - spaces)
    beside = others[:BESIDE]
    most = (1 + len(beside)) * passages + len(spaces) * len(texts)
    if others == beside and ledger.vectors.count() <= most:
        return
    needed = {
        (space, passage.digest)
        for record, manifest in zip(kept, manifests, strict=True)
        for entry in ledger.generations.entries(record.name)
        for passage in passages_of(entry)
        for space in (manifest.fingerprint.key, *beside)
    }
    needed |= {(space, text) for space in spaces for text in texts}
    ledger.vectors.keep_only(needed)


def _compared(store: Store, before: Generation | None, entries: Sequence[Entry]) -> Difference:
    """What differs from the current generation, also where an older version of Nearsay built it."""
    if before is not None:
        return difference(before.entries.values(), entries)
    current = store.ledger.generations.pointer().generation
    pinned = store.ledger.generations.entries(current) if current and store.outdated() else ()
    return difference(pinned, entries)


def _is_as_it_was(
    before: Generation,
    compared: Difference,
    content: Content,
    embedder: Embedder,
    *,
    on_server: bool,
) -> bool:
    manifest = before.manifest
    return (
        compared.is_empty
        and manifest.encyclopedia == content.encyclopedia
        and manifest.sources == content.sources
        and manifest.background == background_digest()
        and embedder.shares(manifest.fingerprint)
        and bool(manifest.collection) == on_server
    )


def _unchanged(ledger: Ledger, before: Generation | None, compared: Difference) -> dict[str, str]:
    """The contents of the entries that are as they were before, by their ids, from its file: those
    that are still what the ledger has."""
    if before is None:
        return {}
    gone = {entry.id for entry in (*compared.changed, *compared.removed)}
    digests = ledger.generations.digests(before.id)
    found = {}
    with (
        suppress(OSError),  # the ledger has what a file has not
        (before.folder / ENTRIES).open(encoding="utf-8", errors="replace") as lines,
    ):
        for entry_id, line, digest in paced(zip(before.ids, lines, digests, strict=False)):
            content = line.rstrip("\n")
            if entry_id not in gone and digest_of_content(content) == digest:
                found[entry_id] = content
    return found


def _switch(
    store: Store,
    generation: Generation,
    content: Content,
    compared: Difference,
    versions: Mapping[str, Version],
    known: Collection[str],
    done: Reindexed,
    digests: Mapping[str, str],
    *,
    paused: bool,
) -> Reindexed:
    """Makes a generation whose files are in place current: in one transaction of the ledger,
    after it has been opened and warmed. Nothing after that transaction fails."""
    generations = store.ledger.generations
    expected = generations.pointer().generation
    with store.switching(generation):
        generations.complete(
            done.generation,
            list(generation.entries.values()),
            {
                "added": compared.added,
                "changed": compared.changed,
                "removed": compared.removed,
            },
            versions=versions,
            known=known,
            digests=digests,
            manifest=generation.manifest.to_json(),
            outcome=outcome_of(done) | ({"edits_only": True} if content.edits_only else {}),
            expected=expected,
            paused=paused,
            within=lambda connection: store.ledger.edits.refreshing(connection, content.given),
        )
    return done


def outcome_of(done: Reindexed) -> dict[str, Any]:
    """What the ledger keeps of a reindex: its counts, without the reports of its sources, which
    the manifest has."""
    return {name: value for name, value in asdict(done).items() if name != "sources"}
