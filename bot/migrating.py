"""`nearsay migrate`: the tables of the ledger's database, to the newest version or back."""

from __future__ import annotations

from bot.replies import Problem
from bot.settings import Settings
from index.errors import NearsayError
from index.store.ledger import Ledger
from index.store.ledger.schema import NEWEST, changes


def migrate(settings: Settings, to: str = NEWEST, *, down: bool = False) -> str | Problem:
    """Changes the tables to those of version `to`; says what was done. Never raises a
    `NearsayError`. Going back deletes what the older version does not have, so it is done only
    with `down`; without, what would go is said."""
    try:
        found = Ledger.version(settings.data_dir, settings.database)
        if found is not None and to < found <= NEWEST and not down:
            return _would_go(found, to)
        changed = Ledger.migrate(settings.data_dir, settings.database, to)
    except NearsayError as error:
        return Problem.of(error)
    if not changed:
        return f"The ledger was up to date: version {to} of its tables."
    if to == NEWEST:
        return f"The ledger is up to date now: version {to} of its tables."
    return (
        f"The ledger has version {to} of its tables now. Install the version of Nearsay that uses "
        "them: this one brings them up to date again as soon as it opens them."
    )


def _would_go(found: str, to: str) -> Problem:
    gone = [f"{version}: {what}" for version, what in reversed(changes()) if to < version <= found]
    return Problem(
        code="usage",
        message=f"Going back from version {found} to {to} deletes what came since. "
        + " ".join(gone),
        hint="Stop every process, make a backup (nearsay backup FILE), then repeat this with "
        "--down.",
    )
