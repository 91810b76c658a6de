"""Entries written by people, how they came to be, what others suggest, and what is unsaved."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "edits",
        sa.Column("entry", sa.Text(), primary_key=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("imported", sa.Text(), nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
    )
    op.create_table(
        "edit_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("change", sa.String(9), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
    )
    op.create_index("edit_history_entry", "edit_history", ["entry"])
    op.create_table(
        "suggestions",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
    )
    op.create_index("suggestions_state", "suggestions", ["state", "at"])
    op.create_index("suggestions_person", "suggestions", ["person"])
    op.create_table(
        "drafts",
        sa.Column("person", sa.Text(), primary_key=True),
        sa.Column("what", sa.String(200), primary_key=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
    )


def downgrade() -> None:
    for table in ("drafts", "suggestions", "edit_history", "edits"):
        op.drop_table(table)
