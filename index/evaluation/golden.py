"""Measure an index and the baselines on judged questions, over the same entries."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np

from index.embedding.embedder import Embedder
from index.entry import Entry, passages_of
from index.errors import NotFound
from index.evaluation.baselines import Method, SkippedBaseline, open_baselines
from index.evaluation.beir import Document
from index.evaluation.golden_questions import GoldenQuestion, GoldenSet, Half
from index.evaluation.measures import CUTOFF, Values, interval, roc_area
from index.evaluation.systems import open_index
from index.indexing.reindex import SourceContent
from index.progress import Progress, no_progress
from index.search.abstention import evidence_of
from index.search.near import near
from index.search.results import Neighbours
from index.sources.loader import read_sources
from index.sources.source import bundled_digest
from index.storage import Generation

OURS = "nearsay"


@dataclass(frozen=True, slots=True)
class Rates:
    """The success rates of a method for one kind of question, or for all questions.

    `first` is the share of questions with a right entry first, `among_three` the share with one
    among the first three, and `mrr_at_10` the mean reciprocal rank in the first ten. Each is 0…1.
    """

    kind: str
    questions: int
    first: float
    among_three: float
    mrr_at_10: float


@dataclass(frozen=True, slots=True)
class MethodRates:
    """The rates of one method for `all` questions, and for the questions of each kind."""

    method: str
    all: Rates
    kinds: tuple[Rates, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """The 95% bootstrap interval of a share or a mean."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """The 95% bootstrap intervals of Nearsay's rates for all questions."""

    first: Range
    among_three: Range
    mrr_at_10: Range


@dataclass(frozen=True, slots=True)
class AbstentionRate:
    """The share of `questions`, 0…1, for which the reply says that nothing is near."""

    kind: str
    questions: int
    share: float
    interval: Range


@dataclass(frozen=True, slots=True)
class Abstentions:
    """The abstention rates: for `unanswerable` questions (by kind in `kinds`), where abstaining is
    correct, and for `answerable` questions, where it is wrong.

    `area` is the area under the ROC curve of the evidence for a question, independent of the
    threshold (see `index.statistics.thresholds`).
    """

    unanswerable: AbstentionRate
    answerable: AbstentionRate
    kinds: tuple[AbstentionRate, ...]
    area: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenBench:
    """The results of a benchmark on judged questions.

    Nearsay is the first of `methods`; `left_out` are baselines that were not measured. `generation`
    is None for a temporary index. `sparse` is None if there are no unanswerable questions.
    """

    kind: Literal["golden_bench"] = "golden_bench"
    generation: str | None
    model: str
    data: str
    half: Half
    entries: int
    questions: int
    methods: tuple[MethodRates, ...]
    intervals: Intervals
    sparse: Abstentions | None
    left_out: tuple[SkippedBaseline, ...]


def _question_scores(ranks: Sequence[int]) -> Values:
    """Return three scores of each question, `float64[3, n]`: whether a right entry is first,
    whether one is among the first three, and the reciprocal rank. `ranks` has the rank of each
    question's first right entry, from 1, or 0 if there is none."""
    at = np.array(ranks, dtype=np.float64)
    found = at > 0
    return np.array([at == 1, found & (at <= 3), np.divide(1, at, where=found, out=0 * at)])


def _rates(kind: str, places: Sequence[int]) -> Rates:
    means = (round(float(values.mean()), 4) for values in _question_scores(places))
    return Rates(kind, len(places), *means)


