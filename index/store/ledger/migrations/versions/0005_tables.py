"""The tables of 0.1.0."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "generations",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("built", sa.Float(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("digests", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
    )
    op.create_table(
        "pointer",
        sa.Column("id", sa.Integer(), sa.CheckConstraint("id = 1"), primary_key=True),
        sa.Column("generation", sa.String(16), sa.ForeignKey("generations.name")),
        sa.Column("switched", sa.Float(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "entry_versions",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
    )
    op.create_table(
        "generation_entries",
        sa.Column("generation", sa.String(16), sa.ForeignKey("generations.name"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("digest", sa.String(64), sa.ForeignKey("entry_versions.digest"), nullable=False),
    )
    op.create_table(
        "entry_history",
        sa.Column("id", key, primary_key=True),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("change", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), sa.ForeignKey("entry_versions.digest"), nullable=False),
        sa.Column("generation", sa.String(16), sa.ForeignKey("generations.name"), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
    )
    op.create_index("entry_history_entry", "entry_history", ["entry"])
    op.create_table(
        "vectors",
        sa.Column("space", sa.String(16), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "files",
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("path", sa.Text(), primary_key=True),
        sa.Column("reader", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("directory", sa.Text(), nullable=False),
        sa.Column("taken", sa.Float(), nullable=False),
        sa.Column("heartbeat", sa.Float(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", key, primary_key=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("generation", sa.String(16)),
    )
    op.create_index("audit_at", "audit", ["at"])
    op.create_table(
        "questions",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("place", sa.String(8), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("generation", sa.String(16)),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Float()),
    )
    op.create_index("questions_at", "questions", ["at"])
    op.create_index("questions_person", "questions", ["person"])
    op.create_table(
        "votes",
        sa.Column(
            "question",
            sa.String(16),
            sa.ForeignKey("questions.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("person", sa.Text(), primary_key=True),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_index("votes_person", "votes", ["person"])
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
        sa.Column("id", key, primary_key=True),
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
    op.create_table(
        "claims",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("at", sa.Float(), nullable=False),
    )
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
