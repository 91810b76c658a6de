"""The entries around a point, from passages that are known already or looked for."""

from __future__ import annotations

import numpy as np
import pytest

from index.space.latent.neighbourhoods import categories_at, category_of, entries_near
from index.store import Generation, Store
from tests.support.toy import ToyEmbedder

TEXTS = ["anchor", "a rope that holds a boat at the quay", "a light for sailors", "roast chicken"]


@pytest.fixture
def generation(harbour_store: Store) -> Generation:
    return harbour_store.current()


def test_many_points_have_the_categories_that_each_has_alone(
    generation: Generation, toy: ToyEmbedder
) -> None:
    entries = list(generation.entries.values())
    texts = [*TEXTS, *(entry.definition for entry in entries)]
    points = np.stack([*toy.queries(TEXTS), *(generation.matrix[at] for at in generation.starts)])
    alone = [
        category_of(generation, entries_near(generation, text, point))
        for text, point in zip(texts, points, strict=True)
    ]
    assert categories_at(generation, texts, points) == alone
    assert any(alone)
