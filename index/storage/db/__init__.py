"""The ledger: the SQL database from which the index is built.

It is SQLite in the data directory by default, or PostgreSQL at a URL. Every file of the index can
be rebuilt from it. `schema` defines the tables, and `migrations/` their changes.
"""

from index.storage.db.generation_records import GenerationRecord
from index.storage.db.lease import Holder
from index.storage.db.ledger import Ledger
from index.storage.db.questions import (
    DeletedUserData,
    Place,
    PopularQuestion,
    QuestionRecord,
    Summary,
)
from index.storage.db.usage_stats import MissedQuestion

__all__ = [
    "DeletedUserData",
    "GenerationRecord",
    "Holder",
    "Ledger",
    "MissedQuestion",
    "Place",
    "PopularQuestion",
    "QuestionRecord",
    "Summary",
]
