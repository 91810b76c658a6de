"""How long an answer took, and what one of several processes does at its time."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("questions", sa.Column("seconds", sa.Float()))
    op.create_table(
        "claims",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("at", sa.Float(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("claims")
    op.drop_column("questions", "seconds")
