from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from index.entry import Passage
from index.store.building import _put
from index.store.vectors import VectorIndex

SAVED = 1_000  # vectors that come together; Chroma saves its graph after so many


class Written:
    """Counts what it is given."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.sizes: list[int] = []

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        assert len(ids) == len(vectors)
        self.ids += ids
        self.sizes.append(len(ids))


@pytest.mark.parametrize("count", [0, 1, 999, 1_000, 2_000, 2_001, 4_001, 10_759, 100_001])
def test_no_batch_is_so_small_that_the_graph_is_not_saved_after_it(count: int) -> None:
    rows = [Passage(f"a#{at}", "a", "section", "", "", "") for at in range(count)]
    told: list[tuple[Any, ...]] = []
    index = Written()
    vectors = np.zeros((count, 2), dtype=np.float32)
    _put(cast(VectorIndex, index), range(count), rows, vectors, lambda *how: told.append(how))
    assert index.ids == [row.id for row in rows]
    assert all(size >= min(SAVED, count) for size in index.sizes)
    assert told[-1] == ("writing", count, count)
