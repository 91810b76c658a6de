"""The ledger: the truth that the index is built from, in a SQL database.

    generations.py   the generations, which one is current, the entries each was built from
    vectors.py       every vector that was ever needed, by model and text
    files.py         the files of sources as they were read last
    lease.py         who may build, and how far the building is
    audit.py         what admins did
    asked.py         what people asked, and whether the answers helped them
    figures.py       what that comes to, in numbers and in what was missed
    claims.py        what one of several processes does at its time
    edits.py         what people wrote, over what sources give
    suggestions.py   what people suggest, until it is decided on
    members.py       which processes there are, and what they read
    generation_files.py  files of generations, for machines that have them not
    drafts.py        what people typed and did not save
    part.py          what these have in common
    tables.py        the tables; migrations/ says how they came to be

SQLite in the data directory by default, PostgreSQL by its address. Losing every file of the index
itself loses nothing that is not here.
"""

from index.store.ledger.asked import Forgotten, Place, Popular, Question, Summary
from index.store.ledger.audit import AuditRecord
from index.store.ledger.figures import Missed
from index.store.ledger.generation_records import GenerationRecord, Pointer
from index.store.ledger.lease import Holder, Lease
from index.store.ledger.ledger import Ledger

__all__ = [
    "AuditRecord",
    "Forgotten",
    "GenerationRecord",
    "Holder",
    "Lease",
    "Ledger",
    "Missed",
    "Place",
    "Pointer",
    "Popular",
    "Question",
    "Summary",
]
