"""Measure a glossary on judged questions: on its own, and together with the bundled encyclopedia.

A folder to measure contains the glossary (a file or folder whose name begins with "glossary"), and
the judged questions (see `golden_questions`). It may contain `ways.jsonl` with ways to ask:
{"entry": …, "ways": […]} on each line. They become search phrases of the entries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
from pydantic import BaseModel

from index.embedding.embedder import Embedder
from index.entry import Entry
from index.errors import SourceError
from index.evaluation.beir import Asked, Line, rows_of
from index.evaluation.golden import rank_of
from index.evaluation.golden_questions import LAYOUT, GoldenSet, read_golden
from index.evaluation.measures import CUTOFF
from index.evaluation.systems import open_index
from index.indexing.reindex import SourceContent
from index.names import Names
from index.progress import Progress, no_progress
from index.search.answers.answer import answer
from index.search.near import near
from index.search.results import Answer, Neighbours
from index.sources.loader import read_sources
from index.sources.source import Source, bundled_digest
from index.storage import Generation

OWN = "own"  # the name of the measured source
HIGH = 0.8  # similarity from which a hit is shown as very close
Setting = Literal["alone", "mixed", "from"]


@dataclass(frozen=True, slots=True)
class SearchRates:
    """The results of searches. `first` and `among_three` are the shares of answerable questions
    with a right entry first, or among the first three. `wrongly_empty` and `rightly_empty` are the
    shares of answerable and unanswerable questions for which nothing is near. Of the first hits,
    `high` have a similarity of at least `HIGH` (answerable and unanswerable questions together),
    `high_and_right` of these are right, and `right` are right in all."""

    first: float
    among_three: float
    wrongly_empty: float
    rightly_empty: float
    high: int
    high_and_right: int
    right: int


@dataclass(frozen=True, slots=True)
class AnswerRates:
    """The results of answers. Of the answerable questions, `right` cite a right entry first, of
    these `right_unhedged` without a hedge; `declined` have no answer, `declined_though_first` of
    these although the search finds a right entry first. `wrong_unhedged` counts the answers,
    to answerable and unanswerable questions, that cite no right entry and have no hedge.
    `rightly_declined` counts the unanswerable questions without an answer."""

    right: int
    right_unhedged: int
    declined: int
    declined_though_first: int
    wrong_unhedged: int
    rightly_declined: int


@dataclass(frozen=True, slots=True)
class SettingRates:
    """The results in one setting: the glossary `alone`, `mixed` with the bundled encyclopedia, or
    mixed and searched with `from=` (which answers have not)."""

    setting: Setting
    search: SearchRates
    answers: AnswerRates | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBench:
    """The results for one folder. `ways` is the number of ways to ask in it."""

    kind: Literal["own_bench"] = "own_bench"
    generation: None = None
    model: str
    data: str
    entries: int
    ways: int
    answerable: int
    unanswerable: int
    settings: tuple[SettingRates, ...]


class _Ways(BaseModel):
    entry: Line
    ways: list[Asked]


def bench_own(
    folder: Path, embedder: Embedder, report: Progress = no_progress, *, with_ways: bool = True
) -> OwnBench:
    """Index the glossary of `folder` in temporary folders, alone and with the encyclopedia, and ask
    its questions. Raises `SourceError` for a file that cannot be used."""
    entries = _glossary(folder)
    ways = _add_ways(folder, entries) if with_ways else 0
    names = Names((entry.id, entry.term, entry.aliases) for entry in entries)
    ids = {entry.id for entry in entries}

    def find(name: str) -> str | None:
        named = names.find_exact(name)
        return name if name in ids else named[0].entry_id if named else None

    asked = read_golden(folder, find)
    if not asked.answerable:
        raise SourceError(folder / "answerable.jsonl", None, "it has no questions", LAYOUT)
    alone = SourceContent(entries)
    both = SourceContent([*read_sources(progress=report).entries, *entries], bundled_digest())
    settings: list[SettingRates] = []
    contents: list[tuple[SourceContent, Setting]] = [(alone, "alone"), (both, "mixed")]
    for content, setting in contents:
        with (
            TemporaryDirectory(prefix="nearsay-bench-") as temporary,
            open_index(content, embedder, Path(temporary), report) as store,
        ):
            generation = store.current()
            settings.append(_measure(generation, embedder, asked, setting, report))
            if content is both:
                settings.append(_measure(generation, embedder, asked, "from", report))
    return OwnBench(
        model=embedder.name,
        data=folder.resolve().name,
        entries=len(entries),
        ways=ways,
        answerable=len(asked.answerable),
        unanswerable=len(asked.unanswerable),
        settings=tuple(settings),
    )


def _glossary(folder: Path) -> list[Entry]:
    found = sorted(folder.glob("glossary*"))
    if len(found) != 1:
        what = "several files whose names begin" if found else "no file or folder whose name begins"
        raise SourceError(folder, None, f'it has {what} with "glossary"', LAYOUT)
    return list(read_sources([Source(OWN, str(found[0]))], encyclopedia=False).entries)


def _add_ways(folder: Path, entries: list[Entry]) -> int:
    """Add the ways to ask in `folder`, if any, to the entries, and return their number."""
    file = folder / "ways.jsonl"
    if not file.exists():
        return 0
    names = Names((entry.id, entry.term, entry.aliases) for entry in entries)
    ways: dict[str, tuple[str, ...]] = {}
    for line, row in rows_of(file, _Ways, 'Write {"entry": …, "ways": […]} on each line.'):
        named = names.find_exact(row.entry)
        if not named:
            raise SourceError(file, line, f'the glossary has no entry "{row.entry}"')
        ways[named[0].entry_id] = tuple(row.ways)
    for at, entry in enumerate(entries):
        phrases = (*entry.search_phrases, *ways.get(entry.id, ()))
        entries[at] = replace(entry, search_phrases=phrases)
    return sum(map(len, ways.values()))


def _measure(
    generation: Generation,
    embedder: Embedder,
    asked: GoldenSet,
    setting: Setting,
    report: Progress,
) -> SettingRates:
    questions = [*asked.answerable, *asked.unanswerable]
    hits: list[Neighbours] = []
    answers: list[Answer] = []
    for done, question in enumerate(questions, start=1):
        source = OWN if setting == "from" else None
        hits.append(near(generation, embedder, question.text, CUTOFF, source=source))
        if setting != "from":
            answers.append(answer(generation, embedder, question.text))
        report(f"Asking questions ({setting})", done, len(questions))
    right = [question.right for question in questions]
    return SettingRates(
        setting,
        _search_rates(hits, right),
        _answer_rates(answers, hits, right) if answers else None,
    )


def _search_rates(hits: Sequence[Neighbours], right: Sequence[Sequence[str]]) -> SearchRates:
    ranks = np.array(
        [
            rank_of([item.id for item in reply.neighbours], ids)
            for reply, ids in zip(hits, right, strict=True)
        ]
    )
    answerable = np.array([bool(ids) for ids in right])
    empty = np.array([reply.sparse for reply in hits])
    high = np.array(
        [bool(reply.neighbours) and reply.neighbours[0].similarity >= HIGH for reply in hits]
    )
    return SearchRates(
        first=_share(ranks[answerable] == 1),
        among_three=_share((ranks[answerable] > 0) & (ranks[answerable] <= 3)),
        wrongly_empty=_share(empty[answerable]),
        rightly_empty=_share(empty[~answerable]),
        high=int(high.sum()),
        high_and_right=int((high & (ranks == 1)).sum()),
        right=int((ranks == 1).sum()),
    )


def _answer_rates(
    answers: Sequence[Answer], hits: Sequence[Neighbours], right: Sequence[Sequence[str]]
) -> AnswerRates:
    counts = dict.fromkeys(AnswerRates.__slots__, 0)
    for reply, found, ids in zip(answers, hits, right, strict=True):
        is_right = bool(reply.citations) and reply.citations[0].id in ids
        is_hedged = reply.confidence in ("not sure", "none")
        is_first = bool(found.neighbours) and found.neighbours[0].id in ids
        counts["right"] += is_right
        counts["right_unhedged"] += is_right and not is_hedged
        counts["declined"] += bool(ids) and not reply.answered
        counts["declined_though_first"] += is_first and not reply.answered
        counts["wrong_unhedged"] += not is_right and not is_hedged
        counts["rightly_declined"] += not ids and not reply.answered
    return AnswerRates(**counts)


def _share(values: np.ndarray) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0
