"""Layout of entries on the map by t-SNE, with a minimum distance between them."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.neighbors import KNeighborsRegressor
from threadpoolctl import threadpool_limits

from index.statistics.knn_graph import Graph

MIN_ENTRIES = 4  # fewer are placed around the middle
MIN_TSNE_ENTRIES = 30  # fewer are placed by their principal components
MOST = 10_000  # maximum number of entries for t-SNE (30 s); the most central ones are chosen
TSNE_ITERATIONS = 350
INTERPOLATION_NEIGHBOURS = 5  # of an entry that t-SNE leaves out
# Minimum distance of two entries, in map widths: the total divided by the number of entries.
TOTAL_DISTANCE, MAX_DISTANCE = 8.0, 0.03
PUSH_ITERATIONS = 20


def lay_out(graph: Graph) -> NDArray[np.float32]:
    """Compute map positions, `float32[e, 2]`, 0…1, for the entries in `graph`. Deterministic."""
    centres = graph.centres
    if len(centres) < MIN_ENTRIES or np.ptp(centres, axis=0).max() < 1e-6:
        return spread_apart(np.full((len(centres), 2), 0.5))
    uses = np.bincount(graph.nearest.ravel(), minlength=len(centres))
    chosen = np.sort(np.argsort(-uses, kind="stable")[:MOST])
    positions = _tsne(centres[chosen])
    if len(chosen) < len(centres):
        positions = _interpolate(centres, chosen, positions)
    return spread_apart(_to_unit_square(positions))


def _tsne(centres: NDArray[np.float32]) -> NDArray[np.float32]:
    tsne = TSNE(
        perplexity=min(20, (len(centres) - 1) / 3),
        metric="cosine",
        init="pca",
        angle=0.8,
        early_exaggeration=4,
        max_iter=TSNE_ITERATIONS,
        random_state=0,
    )
    with threadpool_limits(1):  # several threads are not deterministic
        found = centres if len(centres) < MIN_TSNE_ENTRIES else tsne.fit_transform(centres)
        return np.asarray(PCA(2, svd_solver="full").fit_transform(found), dtype=np.float32)


def _interpolate(
    centres: NDArray[np.float32], chosen: NDArray[np.int64], positions: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Interpolate positions for all entries, `float32[e, 2]`, from those of the `chosen` ones."""
    nearest = KNeighborsRegressor(INTERPOLATION_NEIGHBOURS, weights="distance", metric="cosine")
    found = np.asarray(nearest.fit(centres[chosen], positions).predict(centres), dtype=np.float32)
    found[chosen] = positions
    return found


def _to_unit_square(positions: NDArray[np.floating]) -> NDArray[np.floating]:
    extent = np.ptp(positions, axis=0)
    flat = extent < 1e-6
    return np.where(flat, 0.5, (positions - positions.min(axis=0)) / np.where(flat, 1, extent))


def least_distance(count: int) -> float:
    return min(MAX_DISTANCE, TOTAL_DISTANCE / max(count, 1))


def spread_apart(
    positions: NDArray[np.floating], moving: NDArray[np.bool_] | None = None
) -> NDArray[np.float32]:
    """Move entries apart to the minimum distance, and return their positions, `float32[e, 2]`.
    `moving` (`bool[e]`) marks the entries that may move; by default, all may."""
    least = least_distance(len(positions))
    moves = np.ones((len(positions), 1)) if moving is None else moving[:, np.newaxis].astype(float)
    noise = np.random.default_rng(1).standard_normal(positions.shape)
    result = np.clip(positions + 1e-4 * least * noise * moves, 0, 1)  # breaks ties
    for _ in range(PUSH_ITERATIONS):
        pairs = KDTree(result).query_pairs(least, output_type="ndarray")
        if not len(pairs):
            break
        one, other = pairs.T
        between = result[one] - result[other]
        length = np.maximum(np.linalg.norm(between, axis=1, keepdims=True), 1e-12)
        push = between / length * (least - length) / np.maximum(moves[one] + moves[other], 1)
        np.add.at(result, one, push * moves[one])
        np.add.at(result, other, -push * moves[other])
        np.clip(result, 0, 1, out=result)
    return np.asarray(result, dtype=np.float32)
