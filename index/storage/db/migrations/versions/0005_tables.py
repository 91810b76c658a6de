"""The tables of 0.1.0.

A new ledger gets the tables of today at once (see `index.storage.db.migrate`); this version is
only what upgrades begin from and going back ends with.
"""

revision = "0005"
down_revision = None


def upgrade() -> None:
    """Nothing: whoever has this version has its tables."""
