"""What is kept: one folder a generation of the index, and which generation is current.

    DATA/current                     the name of the current generation, such as g000003
    DATA/generations/g000003/
        manifest.json                model, counts, calibration
        entries.jsonl                the entries, one a line
        chroma/                      the vectors of their passages
        words/                       the words of their passages
        spread.npz                   mean and covariance of the vectors
    DATA/models/                     converted models

A generation is written beside the current one, and becomes current by one rename of the small
file `current`; it is never written to afterwards.
"""

from index.store.generation import Generation, Manifest
from index.store.store import Draft, Store
from index.store.vectors import Hit

__all__ = ["Draft", "Generation", "Hit", "Manifest", "Store"]
