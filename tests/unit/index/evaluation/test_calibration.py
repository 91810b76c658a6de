from pathlib import Path

import pytest

from index.build.reindex import SourceContent, reindex
from index.errors import NotFound
from index.evaluation.calibration import bench_calibration
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder


def test_percentiles_of_random_pairs_are_nearly_uniform(generation: Generation) -> None:
    bench = bench_calibration(generation, count=5_000)
    assert (bench.entries, bench.passages, bench.pairs) == (12, len(generation.passages), 5_000)
    assert sum(bench.deciles) == pytest.approx(1, abs=1e-3)
    # The twelve entries share words, so many pairs are similar.
    assert bench.deviation < 5


def test_an_index_of_one_entry_has_no_pairs(tmp_path: Path) -> None:
    store = Store(tmp_path)
    reindex(store, SourceContent(harbour()[:1]), ToyEmbedder())
    with pytest.raises(NotFound, match="a single entry"):
        bench_calibration(store.current())
    store.close()
