"""What several processes share: an id of the ledger, who is there and reads what, the files of
generations, and what Slack delivered."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    identity = op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), sa.CheckConstraint("id = 1"), primary_key=True),
        sa.Column("name", sa.String(8), nullable=False),
    )
    op.bulk_insert(identity, [{"id": 1, "name": secrets.token_hex(4)}])
    op.create_table(
        "members",
        sa.Column("token", sa.String(32), primary_key=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("heartbeat", sa.Float(), nullable=False),
    )
    op.create_table(
        "holds",
        sa.Column(
            "member",
            sa.String(32),
            sa.ForeignKey("members.token", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("generation", sa.String(16), primary_key=True),
    )
    op.create_table(
        "generation_files",
        sa.Column(
            "generation",
            sa.String(16),
            sa.ForeignKey("generations.name", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("path", sa.Text(), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("received", sa.Float(), nullable=False),
        sa.Column("answered", sa.Float()),
        sa.Column("member", sa.String(32), nullable=False),
        sa.Index("deliveries_received", "received"),
    )


def downgrade() -> None:
    for table in ("deliveries", "generation_files", "holds", "members", "identity"):
        op.drop_table(table)
