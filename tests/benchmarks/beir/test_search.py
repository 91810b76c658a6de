from pathlib import Path
from unittest.mock import patch

import pytest

from index.evaluation import baselines
from tests.benchmarks.beir.dataset import read_dataset
from tests.benchmarks.beir.folders import write_bakery
from tests.benchmarks.beir.scores import Scores
from tests.benchmarks.beir.search import SearchBench, bench_search, compare
from tests.support.toy import ToyEmbedder


def by_ndcg(*values: float) -> list[Scores]:
    return [Scores(value, 0, 0, 0) for value in values]


@pytest.fixture
def bench(tmp_path: Path, toy: ToyEmbedder) -> SearchBench:
    with patch.object(baselines, "find_spec", return_value=None):
        return bench_search(read_dataset(write_bakery(tmp_path / "bakery")), toy)


def test_every_method_is_measured_on_the_same_queries(bench: SearchBench) -> None:
    assert (bench.data, bench.model) == ("bakery", "toy")
    assert (bench.documents, bench.passages, bench.queries, bench.unjudged) == (5, 10, 5, 1)
    methods = [measured.method for measured in bench.methods]
    assert methods == ["nearsay", "model alone", "BM25", "RRF", "substring"]
    for measured in bench.methods:
        assert 0 < measured.milliseconds < 10_000
    assert [peer.method for peer in bench.left_out] == ["txtai hybrid"]
    ours = bench.methods[0]
    assert (ours.hit_at_1, ours.recall_at_10, ours.mrr_at_10) == (1, 1, 1)
    # Substring finds q1 and q4 by the whole query, the others by most of its words. Of q1's two
    # relevant documents it finds the better one: 2 / (2 + 1 / log2(3)) = 0.7602.
    substring = bench.methods[-1]
    assert substring.recall_at_10 == pytest.approx((0.5 + 1 + 1 + 1 + 1) / 5)
    assert substring.ndcg_at_10 == pytest.approx((0.7602 + 4) / 5, abs=1e-4)


def test_the_first_method_is_compared_with_the_best_of_the_others() -> None:
    found = compare({"us": by_ndcg(0.9, 0.5), "a": by_ndcg(0, 1), "b": by_ndcg(0.6, 0.5)})
    assert (found.peer, found.difference, found.ratio) == ("b", 0.15, 1.2727)  # 0.7 / 0.55
    assert (found.low, found.high) == (0, 0.3)
    assert compare({"us": by_ndcg(0.5), "a": by_ndcg(0)}).ratio is None
