"""Measure how often judged pairs with the same meaning are more similar than other pairs.

    pairs.jsonl      {"a": …, "b": …, "class": …} on each line

The classes are those of `KINDS`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from pydantic import BaseModel, Field

from index.embedding.embedder import Embedder
from index.errors import NotFound, SourceError
from index.evaluation.beir import Asked, rows_of
from index.evaluation.golden_questions import Half, take_half
from index.evaluation.measures import Values, interval, roc_area
from index.search.text_similarity import text_similarities

Kind = Literal["synonyms apart", "synonyms sharing", "related sharing", "other senses", "unrelated"]
KINDS: tuple[Kind, ...] = get_args(Kind)

NEAR: tuple[Kind, ...] = ("synonyms apart", "synonyms sharing", "related sharing")
FAR: tuple[Kind, ...] = ("other senses", "unrelated")

BUNDLED = Path(__file__).parent / "similarity_pairs" / "pairs.jsonl"
LAYOUT = (
    'A file of judged pairs has {"a": …, "b": …, "class": …} on each line. The classes are '
    f"{', '.join(KINDS)}."
)


class _Row(BaseModel):
    a: Asked
    b: Asked
    kind: Kind = Field(alias="class")


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two texts and their judged relation."""

    a: str
    b: str
    kind: Kind


def read_pairs(file: Path) -> list[JudgedPair]:
    """Read the pairs of a file, in order. Raises `SourceError` with the file and line."""
    pairs = [JudgedPair(row.a, row.b, row.kind) for _, row in rows_of(file, _Row, LAYOUT)]
    if not pairs:
        raise SourceError(file, None, "has no pair", LAYOUT)
    return pairs


@dataclass(frozen=True, slots=True)
class Share:
    """The share of comparisons, 0…1, in which a pair of one class is more similar than a pair of
    another; ties count half. `low` and `high` are its 95% bootstrap interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ClassComparison:
    """The shares of comparisons in which a pair of the class `near` is more similar than one of the
    class `far`, by Nearsay's similarity and by the model's cosine."""

    near: Kind
    far: Kind
    nearsay: Share
    cosine: Share


@dataclass(frozen=True, slots=True)
class ClassMedians:
    """The number of pairs in a class, and their median similarities, −1…1."""

    kind: Kind
    pairs: int
    nearsay: float
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarityBench:
    """The results on judged pairs of short texts, with and without Nearsay's correction."""

    kind: Literal["alike_bench"] = "alike_bench"
    data: str
    half: Half
    model: str
    pairs: int
    comparisons: tuple[ClassComparison, ...]
    classes: tuple[ClassMedians, ...]


def bench_similarity(
    pairs: Sequence[JudgedPair], data: str, half: Half, embedder: Embedder
) -> SimilarityBench:
    """Compare the similarities of the judged pairs in one half, class by class.

    Raises `NotFound` when there are no two classes to compare, another `NearsayError` when the
    model cannot be used.
    """
    pairs = take_half(pairs, half)
    kinds = {pair.kind for pair in pairs}
    against = [(near, far) for near in NEAR for far in FAR if {near, far} <= kinds]
    if not against:
        raise NotFound(
            f"The {half} half of {data} does not have two classes to compare.",
            f"Add pairs of class {' or '.join(map(repr, FAR))}, and of class "
            f"{' or '.join(map(repr, NEAR))}.",
        )
    texts = [text for pair in pairs for text in (pair.a, pair.b)]
    vectors = embedder.queries(texts).reshape(len(pairs), 2, -1)
    cosines = _values_by_kind(pairs, (vectors[:, 0] * vectors[:, 1]).sum(-1))
    ours = _values_by_kind(
        pairs, text_similarities(embedder, [(pair.a, pair.b) for pair in pairs], vectors)
    )
    return SimilarityBench(
        data=data,
        half=half,
        model=embedder.name,
        pairs=len(pairs),
        comparisons=tuple(
            ClassComparison(
                near, far, _share(ours[near], ours[far]), _share(cosines[near], cosines[far])
            )
            for near, far in against
        ),
        classes=tuple(
            ClassMedians(kind, len(ours[kind]), _median(ours[kind]), _median(cosines[kind]))
            for kind in KINDS
            if kind in kinds
        ),
    )


def _share(near: Values, far: Values) -> Share:
    return Share(round(roc_area(near, far), 4), *interval(roc_area, near, far))


def _values_by_kind(
    pairs: Sequence[JudgedPair], values: Sequence[float] | Values
) -> Mapping[Kind, Values]:
    return {
        kind: np.array(
            [value for pair, value in zip(pairs, values, strict=True) if pair.kind == kind],
            dtype=np.float64,
        )
        for kind in KINDS
    }


def _median(values: Values) -> float:
    return round(float(np.median(values)), 4)
