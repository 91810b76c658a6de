"""The status of the index: its content, sources and problems."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.admin.audit import INTERRUPTED
from bot.indexing import Indexer
from bot.replies.admin import RecentUsage, RunningReindex, SourceStatus, Status
from index.sources.web_address import WebAddress
from index.storage import Generation, Store
from index.storage.db.generation_records import GenerationRecord

# Prefixes of audit details that mean no failure: the reindex was cancelled, or another one was
# running. Earlier versions wrote the second wording.
EXPECTED_ENDS = (
    INTERRUPTED,
    "The reindex was stopped",
    "The index is being built already",
    "The index is already being built",
)
USAGE_DAYS = 30  # period of the usage statistics
MAX_RECORDS = 100  # audit records that are searched for the last reindex


def status_of(indexer: Indexer) -> Status:
    """Return the status of the index that `indexer` builds. Raises `LedgerError`."""
    store = indexer.store
    generation = store.readable()
    record = store.ledger.generations.get(generation.id) if generation else None
    built = record.built if record else None
    usage = store.ledger.questions.summary(datetime.now(UTC) - timedelta(USAGE_DAYS))
    age = max(0.0, (datetime.now(UTC) - built).total_seconds()) if built else None
    return Status(
        generation=generation.id if generation else None,
        model=generation.model if generation else indexer.embedder.name,
        entries=len(generation.listed) if generation else 0,
        passages=generation.manifest.passages if generation else 0,
        built=built,
        age=round(age, 1) if age is not None else None,
        by=record.by if record else "",
        last=record.outcome if record else {},
        sources=_sources(generation) if generation else (),
        disk=store.folders.size(),
        ledger=store.ledger.name,
        reindexing=_underway(store),
        paused=store.ledger.generations.pointer().paused,
        asked=RecentUsage(USAGE_DAYS, **asdict(usage)),
        health=tuple(_health(indexer, generation, record)),
    )


def _sources(generation: Generation) -> tuple[SourceStatus, ...]:
    entries = Counter(entry.source for entry in generation.entries.values())
    hosts = {
        one.name: WebAddress.parse(one.path).host
        for one in generation.manifest.sources
        if one.is_web
    }
    return tuple(
        SourceStatus(
            report.name,
            report.path,
            entries[report.name],
            report.files,
            len(report.refused),
            hosts.get(report.name, ""),
        )
        for report in generation.manifest.reports
    )


def _underway(store: Store) -> RunningReindex | None:
    building = store.ledger.lease.building()
    if building is None:
        return None
    seconds = round(max(0.0, time.time() - building.since), 1)
    return RunningReindex(building.holder, seconds, building.phase, building.done, building.total)


def _health(
    indexer: Indexer, generation: Generation | None, record: GenerationRecord | None
) -> Iterator[str]:
    store = indexer.store
    yield from store.troubles
    if generation is None:
        current = store.ledger.generations.pointer().generation
        outdated = store.outdated()
        if current is None:
            yield "Nothing has been indexed yet. Build the index with: /near-admin reindex"
        elif outdated is not None:
            yield outdated.message
        else:
            yield f"{current} cannot be read. Rebuild it with: /near-admin reindex --full"
    elif not indexer.embedder.shares(generation.manifest.fingerprint):
        yield (
            f"The index was built with {generation.model}, but {indexer.embedder.name} is set. "
            "Rebuild it with: /near-admin reindex, or restore the old value of NEARSAY_MODEL."
        )
    if record is not None and record.note and not store.troubles:
        yield f"{record.name}: {record.note}"
    yield from _waiting(indexer)
    yield from _failed(store)
    yield from _missing(indexer, generation)


def _waiting(indexer: Indexer) -> Iterator[str]:
    waiting = len(indexer.contents.pending_edits())
    if waiting and indexer.store.ledger.lease.building() is None:
        changes = "change is" if waiting == 1 else "changes are"
        yield f"{waiting:,} {changes} not live yet. Publish with: /near-admin reindex"


def _failed(store: Store) -> Iterator[str]:
    """Report the last reindex of all sources if it failed. Ignores a reindex that was cancelled, or
    refused because another one was running."""
    for done in store.ledger.audit.last(MAX_RECORDS, ("done", "failed")):
        verb, *options = done.action.split() or [""]
        of_all = verb in ("reindex", "index") and {"--full", "--confirm"}.issuperset(options)
        if done.outcome == "done" and done.action.startswith("index "):
            return  # with --source or --remove, it reads all sources too
        if not of_all or done.detail.startswith(EXPECTED_ENDS):
            continue
        if done.outcome == "failed":
            yield f"The last reindex failed, {done.at:%d %b %Y %H:%M} UTC: {done.detail}"
        return


def _missing(indexer: Indexer, generation: Generation | None) -> Iterator[str]:
    indexed = {source.name for source in generation.manifest.sources} if generation else None
    for source in indexer.known_sources():
        if source.is_missing:
            path = Path(source.path).expanduser()
            yield f"The source {source.name} is no longer at {path}, so a reindex would fail."
            continue
        if source.is_web and (failed := indexer.copies.failure(source)) is not None:
            yield f"The source {source.name} is not fetched. {failed.message}. {failed.hint}"
        if indexed is not None and source.name not in indexed:
            yield f"The source {source.name} is not indexed yet. Add it with: /near-admin reindex"
