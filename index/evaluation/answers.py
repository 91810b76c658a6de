"""Answers measured: do they cite the right entry first, and does the search find it first?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from index.embedding.embedder import Embedder
from index.evaluation.beir import Dataset
from index.evaluation.systems import nearsay
from index.progress import Progress
from index.search.answers.answer import answer
from index.search.near import near


@dataclass(frozen=True, slots=True)
class Answered:
    """How many of the `queries` of one set had a relevant document first in the search, and cited
    first by the answer; and how many were `declined`, which cite nothing.

    `unjudged` queries had no relevant document and were not asked.
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
    """What a measurement of answers gave. `generation` is None, since no index of the person's own
    answered."""

    kind: Literal["answers_bench"] = "answers_bench"
    generation: None = None
    model: str
    sets: tuple[Answered, ...]


def bench_answers(
    datasets: Sequence[Dataset],
    embedder: Embedder,
    report: Progress = lambda *_: None,
) -> AnswersBench:
    """Indexes the documents of each set as entries into a temporary folder, and puts its queries
    to the search and to the answers.

    Raises a `NearsayError` when the model or the temporary folder cannot be used.
    """
    sets = tuple(_answered(dataset, embedder, report) for dataset in datasets)
    return AnswersBench(model=embedder.name, sets=sets)


def _answered(dataset: Dataset, embedder: Embedder, report: Progress) -> Answered:
    search_first = cited_first = declined = 0
    with (
        TemporaryDirectory(prefix="nearsay-bench-") as folder,
        nearsay(dataset.documents, embedder, Path(folder), report) as ours,
    ):
        generation = ours.store.current()
        for done, query in enumerate(dataset.queries, start=1):
            found = near(generation, embedder, query.text, 1).neighbours
            told = answer(generation, embedder, query.text)
            search_first += any(query.grades.get(item.id, 0) > 0 for item in found)
            cited_first += any(query.grades.get(item.id, 0) > 0 for item in told.citations[:1])
            declined += not told.answered
            report("Asking queries", done, len(dataset.queries))
        passages = generation.manifest.passages
    return Answered(
        data=dataset.name,
        documents=len(dataset.documents),
        passages=passages,
        queries=len(dataset.queries),
        unjudged=dataset.unjudged,
        search_first=search_first,
        cited_first=cited_first,
        declined=declined,
    )
