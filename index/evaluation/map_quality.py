"""Compare the trustworthiness of the map with that of other layouts of the same entries."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.build.worker import centres_of
from index.embedding.embedder import Embedder, embed_documents
from index.entry import Entry, passages_of
from index.evaluation.baselines import SkippedBaseline
from index.map.build import PreviousMap, build_map, update_map
from index.progress import Progress
from index.sources.source import BUNDLED
from index.statistics.knn_graph import Graph

OURS = "nearsay"
NEIGHBOURS = 12
ADDED = 10  # entries added to measure stability
DRAWS = 5  # random choices of the added entries
SEED = 0

Layout = Callable[[NDArray[np.float32]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class LayoutResult:
    """The result of a layout method: its trustworthiness at 12 neighbours, 0…1, and its time on one
    core, in seconds."""

    method: str
    trust: float
    seconds: float


@dataclass(frozen=True, slots=True)
class GlossaryMaps:
    """The maps of one glossary.

    `moved` is the median distance that entries move when ten others are added, as a share of the
    map's width, in the worst of several draws.
    """

    data: str
    entries: int
    methods: tuple[LayoutResult, ...]
    moved: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MapBench:
    """The results of the map benchmark on the encyclopedia, and the methods skipped since they are
    not installed."""

    kind: Literal["map_bench"] = "map_bench"
    generation: None = None
    model: str
    neighbours: int
    glossaries: tuple[GlossaryMaps, ...]
    left_out: tuple[SkippedBaseline, ...]


def bench_map(embedder: Embedder, report: Progress = lambda *_: None) -> MapBench:
    """Lay out the bundled encyclopedia with every method. Raises a `NearsayError` when the model
    cannot be used."""
    from index.sources.loader import read_sources  # loads many parsers

    entries = read_sources(progress=report).entries
    passages = [list(passages_of(entry)) for entry in entries]
    counts = np.array([len(several) for several in passages])
    texts = [one.embedded for several in passages for one in several]
    vectors = embed_documents(embedder, texts, partial(report, "embedding"))
    with threadpool_limits(1):
        maps = _maps_of(entries, centres_of(vectors, counts), report)
    umap = SkippedBaseline("UMAP", "it is not installed (pip install umap-learn)")
    return MapBench(
        model=embedder.name,
        neighbours=NEIGHBOURS,
        glossaries=(maps,),
        left_out=() if find_spec("umap") else (umap,),
    )


def _maps_of(
    entries: Sequence[Entry], centres: NDArray[np.float32], report: Progress
) -> GlossaryMaps:
    """Measure the maps of `entries`, whose vectors are `centres` (`float32[e, d]`, unit rows)."""
    start = time.perf_counter()
    atlas = build_map(entries, Graph.of(centres))
    seconds = time.perf_counter() - start
    methods = [_measured(OURS, centres, atlas.positions, seconds)]
    peers = dict(_peers())
    for done, (method, layout) in enumerate(peers.items(), start=1):
        start = time.perf_counter()
        places = layout(centres)
        methods.append(_measured(method, centres, places, time.perf_counter() - start))
        report("Laying out", done, len(peers))
    moved = _median_shift(entries, centres)
    return GlossaryMaps(data=BUNDLED, entries=len(entries), methods=tuple(methods), moved=moved)


def _measured(
    method: str, centres: NDArray[np.float32], places: NDArray[np.float32], seconds: float
) -> LayoutResult:
    from sklearn.manifold import trustworthiness  # takes a second to import

    trust = trustworthiness(centres, places, n_neighbors=NEIGHBOURS, metric="cosine")
    return LayoutResult(method, round(float(trust), 4), round(seconds, 3))


def _peers() -> Iterator[tuple[str, Layout]]:
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    yield "PCA", PCA(2, random_state=SEED).fit_transform
    yield "t-SNE", TSNE(metric="cosine", random_state=SEED, n_jobs=1).fit_transform
    if find_spec("umap"):
        from umap import UMAP

        yield "UMAP", UMAP(metric="cosine", random_state=SEED, n_jobs=1).fit_transform


def _median_shift(entries: Sequence[Entry], centres: NDArray[np.float32]) -> float:
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
    return round(max(found), 4)
