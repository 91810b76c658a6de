"""Compare the map of the bundled encyclopedia with other layouts: `python -m
tests.benchmarks.layouts`.

Prints the trustworthiness at 12 neighbours of each layout (1 if all neighbours on the map are near
in the embedding space), its time on one core, and how far entries move when ten others are added.
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from threadpoolctl import threadpool_limits

from index.entry import Entry
from index.map.build import PreviousMap, build_map, update_map
from index.statistics.knn_graph import Graph
from tests.support.child_process import run_nearsay
from tests.support.stores import open_store

NEIGHBOURS = 12
ADDED = 10  # entries added to measure stability
DRAWS = 5  # random choices of the added entries
SEED = 0

Layout = Callable[[NDArray[np.float32]], NDArray[np.float32]]


def layouts(entries: Sequence[Entry]) -> dict[str, Layout]:
    """Return each layout: a function from the vectors of `entries` (`float32[e, d]`, unit rows) to
    places (`float32[e, 2]`)."""
    return {
        "nearsay": lambda centres: build_map(entries, Graph.of(centres)).positions,
        "PCA": PCA(2, random_state=SEED).fit_transform,
        "t-SNE": TSNE(metric="cosine", random_state=SEED, n_jobs=1).fit_transform,
    }


def median_shift(entries: Sequence[Entry], centres: NDArray[np.float32]) -> float:
    """Return the median distance that entries move when a reindex adds `ADDED` others, as a share
    of the map's width, in the worst of `DRAWS` draws."""
    random = np.random.default_rng(SEED)
    found: list[float] = []
    for _ in range(DRAWS):
        stay = np.sort(random.permutation(len(entries))[ADDED:])
        part = [entries[number] for number in stay.tolist()]
        before = PreviousMap(
            build_map(part, Graph.of(centres[stay])), [entry.id for entry in part], centres[stay]
        )
        after = update_map(entries, centres, before) or build_map(entries, Graph.of(centres))
        distances = np.linalg.norm(after.positions[stay] - before.atlas.positions, axis=1)
        found.append(float(np.median(distances)))
    return max(found)


def main() -> int:
    with TemporaryDirectory() as folder:
        data = Path(folder)
        run_nearsay("say", "/define RAG", data=data)  # indexes the encyclopedia
        with open_store(data).reading() as generation, threadpool_limits(1):
            entries, centres = generation.listed, np.asarray(generation.centres)
            print("layout   trust  seconds")
            for name, layout in layouts(entries).items():
                began = time.perf_counter()
                places = layout(centres)
                seconds = time.perf_counter() - began
                trust = trustworthiness(centres, places, n_neighbors=NEIGHBOURS, metric="cosine")
                print(f"{name:<8} {trust:.3f}  {seconds:7.2f}")
            print(f"With ten more entries the others move by {median_shift(entries, centres):.1%}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
