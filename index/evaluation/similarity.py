"""Measure how often judged pairs with the same meaning are more similar than other pairs.

The pairs are bundled, as {"a": …, "b": …, "class": …} on each line. The classes are those of
`KINDS`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from index.embedding.embedder import Embedder
from index.evaluation.golden_questions import Half, take_half
from index.evaluation.measures import Values, interval, roc_area
from index.search.text_similarity import text_similarities

Kind = Literal["synonyms apart", "synonyms sharing", "related sharing", "other senses", "unrelated"]
KINDS: tuple[Kind, ...] = get_args(Kind)

NEAR: tuple[Kind, ...] = ("synonyms apart", "synonyms sharing", "related sharing")
FAR: tuple[Kind, ...] = ("other senses", "unrelated")

BUNDLED = Path(__file__).parent / "similarity_pairs" / "pairs.jsonl"
HALF: Half = "reporting"


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two texts and their judged relation."""

    a: str
    b: str
    kind: Kind


def bundled_pairs() -> list[JudgedPair]:
    rows = map(json.loads, BUNDLED.read_text(encoding="utf-8").splitlines())
    return [JudgedPair(row["a"], row["b"], row["class"]) for row in rows]


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


def bench_similarity(embedder: Embedder) -> SimilarityBench:
    """Compare the similarities of the judged pairs in the reporting half, class by class. Raises a
    `NearsayError` when the model cannot be used."""
    pairs = take_half(bundled_pairs(), HALF)
    texts = [text for pair in pairs for text in (pair.a, pair.b)]
    vectors = embedder.queries(texts).reshape(len(pairs), 2, -1)
    cosines = _values_by_kind(pairs, (vectors[:, 0] * vectors[:, 1]).sum(-1))
    ours = _values_by_kind(
        pairs, text_similarities(embedder, [(pair.a, pair.b) for pair in pairs], vectors)
    )
    return SimilarityBench(
        data=BUNDLED.name,
        half=HALF,
        model=embedder.name,
        pairs=len(pairs),
        comparisons=tuple(
            ClassComparison(
                near, far, _share(ours[near], ours[far]), _share(cosines[near], cosines[far])
            )
            for near in NEAR
            for far in FAR
        ),
        classes=tuple(
            ClassMedians(kind, len(ours[kind]), _median(ours[kind]), _median(cosines[kind]))
            for kind in KINDS
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
