from dataclasses import replace
from unittest.mock import patch

import pytest

from index.errors import NotFound
from index.evaluation import baselines
from index.evaluation.golden import bench_golden, rank_of
from index.evaluation.golden_questions import GoldenQuestion, GoldenSet
from index.search.near import near
from index.storage import Generation
from tests.support.toy import ToyEmbedder

ANSWERABLE = (
    GoldenQuestion("a floating mark moored to show a channel", "described", ("buoy",)),
    GoldenQuestion("a tower whose lamp shows sailors the coast", "described", ("lighthouse",)),
    GoldenQuestion("ancor", "misspelt", ("anchor",)),
    GoldenQuestion("the falling water between high and low", "described", ("whale", "ebb-tide")),
    GoldenQuestion("a loud horn that warns ships", "described", ("quay",)),
)
UNANSWERABLE = (
    GoldenQuestion("zebras graze", "animals"),
    GoldenQuestion("buoy", "asked by mistake"),
)
GOLDEN = GoldenSet("harbour", ANSWERABLE, UNANSWERABLE)


def test_every_method_gets_the_same_questions(generation: Generation, toy: ToyEmbedder) -> None:
    steps: list[tuple[str, int, int]] = []
    with patch.object(baselines, "find_spec", return_value=None):
        bench = bench_golden(GOLDEN, "both", generation, toy, lambda *step: steps.append(step))
    assert (bench.generation, bench.model, bench.data) == ("g000001", "toy", "harbour")
    assert (bench.entries, bench.questions, bench.half) == (12, 5, "both")
    methods = [found.method for found in bench.methods]
    assert methods == ["nearsay", "model alone", "BM25", "RRF", "substring"]
    for found in bench.methods:
        kinds = [(kind.kind, kind.questions) for kind in found.kinds]
        assert kinds == [("described", 4), ("misspelt", 1)]
        assert (found.all.kind, found.all.questions) == ("all", 5)
        parts = sum(kind.questions * kind.first for kind in found.kinds)
        assert found.all.first == pytest.approx(parts / 5)
    assert [peer.method for peer in bench.left_out] == ["txtai hybrid"]
    # These values were worked out by hand.
    ours, words = bench.methods[0], bench.methods[2]
    described, misspelt = ours.kinds
    assert (described.first, described.among_three) == (0.75, 0.75)
    assert (misspelt.first, misspelt.mrr_at_10) == (1, 1)
    assert words.kinds[1].mrr_at_10 == 0  # no entry contains any of its words
    assert ours.all.first == 0.8
    first = bench.intervals.first
    assert 0 < first.low < 0.8 < first.high == 1
    # Abstentions are counted.
    assert bench.sparse is not None
    sparse = [near(generation, toy, item.text, 10).sparse for item in (*UNANSWERABLE, *ANSWERABLE)]
    assert sparse[0]
    assert bench.sparse.unanswerable.share == sum(sparse[:2]) / 2
    assert bench.sparse.answerable.share == pytest.approx(sum(sparse[2:]) / 5)
    assert bench.sparse.answerable.questions == 5
    assert 0.5 < bench.sparse.area < 1  # the zebra's region is the sparsest, unlike that of a name
    last = {phase: (done, total) for phase, done, total in steps}
    assert {"Asking questions", "Asking unanswerable questions", "Asking BM25"} <= last.keys()
    assert all(done == total for done, total in last.values())


def test_only_the_chosen_half_is_measured(generation: Generation, toy: ToyEmbedder) -> None:
    bench = bench_golden(GOLDEN, "reporting", generation, toy, own=False)
    assert (bench.questions, bench.half, bench.generation) == (2, "reporting", None)
    assert bench.sparse is None  # each kind has one question, in the tuning half
    few = replace(GOLDEN, answerable=ANSWERABLE[:1])
    with pytest.raises(NotFound, match="The reporting half has no answerable"):
        bench_golden(few, "reporting", generation, toy)


@pytest.mark.parametrize(
    ("right", "place"), [(["a"], 1), (["c", "b"], 2), (["k"], 0), (["x"], 0), (["j"], 10)]
)
def test_rank_of_returns_the_rank_of_the_first_right_entry(right: list[str], place: int) -> None:
    assert rank_of(list("abcdefghijk"), right) == place
