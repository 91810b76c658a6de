"""Storage: generations of the index as folders, and the ledger they are built from.

    DATA/ledger.sqlite3              the ledger (see `db`), unless it is in PostgreSQL
    DATA/generations/g000003/
        manifest.json                model, counts, sources, calibration
        entries.jsonl                the entries, one per line
        vectors.npy                  the passage vectors, as one array
        chroma/                      their HNSW index, unless a Chroma server holds it
        words/, words-0/, …          the BM25 index of all entries, and of each of several sources
        centres.npy                  the mean direction of each entry's passages
        spread.npz                   mean and covariance of the passage vectors
        place-spread.npz             mean and covariance of the centres
        sources.npz                  statistics of each source
        tokens.npy, token-counts.npy token vectors of the entries, if the model is the default one
        atlas.npz                    the map
        readers/                     a locked file for each process that reads the generation
    DATA/fetching/                   files being fetched from the ledger
    DATA/writing.lock                held by the one process that builds or removes generations
    DATA/models/                     converted models

A child process (`index.indexing`) builds a generation in a scratch folder and verifies it. One
ledger transaction makes it current (`store`). Its files are immutable from then on.
"""

from index.storage.generation import Generation
from index.storage.manifest import Manifest
from index.storage.store import Store

__all__ = ["Generation", "Manifest", "Store"]
