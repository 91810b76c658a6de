"""The tables of the oldest version that can be upgraded.

A new ledger gets the newest tables directly (see `index.storage.db.migrate`). This revision is only
the starting point of upgrades and the end point of downgrades.
"""

revision = "0007"
down_revision = None


def upgrade() -> None:
    """Do nothing: a ledger of this version already has its tables."""
