"""The Slack delivery that caused each edit, so that one that is run again is recognized."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    column = sa.Column("delivery", sa.Text(), nullable=False, server_default="")
    op.add_column("edit_history", column)
    op.create_index("edit_history_delivery", "edit_history", ["delivery"])


def downgrade() -> None:
    op.drop_index("edit_history_delivery", "edit_history")
    op.drop_column("edit_history", "delivery")
