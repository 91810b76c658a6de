"""What is kept: generations of the index as folders, and the ledger they are built from.

    DATA/ledger.sqlite3              the ledger (see `db`), unless it is in PostgreSQL
    DATA/generations/g000003/
        manifest.json                model, counts, sources, calibration
        entries.jsonl                the entries, one a line
        chroma/                      the vectors of their passages, unless a Chroma server has them
        words/                       the words of the entries
        centres.npy                  the mean direction of each entry's passages
        spread.npz                   mean and covariance of the vectors; place-spread.npz of centres
        background.npz               vectors of texts on other fields
        readers/                     a locked file for each process that reads it
    DATA/fetching/                   files on their way from the ledger
    DATA/writing.lock                held by the one process that builds or removes
    DATA/models/                     converted models

A generation is built beside the current one in a child process (`index.build`), verified, and made
current by one transaction of the ledger (`store`). It is never written to afterwards.
"""

from index.storage.generation import Generation
from index.storage.manifest import Manifest
from index.storage.store import Store

__all__ = ["Generation", "Manifest", "Store"]
