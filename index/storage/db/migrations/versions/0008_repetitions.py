"""The Slack delivery that caused each edit, and how often each action was refused."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    delivery = sa.Column("delivery", sa.Text(), nullable=False, server_default="")
    op.add_column("edit_history", delivery)
    op.create_index("edit_history_delivery", "edit_history", ["delivery"])
    times = sa.Column("times", sa.Integer(), nullable=False, server_default="1")
    op.add_column("audit", times)


def downgrade() -> None:
    op.drop_column("audit", "times")
    op.drop_index("edit_history_delivery", "edit_history")
    op.drop_column("edit_history", "delivery")
