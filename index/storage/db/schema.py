"""The tables of the ledger, in SQLAlchemy Core. Times are seconds since the epoch."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def _owner(column: str) -> ForeignKey:
    """Refer to the row with which a row is deleted."""
    return ForeignKey(column, ondelete="CASCADE")


# `state`: building, ready, damaged (unusable files) or removed (no files).
generations = Table(
    "generations",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("built", Float, nullable=False),
    Column("by", Text, nullable=False),
    Column("manifest", Text, nullable=False),  # JSON; empty during the build
    Column("digests", Text, nullable=False),  # JSON: path to SHA-256
    Column("outcome", Text, nullable=False),  # JSON: the result of the reindex
    Column("note", Text, nullable=False),
    Column("format", Integer, nullable=False),  # of its files, see `generation_records`
)

# The current generation: one row.
pointer = Table(
    "pointer",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("generation", String(16), ForeignKey("generations.name")),
    Column("switched", Float, nullable=False),
    Column("paused", Boolean, nullable=False),  # whether scheduled reindexing is paused
)

entry_versions = Table(
    "entry_versions",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the content
    Column("entry", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("content", Text, nullable=False),  # JSON, see index.entry_json
)

generation_entries = Table(
    "generation_entries",
    metadata,
    Column("generation", String(16), ForeignKey("generations.name"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("digest", String(64), ForeignKey("entry_versions.digest"), nullable=False),
)

entry_history = Table(
    "entry_history",
    metadata,
    Column("id", _NUMBER, primary_key=True),
    Column("entry", Text, nullable=False),
    Column("change", String(8), nullable=False),  # added, changed or removed
    # Of the new or the removed version.
    Column("digest", String(64), ForeignKey("entry_versions.digest"), nullable=False),
    Column("generation", String(16), ForeignKey("generations.name"), nullable=False),
    Column("at", Float, nullable=False),
    Column("by", Text, nullable=False),
    Index("entry_history_entry", "entry"),
)

vectors = Table(
    "vectors",
    metadata,
    Column("space", String(16), primary_key=True),  # the key of the model's fingerprint
    Column("digest", String(64), primary_key=True),  # of the text that was embedded
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian
)

files = Table(
    "files",
    metadata,
    Column("source", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("reader", String(64), nullable=False),
    Column("content", Text, nullable=False),  # JSON, see index.sources.file_cache
)

# One row while a process builds.
lease = Table(
    "lease",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("token", String(32), nullable=False),
    Column("holder", Text, nullable=False),  # description for users
    Column("directory", Text, nullable=False),  # host and data directory
    Column("taken", Float, nullable=False),
    Column("heartbeat", Float, nullable=False),
    Column("phase", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("cancelled", Boolean, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _NUMBER, primary_key=True),
    Column("at", Float, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("outcome", String(8), nullable=False),  # done, refused or failed
    Column("detail", Text, nullable=False),
    Column("generation", String(16)),
    Column("times", Integer, nullable=False, server_default="1"),  # of refusals: how many
    Index("audit_at", "at"),
)

questions = Table(
    "questions",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("at", Float, nullable=False),
    Column("person", Text, nullable=False),
    Column("place", String(8), nullable=False),  # public, private, direct, quoted or terminal
    Column("channel", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("outcome", String(8), nullable=False),  # answered, declined, sparse or unknown
    Column("answer", Text, nullable=False),
    Column("first", Text, nullable=False),  # the id of the first entry shown; empty for none
    Column("entries", Text, nullable=False),  # JSON: the ids of all entries shown
    Column("generation", String(16)),
    Column("told", Boolean, nullable=False),  # whether the glossary's owners may see it
    Column("seconds", Float),  # time to answer, if measured
    Index("questions_at", "at"),
    Index("questions_person", "person"),
)

votes = Table(
    "votes",
    metadata,
    Column("question", String(16), _owner("questions.id"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("at", Float, nullable=False),
    Index("votes_person", "person"),
)

# Edits by people: one row per entry. `state`: written, removed, or imported (reset to the source).
edits = Table(
    "edits",
    metadata,
    Column("entry", Text, primary_key=True),
    Column("state", String(8), nullable=False),
    Column("content", Text, nullable=False),  # JSON: the entry, or its last content if removed
    Column("version", String(64), nullable=False),  # SHA-256 of the content; empty when removed
    Column("imported", Text, nullable=False),  # JSON: content of the source; may be empty
    Column("base", String(64), nullable=False),  # the imported version that was edited, or empty
    Column("at", Float, nullable=False),
    Column("by", Text, nullable=False),
)

# `change`: added, edited, removed, put back, restored, alias, phrase or set aside. `state` and
# `content` are those after the edit. Ids grow with time.
edit_history = Table(
    "edit_history",
    metadata,
    Column("id", _NUMBER, primary_key=True),
    Column("entry", Text, nullable=False),
    Column("change", String(9), nullable=False),
    Column("state", String(8), nullable=False),
    Column("content", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("by", Text, nullable=False),
    Column("delivery", Text, nullable=False, server_default=""),  # that caused it, or empty
    Index("edit_history_entry", "entry"),
    Index("edit_history_delivery", "delivery"),
)

# `channel` and `ts` are the message that asks for a review.
suggestions = Table(
    "suggestions",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("fields", Text, nullable=False),  # JSON, see index.entry_draft
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("state", String(8), nullable=False),  # open, approved or declined
    Column("reviewer", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("entry", Text, nullable=False),  # id of the resulting entry, or empty
    Column("channel", Text, nullable=False),
    Column("ts", Text, nullable=False),
    Index("suggestions_state", "state", "at"),
    Index("suggestions_person", "person"),
)

ways = Table(
    "ways",
    metadata,
    Column("id", _NUMBER, primary_key=True),
    Column("entry", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("version", String(64), nullable=False),  # of the entry's text when it was checked
    Column("origin", String(8), nullable=False),  # model, or use: a question
    Column("state", String(8), nullable=False),  # proposed, accepted or refused
    Column("reason", Text, nullable=False),  # why a check refused it
    Column("by", Text, nullable=False),  # who decided, or empty
    Column("at", Float, nullable=False),
    Column("decided", Float),
    Index("ways_entry", "entry"),
)

# Who may ask over HTTP. `role`: public, guest, member, admin, or ids of user groups.
access_tokens = Table(
    "access_tokens",
    metadata,
    Column("id", String(8), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of the token
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("at", Float, nullable=False),
)

# Unsaved forms; `what` names the form.
drafts = Table(
    "drafts",
    metadata,
    Column("person", Text, primary_key=True),
    Column("what", String(200), primary_key=True),
    Column("fields", Text, nullable=False),  # JSON, see index.entry_draft
    Column("version", String(64), nullable=False),  # of the entry when the form was opened
    Column("at", Float, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("at", Float, nullable=False),  # when the scheduled job last ran
)

# The id of this ledger: one row.
identity = Table(
    "identity",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("name", String(8), nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("words", Text, nullable=False),  # description for users
    Column("heartbeat", Float, nullable=False),
)

# The generations that the processes read.
holds = Table(
    "holds",
    metadata,
    Column("member", String(32), _owner("members.token"), primary_key=True),
    Column("generation", String(16), primary_key=True),
)

# The files of generations, for machines that did not build them, in parts.
generation_files = Table(
    "generation_files",
    metadata,
    Column("generation", String(16), _owner("generations.name"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # compressed by zlib
)

# Slack deliveries until they are answered; their keys are kept a while longer.
deliveries = Table(
    "deliveries",
    metadata,
    Column("key", Text, primary_key=True),
    Column("content", Text, nullable=False),  # JSON; empty once answered
    Column("received", Float, nullable=False),
    Column("answered", Float),
    Column("member", String(32), nullable=False),  # the process that must answer it, or empty
    Index("deliveries_received", "received"),
)
