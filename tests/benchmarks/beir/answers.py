"""Measure how often a right entry is cited first in an answer, or found first by a search."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from index.embedding.embedder import Embedder
from index.progress import Progress, no_progress
from index.search.answers.answer import answer
from index.search.near import near
from tests.benchmarks.beir.dataset import Dataset
from tests.benchmarks.beir.systems import nearsay


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """The counts for one dataset.

    `search_first` counts the queries for which a search found a relevant document first,
    `cited_first` those whose answer cited one first, and `declined` those without an answer.
    `unjudged` queries have no relevant document and were skipped.
    """

    data: str
    documents: int
    passages: int
    queries: int
    unjudged: int
    search_first: int
    cited_first: int
    declined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersBench:
    """The results for all datasets. `generation` is None, since the indexes are temporary."""

    kind: Literal["answers_bench"] = "answers_bench"
    generation: None = None
    model: str
    sets: tuple[AnswerCounts, ...]


def bench_answers(
    datasets: Sequence[Dataset],
    embedder: Embedder,
    report: Progress = no_progress,
) -> AnswersBench:
    """Index the documents of each dataset into a temporary folder, and run its queries through
    search and answering."""
    sets = tuple(_answered(dataset, embedder, report) for dataset in datasets)
    return AnswersBench(model=embedder.name, sets=sets)


def _answered(dataset: Dataset, embedder: Embedder, report: Progress) -> AnswerCounts:
    search_first = cited_first = declined = 0
    with (
        TemporaryDirectory(prefix="nearsay-bench-") as folder,
        nearsay(dataset.documents, embedder, Path(folder), report) as ours,
    ):
        generation = ours.store.current()
        for done, query in enumerate(dataset.queries, start=1):
            found = near(generation, embedder, query.text, 1).neighbours
            reply = answer(generation, embedder, query.text)
            search_first += any(query.grades.get(item.id, 0) > 0 for item in found)
            cited_first += any(query.grades.get(item.id, 0) > 0 for item in reply.citations[:1])
            declined += not reply.answered
            report("Asking queries", done, len(dataset.queries))
        passages = generation.manifest.passages
    return AnswerCounts(
        data=dataset.name,
        documents=len(dataset.documents),
        passages=passages,
        queries=len(dataset.queries),
        unjudged=dataset.unjudged,
        search_first=search_first,
        cited_first=cited_first,
        declined=declined,
    )
