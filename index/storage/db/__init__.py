"""The ledger: what the index is built from, in a SQL database.

SQLite in the data directory by default, PostgreSQL by its address. Losing every file of the index
itself loses nothing that is not here. `schema` has the tables, `migrations/` how they change.
"""

from index.storage.db.audit import AuditRecord
from index.storage.db.generation_records import GenerationRecord, Pointer
from index.storage.db.lease import Holder, Lease
from index.storage.db.ledger import Ledger
from index.storage.db.questions import DeletedUserData, Place, Popular, QuestionRecord, Summary
from index.storage.db.usage_stats import Missed

__all__ = [
    "AuditRecord",
    "DeletedUserData",
    "GenerationRecord",
    "Holder",
    "Lease",
    "Ledger",
    "Missed",
    "Place",
    "Pointer",
    "Popular",
    "QuestionRecord",
    "Summary",
]
