"""The format of each generation's files, so that a generation in another format is not opened."""

import sqlalchemy as sa
from alembic import op

from index.errors import LedgerError

revision = "0006"
down_revision = "0005"

FIRST = 1  # the format of generations that are older than this column


def upgrade() -> None:
    op.add_column(
        "generations", sa.Column("format", sa.Integer(), nullable=False, server_default=str(FIRST))
    )


def downgrade() -> None:
    later = sa.text(
        "SELECT name FROM generations JOIN pointer ON generation = name WHERE format > :first"
    )
    name = op.get_bind().execute(later, {"first": FIRST}).scalar()
    if name is not None:
        raise LedgerError(
            f"The index {name} was built after the upgrade, in a format that older versions of "
            "Nearsay cannot read; nothing was changed.",
            "To go back, restore a backup from before the upgrade with the older version.",
        )
    op.drop_column("generations", "format")
