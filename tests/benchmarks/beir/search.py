"""Measure the retrieval of Nearsay and the baselines on the same documents and queries."""

import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np

from index.embedding.embedder import Embedder, SentenceEmbedder
from index.evaluation.baselines import Method, SkippedBaseline, open_baselines
from index.evaluation.measures import interval
from index.progress import Progress, no_progress
from tests.benchmarks.beir.dataset import Dataset, Query
from tests.benchmarks.beir.scores import Scores, mean, scores_of
from tests.benchmarks.beir.systems import nearsay


@dataclass(frozen=True, slots=True)
class MethodResult:
    """The results of one method: the means over all queries, each 0…1, and the median time of a
    query in milliseconds, including its embedding."""

    method: str
    ndcg_at_10: float
    hit_at_1: float
    recall_at_10: float
    mrr_at_10: float
    milliseconds: float


@dataclass(frozen=True, slots=True)
class MethodComparison:
    """The nDCG@10 of Nearsay compared with that of `peer`, the best baseline.

    `difference` is Nearsay's minus the peer's, -1…1; `low` and `high` are its 95% bootstrap
    interval. `ratio` is Nearsay's divided by the peer's, None when the peer's is 0.
    """

    peer: str
    difference: float
    low: float
    high: float
    ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchBench:
    """The retrieval results on one dataset.

    Nearsay is the first of `methods`; `left_out` are baselines that were not measured. `unjudged`
    queries have no relevant document and were skipped. `generation` is None, since the index is
    temporary.
    """

    kind: Literal["search_bench"] = "search_bench"
    generation: None = None
    model: str
    data: str
    documents: int
    passages: int
    queries: int
    unjudged: int
    methods: tuple[MethodResult, ...]
    comparison: MethodComparison
    left_out: tuple[SkippedBaseline, ...] = ()


def bench_search(
    dataset: Dataset, embedder: Embedder, report: Progress = no_progress
) -> SearchBench:
    """Index the corpus for every method in a temporary folder, and run every query with each."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="nearsay-bench-")))
        documents = dataset.documents
        ours = stack.enter_context(nearsay(documents, embedder, folder / "ours", report))
        peers, left_out = stack.enter_context(open_baselines(documents, embedder, folder, report))
        answers = _ask((ours, *peers), dataset.queries, embedder, report)
        passages = ours.store.current().manifest.passages
    return SearchBench(
        model=embedder.name,
        data=dataset.name,
        documents=len(dataset.documents),
        passages=passages,
        queries=len(dataset.queries),
        unjudged=dataset.unjudged,
        methods=tuple(
            MethodResult(
                method=name,
                **{measure: round(value, 4) for measure, value in asdict(mean(scores)).items()},
                milliseconds=round(1_000 * statistics.median(seconds), 2),
            )
            for name, (scores, seconds) in answers.items()
        ),
        comparison=compare({name: scores for name, (scores, _) in answers.items()}),
        left_out=left_out,
    )


def compare(scores: dict[str, list[Scores]]) -> MethodComparison:
    """Compare the first method with the best of the others, by the `scores` for each query."""
    ndcg = {
        name: np.array([score.ndcg_at_10 for score in of_method])
        for name, of_method in scores.items()
    }
    ours, *others = ndcg
    peer = max(others, key=lambda name: float(ndcg[name].mean()))
    differences = ndcg[ours] - ndcg[peer]
    low, high = interval(np.mean, differences)
    theirs = float(ndcg[peer].mean())
    return MethodComparison(
        peer=peer,
        difference=round(float(differences.mean()), 4),
        low=low,
        high=high,
        ratio=round(float(ndcg[ours].mean()) / theirs, 4) if theirs else None,
    )


def _ask(
    methods: Sequence[Method], queries: Sequence[Query], embedder: Embedder, report: Progress
) -> dict[str, tuple[list[Scores], list[float]]]:
    """Return the scores and the times in seconds of each query, per method.

    Every query runs on all methods before the next query, so that load on the machine affects all
    of them. Each method embeds the query itself. The first query runs once without being measured,
    to load everything.
    """
    for method in methods:
        method.find(queries[0].text)
    answers: dict[str, tuple[list[Scores], list[float]]] = {
        method.name: ([], []) for method in methods
    }
    for done, query in enumerate(queries, start=1):
        for method in methods:
            if isinstance(embedder, SentenceEmbedder):
                embedder.forget_queries()
            started = time.perf_counter()
            found = method.find(query.text)
            seconds = time.perf_counter() - started
            scores, times = answers[method.name]
            scores.append(scores_of(found, query.grades))
            times.append(seconds)
        report("Asking queries", done, len(queries))
    return answers
