"""What people asked, and whether they found the answers helpful."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
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


def downgrade() -> None:
    op.drop_table("votes")
    op.drop_table("questions")
