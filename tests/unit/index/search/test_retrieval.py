import numpy as np
import pytest

from index.search.retrieval import nearest_passages
from index.storage import Generation, Store
from tests.support.toy import ToyEmbedder


@pytest.fixture
def point(toy: ToyEmbedder) -> np.ndarray:
    return np.asarray(toy.queries(["a rope that holds a boat at the quay"])[0])


def test_a_short_lived_process_finds_the_same_passages_without_chroma(
    harbour_store: Store, generation: Generation, point: np.ndarray
) -> None:
    brief = Store(harbour_store.directory, brief=True)
    try:
        found = nearest_passages(brief.current(), point, 10)
        expected = nearest_passages(generation, point, 10)
        assert [row for row, _ in found] == [row for row, _ in expected]
        assert [cosine for _, cosine in found] == pytest.approx(
            [cosine for _, cosine in expected], abs=1e-5
        )
        assert "vectors" not in vars(brief.current())
    finally:
        brief.close()
