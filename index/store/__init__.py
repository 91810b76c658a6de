"""What is kept: the generations of the index as folders, and the ledger they are built from.

    DATA/ledger.sqlite3              the truth (see `ledger`), unless it is in PostgreSQL
    DATA/generations/g000003/
        manifest.json                model, counts, sources, calibration
        entries.jsonl                the entries, one a line
        chroma/                      the vectors of their passages, unless a Chroma server has them
        words/                       the words of the entries
        centres.npy                  where each entry lies
        spread.npz                   mean and covariance of the vectors; place-spread.npz of centres
        background.npz               where texts on other fields lie
        readers/                     a locked file for each process that is reading it
    DATA/fetching/                   files on their way from the ledger
    DATA/writing.lock                held by the one process that builds or removes
    DATA/models/                     converted models

A generation is built beside the current one, in a child process (`builder`), verified, and
becomes current by one transaction of the ledger (`store`); it is never written to afterwards.
"""

from index.store.generation import Generation
from index.store.manifest import Manifest
from index.store.store import Store

__all__ = ["Generation", "Manifest", "Store"]
