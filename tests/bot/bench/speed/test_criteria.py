from __future__ import annotations

from dataclasses import replace

import pytest

from bot.bench.speed import names
from bot.bench.speed.criteria import criteria
from bot.bench.speed.measuring import Asked
from bot.bench.speed.results import Criterion, Size
from tests.bot.bench.speed.samples import RATES, SIZE, STARTING, around, asked


def judged(*sizes: Size) -> dict[str, Criterion]:
    return {one.what: one for one in criteria(sizes, STARTING)}


def with_(*others: Asked) -> Size:
    """The size with these in the place of those that were asked in the same way."""
    keys = {(one.contender, one.way, one.at_once) for one in others}
    kept = [one for one in SIZE.asked if (one.contender, one.way, one.at_once) not in keys]
    return replace(SIZE, asked=(*kept, *others))


def test_a_good_measurement_meets_them_all() -> None:
    found = judged(SIZE)
    assert all(one.met for one in found.values())
    assert [(one.what, one.bound, one.target, one.measured) for one in found.values()] == [
        ("10,000: answer, forward + Chroma + 3", "at most", 5.3, 5),
        ("10,000: answer, 99% / median", "at most", 3, 2),
        ("10,000: nearsay, 32 at once / one", "at least", 2, 2.05),
        ("10,000: over HTTP, 32 at once / one", "at least", 2, 2.09),
        ("10,000: acknowledged, 99%", "at most", 100, 80),
        ("10,000: questions lost", "at most", 0, 0),
        ("10,000: answer, fastest: txtai", "at most", 8, 5),
        ("10,000: memory, semantic_search + 300", "at most", 900, 700),
        ("10,000: indexing / the model alone", "at least", 0.9, 0.95),
        ("nearsay --help", "at most", 300, 140),
        ("/define as a fresh process", "at most", 1_000, 800),
        ("serve ready / model loaded", "at most", 1.3, 1.2),
    ]


@pytest.mark.parametrize(
    ("size", "missed"),
    [
        (with_(asked(names.OURS, 5.4)), "answer, forward + Chroma + 3"),
        (
            with_(replace(asked(names.OURS, 1), milliseconds=replace(around(1), p99=3.1))),
            "answer, 99% / median",
        ),
        (with_(asked(names.OURS, 60, at_once=32, per_second=390)), "nearsay, 32 at once / one"),
        (with_(asked(names.TXTAI, 4.9)), "answer, fastest: txtai"),
        (
            with_(asked(names.SERVED, 99, at_once=32, per_second=230, acknowledged=51)),
            "acknowledged, 99%",
        ),
        (with_(replace(asked(names.SERVED, 9, per_second=110), lost=1)), "questions lost"),
        (
            replace(SIZE, memory={names.OURS: 901.0, names.SEARCH: 600.0}),
            "memory, semantic_search + 300",
        ),
        (replace(SIZE, rates=replace(RATES, indexing=60)), "indexing / the model alone"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_is_missed_by_what_it_is_about_alone(size: Size, missed: str) -> None:
    assert [one.what for one in judged(size).values() if not one.met] == [f"10,000: {missed}"]


def test_a_peer_with_our_backend_is_none_as_it_comes() -> None:
    assert names.SEARCH_AS_OURS not in names.PEERS


def test_a_small_glossary_is_measured_against_exact_search() -> None:
    small = replace(SIZE, passages=1_000)
    one = judged(small)["1,000: answer, semantic_search + 3"]
    assert (one.target, one.measured) == (12, 5)
    assert not any("fastest" in what for what in judged(small))


def test_a_large_one_is_measured_against_the_medium_one() -> None:
    large = replace(with_(asked(names.OURS, 6), asked(names.OURS, 7.2, "filtered")), passages=10**5)
    found = judged(SIZE, large)
    assert found["100,000: answer / at 10,000"].met
    assert found["100,000: answer / at 10,000"].measured == 1.2
    assert not found["100,000: answer / at 10,000, filtered"].met
    assert "100,000: answer, forward + Chroma + 3" not in found
    assert not any("/ at 10,000" in what for what in judged(large)), "there is none to compare with"


def test_what_was_not_measured_is_not_judged() -> None:
    bare = Size(10_000, replace(RATES, embedded=10), (), {})
    assert [one.what for one in judged(bare).values()] == [
        "nearsay --help",
        "/define as a fresh process",
        "serve ready / model loaded",
    ]
