import pytest

from index.embedding.embedder import SentenceEmbedder
from index.evaluation.golden_questions import take_half
from index.evaluation.similarity import KINDS, bench_similarity, bundled_pairs
from tests.support.toy import ToyEmbedder

BAR = 0.9  # a share of the comparisons


def test_each_class_has_65_bundled_pairs_per_half() -> None:
    pairs = bundled_pairs()
    halves = take_half(pairs, "tuning"), take_half(pairs, "reporting")
    for half in halves:
        assert [sum(pair.kind == kind for pair in half) for kind in KINDS] == [65] * 5
    assert sorted(map(str, (*halves[0], *halves[1]))) == sorted(map(str, take_half(pairs, "both")))


def test_each_near_class_is_compared_with_each_far_one(toy: ToyEmbedder) -> None:
    bench = bench_similarity(toy)
    assert (bench.data, bench.half, bench.pairs) == ("pairs.jsonl", "reporting", 325)
    assert len({(one.near, one.far) for one in bench.comparisons}) == 6
    for one in bench.comparisons:
        # The correction is not fitted to the toy.
        assert one.nearsay.share == pytest.approx(one.cosine.share, abs=1e-3)
        assert one.nearsay.low <= one.nearsay.share <= one.nearsay.high
    assert [(middle.kind, middle.pairs) for middle in bench.classes] == [(k, 65) for k in KINDS]


@pytest.mark.model
def test_similarity_benchmark_reaches_its_target(real_embedder: SentenceEmbedder) -> None:
    for classes in bench_similarity(real_embedder).comparisons:
        assert classes.nearsay.share >= BAR, classes
