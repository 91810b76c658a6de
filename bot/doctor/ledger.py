"""Check the ledger, its tables and its generations."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial

from sqlalchemy import text

from bot.config import Settings
from bot.doctor.guard import guarded
from bot.doctor.models import digest_of_model
from bot.replies.base import Check
from index.sources.source import bundled_digest
from index.storage import Manifest
from index.storage.db import Ledger
from index.storage.db.database import FILE, Database
from index.storage.db.migrate import NEWEST, require_known, version
from index.storage.directories import Folders

NOTHING_INDEXED = Check(
    "index",
    "warning",
    "Nothing has been indexed yet.",
    "It is built on first use, or now with: nearsay index",
)


def ledger_checks(settings: Settings) -> Iterator[Check]:
    """Check the ledger and, if it can be used, its generations. Changes nothing, not even outdated
    tables."""
    if not settings.database and not (settings.data_dir / FILE).exists():
        yield NOTHING_INDEXED
        return
    url = settings.database
    database = Database.open(settings.data_dir, url)
    try:
        found = yield from _tables(database)
        if found == NEWEST:
            ledger = Ledger(database)
            yield from guarded("generations", partial(_generations, ledger))
            yield from guarded("index", partial(_current, settings, ledger))
    finally:
        database.close()


def _tables(database: Database) -> Generator[Check, None, str | None]:
    """Check the database; return the version of its tables, or None."""
    with database.reading() as connection:
        found = version(connection)
        if database.is_sqlite:
            fault = str(connection.execute(text("PRAGMA quick_check(1)")).scalar_one())
            server = ""
        else:
            fault = "ok"
            server = f"PostgreSQL {connection.execute(text('SHOW server_version')).scalar_one()}, "
    require_known(database, found)
    summary = f"{database.name}, {server}tables {found}"
    if fault != "ok":
        cure = "Restore a backup (nearsay restore FILE --force), or rebuild: nearsay index --full"
        yield Check("ledger", "error", f"{database.name} is damaged.", cure)
        return None
    if found == NEWEST:
        yield Check("ledger", "ok", f"{summary}, the newest")
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
    """Check the stored generations and report a running build."""
    kept = ledger.generations.kept()
    damaged = [record.name for record in kept if record.state == "damaged"]
    building = ledger.lease.building()
    summary = f"{len(kept)} kept" + (
        f" ({', '.join(record.name for record in kept)})" if kept else ""
    )
    if building is not None:
        summary += f"; {building.holder} builds another"
    pointer = ledger.generations.pointer()
    if damaged:
        cure = "The next start restores the current one; or rebuild it: nearsay index --full"
        yield Check("generations", "warning", f"{summary}; damaged: {', '.join(damaged)}", cure)
    elif pointer.paused:
        cure = "Go on with: nearsay admin keep, or nearsay admin reindex"
        yield Check("generations", "warning", f"{summary}; no schedule reindexes them", cure)
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
        cure = "The next start does that; so does: nearsay index"
        yield Check("index", "warning", f"{name} has to be rebuilt after the upgrade.", cure)
        return
    manifest = Manifest.from_json(record.manifest)
    folders = Folders(settings.data_dir)
    what = folders.damage(record)
    if ledger.is_shared and not folders.of(name).is_dir():
        yield Check("index", "ok", f"{name}; its files come here with the first start")
        return
    model = settings.model.removeprefix("sentence-transformers/").rstrip("/").rpartition("/")[2]
    weights = digest_of_model(settings.model)
    if what:
        cure = "It is restored from the ledger at the next start; or rebuild it: nearsay index"
        yield Check("index", "error", f"{name} is damaged: {what}.", f"{cure} --full")
    elif manifest.fingerprint.name != model:
        yield Check(
            "index",
            "error",
            f"The index was built with the model {manifest.fingerprint.name}, but {model} is set.",
            "Rebuild it with: nearsay index, or set NEARSAY_MODEL back.",
        )
    elif weights and manifest.fingerprint.weights != weights:
        yield Check(
            "index",
            "error",
            f"The index was built with other weights of {model} than those that are set.",
            "Rebuild it with: nearsay index, or set NEARSAY_MODEL back.",
        )
    elif bool(manifest.encyclopedia) != settings.encyclopedia:
        yield Check(
            "index",
            "warning",
            f"{name} was built with another NEARSAY_ENCYCLOPEDIA than the one that is set.",
            "Bring it up to date with: nearsay index",
        )
    elif manifest.encyclopedia not in ("", bundled_digest()):
        yield Check(
            "index",
            "warning",
            f"{name} is older than the bundled encyclopedia.",
            "Bring it up to date with: nearsay index",
        )
    else:
        held = f"{manifest.entries:,} entries, {manifest.passages:,} passages"
        yield Check("index", "ok", f"{name}, {held}, built {manifest.built:%d %B %Y}")