def bench_golden(
    golden: GoldenSet,
    half: Half,
    generation: Generation,
    embedder: Embedder,
    report: Progress = no_progress,
    *,
    own: bool = True,
) -> GoldenBench:
    """Run one half of the questions on `generation` and the baselines.

    `own` is False for a temporary index. Raises `NotFound` when the half has no answerable
    question, another `NearsayError` when the model, the index or the temporary folder cannot be
    used.
    """
    asked = golden.half(half)
    if not asked.answerable:
        raise NotFound(
            f"The {half} half has no answerable question.", "Use all questions: --half both"
        )
    documents = [document_of(entry) for entry in generation.entries.values()]
    replies = [
        near(generation, embedder, question.text, CUTOFF)
        for question in _with_progress(asked.answerable, "Asking questions", report)
    ]
    empty = [
        near(generation, embedder, question.text, CUTOFF)
        for question in _with_progress(asked.unanswerable, "Asking unanswerable questions", report)
    ]
    with (
        TemporaryDirectory(prefix="nearsay-bench-") as folder,
        open_baselines(documents, embedder, Path(folder), report) as (peers, left_out),
    ):
        others = [_measure_baseline(peer, asked.answerable, report) for peer in peers]
    places = [
        rank_of([neighbour.id for neighbour in reply.neighbours], question.right)
        for reply, question in zip(replies, asked.answerable, strict=True)
    ]
    return GoldenBench(
        generation=generation.id if own else None,
        model=generation.model,
        data=golden.name,
        half=half,
        entries=len(generation.entries),
        questions=len(asked.answerable),
        methods=(_rates_by_kind(OURS, places, asked.answerable), *others),
        intervals=Intervals(*map(_range, _question_scores(places))),
        sparse=_sparse(asked, replies, empty, generation, embedder) if empty else None,
        left_out=left_out,
    )


@contextmanager
def encyclopedia(embedder: Embedder, report: Progress) -> Iterator[Generation]:
    """Yield a temporary index of the bundled encyclopedia, and delete it on exit."""
    entries = read_sources(progress=report).entries
    content = SourceContent(entries, bundled_digest())
    with (
        TemporaryDirectory(prefix="nearsay-bench-") as folder,
        open_index(content, embedder, Path(folder), report) as store,
    ):
        yield store.current()


def document_of(entry: Entry) -> Document:
    """Convert an entry to a document for the baselines. Its title is the term; its text consists of
    the aliases and all passages."""
    texts = [passage.text for passage in passages_of(entry)]
    names = [", ".join(entry.aliases)] if entry.aliases else []
    return Document(entry.id, entry.term, "\n".join([*names, *texts]))


def rank_of(found: Sequence[str], right: Sequence[str]) -> int:
    """Return the rank (from 1) of the first right id in the first ten of `found`, or 0 if none."""
    places = (place for place, name in enumerate(found[:CUTOFF], start=1) if name in right)
    return next(places, 0)


def _measure_baseline(
    peer: Method, questions: Sequence[GoldenQuestion], report: Progress
) -> MethodRates:
    places = [
        rank_of(peer.find(question.text), question.right)
        for question in _with_progress(questions, f"Asking {peer.name}", report)
    ]
    return _rates_by_kind(peer.name, places, questions)


def _rates_by_kind(
    method: str, places: Sequence[int], questions: Sequence[GoldenQuestion]
) -> MethodRates:
    kinds: dict[str, list[int]] = {}
    for place, question in zip(places, questions, strict=True):
        kinds.setdefault(question.kind, []).append(place)
    return MethodRates(
        method,
        _rates("all", places),
        tuple(_rates(kind, of_kind) for kind, of_kind in kinds.items()),
    )


def _sparse(
    asked: GoldenSet,
    answerable: Sequence[Neighbours],
    unanswerable: Sequence[Neighbours],
    generation: Generation,
    embedder: Embedder,
) -> Abstentions:
    kinds: dict[str, list[Neighbours]] = {}
    for reply, question in zip(unanswerable, asked.unanswerable, strict=True):
        kinds.setdefault(question.kind, []).append(reply)
    places = [
        [evidence_of(generation, point) for point in embedder.queries([one.text for one in some])]
        for some in (asked.answerable, asked.unanswerable)
    ]
    return Abstentions(
        _emptiness("unanswerable", unanswerable),
        _emptiness("answerable", answerable),
        tuple(_emptiness(kind, replies) for kind, replies in kinds.items()),
        round(roc_area(*map(np.asarray, places)), 4),
    )


def _emptiness(kind: str, replies: Sequence[Neighbours]) -> AbstentionRate:
    said = np.array([reply.sparse for reply in replies], dtype=np.float64)
    return AbstentionRate(kind, len(replies), round(float(said.mean()), 4), _range(said))


def _range(values: Values) -> Range:
    return Range(*interval(np.mean, values))


def _with_progress(
    questions: Sequence[GoldenQuestion], phase: str, report: Progress
) -> Iterator[GoldenQuestion]:
    for done, question in enumerate(questions, start=1):
        yield question
        report(phase, done, len(questions))
