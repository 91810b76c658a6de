"""Check the ledger, its schema and its generations."""

from collections.abc import Generator, Iterator
from contextlib import suppress
from functools import partial

from sqlalchemy import text

from bot.config import Settings
from bot.doctor.guard import guarded
from bot.indexing import COPIES
from bot.replies.base import Check
from index.embedding.embedder import SentenceEmbedder
from index.errors import NearsayError
from index.sources.source import bundled_digest
from index.sources.web.copies import WebCopies
from index.sources.web.fetcher import Fetcher
from index.storage import Manifest
from index.storage.db.database import FILE, Database
from index.storage.db.ledger import Ledger
from index.storage.db.migrate import NEWEST, require_known, version
from index.storage.directories import Folders

REBUILD = "Rebuild it with: nearsay index, or restore the old value of NEARSAY_MODEL."
UPDATE = "Update it with: nearsay index"
NOTHING_INDEXED = Check(
    "index",
    "warning",
    "Nothing has been indexed yet.",
    "It is built on first use, or now with: nearsay index",
)


def ledger_checks(settings: Settings) -> Iterator[Check]:
    """Check the ledger and, if it can be used, its generations. Changes nothing, not even an
    outdated schema."""
    if not settings.database and not (settings.data_dir / FILE).exists():
        yield NOTHING_INDEXED
        return
    database = Database.open(settings.data_dir, settings.database)
    try:
        found = yield from _tables(database)
        if found == NEWEST:
            ledger = Ledger(database)
            yield from guarded("generations", partial(_generations, ledger))
            yield from guarded("index", partial(_current, settings, ledger))
    finally:
        database.close()


def _tables(database: Database) -> Generator[Check, None, str | None]:
    with database.reading() as connection:
        found = version(connection)
        if database.is_sqlite:
            fault = str(connection.execute(text("PRAGMA quick_check(1)")).scalar_one())
            server = ""
        else:
            fault = "ok"
            server = f"PostgreSQL {connection.execute(text('SHOW server_version')).scalar_one()}, "
    require_known(database, found)
    summary = f"{database.name}, {server}schema {found}"
    if fault != "ok":
        cure = "Restore a backup (nearsay restore FILE --force), or rebuild: nearsay index --full"
        yield Check("ledger", "error", f"{database.name} is damaged.", cure)
        return None
    if found == NEWEST:
        yield Check("ledger", "ok", f"{summary} (the newest)")
    elif found is None:
        yield Check("ledger", "error", f"{database.name} is empty.", "Run: nearsay migrate")
    else:
        yield Check(
            "ledger",
            "warning" if database.is_sqlite else "error",
            f"{summary}; this Nearsay uses {NEWEST}.",
            "Make a backup (nearsay backup FILE), then run: nearsay migrate",
        )
    return found


def _generations(ledger: Ledger) -> Iterator[Check]:
    kept = ledger.generations.kept()
    damaged = [record.name for record in kept if record.state == "damaged"]
    building = ledger.lease.building()
    summary = f"{len(kept)} kept" + (
        f" ({', '.join(record.name for record in kept)})" if kept else ""
    )
    if building is not None:
        summary += f"; {building.holder} is building another"
    pointer = ledger.generations.pointer()
    if damaged:
        cure = (
            "The current one is restored at the next start, or rebuilt with: nearsay index --full"
        )
        yield Check("generations", "warning", f"{summary}; damaged: {', '.join(damaged)}", cure)
    elif pointer.paused:
        cure = "To resume scheduled reindexing: nearsay admin keep, or nearsay admin reindex"
        yield Check("generations", "warning", f"{summary}; scheduled reindexing is paused", cure)
    else:
        yield Check("generations", "ok", summary)


def _current(settings: Settings, ledger: Ledger) -> Iterator[Check]:
    name = ledger.generations.pointer().generation
    if name is None:
        yield NOTHING_INDEXED
        return
    record = ledger.generations.get(name)
    if record.is_newer:
        cure = "Install that version; or restore a backup from before the upgrade."
        yield Check("index", "error", f"A newer version of Nearsay built {name}.", cure)
        return
    if not record.can_be_opened:
        cure = "It is rebuilt at the next start, or now with: nearsay index"
        yield Check("index", "warning", f"{name} must be rebuilt after the upgrade.", cure)
        return
    manifest = Manifest.from_json(record.manifest)
    folders = Folders(settings.data_dir)
    what = folders.damage(record)
    if ledger.is_shared and not folders.of(name).is_dir():
        yield Check("index", "ok", f"{name}; its files are created at the first start")
        return
    embedder = SentenceEmbedder(settings.model, settings.data_dir)
    same_model = True
    with suppress(NearsayError):  # the check of the model reports it
        same_model = embedder.shares(manifest.fingerprint)
    # Another check reports the missing ones.
    found = {source.name for source in settings.sources if not source.is_missing}
    if what:
        cure = "It is restored from the ledger at the next start, or rebuilt with: nearsay index"
        yield Check("index", "error", f"{name} is damaged: {what}.", f"{cure} --full")
    elif not same_model:
        built_with = f"{manifest.fingerprint.name} (weights {manifest.fingerprint.weights[:12]}…)"
        what = f"The index was built with {built_with}, but NEARSAY_MODEL has other weights."
        yield Check("index", "error", what, REBUILD)
    elif bool(manifest.encyclopedia) != settings.encyclopedia:
        what = f"{name} was built with another value of NEARSAY_ENCYCLOPEDIA."
        yield Check("index", "warning", what, UPDATE)
    elif added := found - {one.name for one in manifest.sources}:
        what = f"{', '.join(sorted(added))} in NEARSAY_SOURCES is not indexed yet."
        yield Check("index", "warning", what, UPDATE)
    elif manifest.encyclopedia not in ("", bundled_digest()):
        what = f"{name} is older than the bundled encyclopedia."
        yield Check("index", "warning", what, UPDATE)
    else:
        held = f"{manifest.entries:,} entries, {manifest.passages:,} passages"
        yield Check("index", "ok", f"{name}, {held}, built {manifest.built:%d %B %Y}")
    yield from _web_sources(settings, manifest)


def _web_sources(settings: Settings, manifest: Manifest) -> Iterator[Check]:
    copies = WebCopies(settings.data_dir / COPIES, Fetcher(settings.source_hosts))
    for source in manifest.sources:
        if not source.is_web:
            continue
        if (failed := copies.failure(source)) is not None:
            what = f"{source.name} is not fetched. {failed.message}."
            yield Check("sources", "warning", what, failed.hint)
        else:
            yield Check("sources", "ok", f"{source.name} is fetched from {source.shown}")
