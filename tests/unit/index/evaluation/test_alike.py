import pytest

from index.embedding.embedder import SentenceEmbedder
from index.evaluation.golden_questions import take_half
from index.evaluation.similarity import KINDS, bench_similarity, bundled_pairs

BAR = 0.9  # a share of the comparisons


def test_each_class_has_65_bundled_pairs_per_half() -> None:
    pairs = bundled_pairs()
    halves = take_half(pairs, "tuning"), take_half(pairs, "reporting")
    for half in halves:
        assert [sum(pair.kind == kind for pair in half) for kind in KINDS] == [65] * 5
    assert sorted(map(str, (*halves[0], *halves[1]))) == sorted(map(str, take_half(pairs, "both")))


@pytest.mark.model
def test_similarity_benchmark_reaches_its_target(real_embedder: SentenceEmbedder) -> None:
    for classes in bench_similarity(real_embedder).comparisons:
        assert classes.nearsay.share >= BAR, classes
