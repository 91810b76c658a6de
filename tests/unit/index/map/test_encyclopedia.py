"""The map of the bundled encyclopedia with the real model."""

import numpy as np
import pytest

from index.storage import Generation

pytestmark = pytest.mark.model


def test_the_map_preserves_the_neighbours_of_entries(real_generation: Generation) -> None:
    from sklearn.manifold import trustworthiness  # slow to import

    for places in (real_generation.atlas.positions, real_generation.atlas.positions * (16, 10)):
        trust = trustworthiness(real_generation.centres, places, n_neighbors=12, metric="cosine")
        assert trust >= 0.88


def test_the_neighbourhoods_match_the_expected_groups(real_generation: Generation) -> None:
    atlas = real_generation.atlas
    assert 6 <= len(atlas.names) <= 16
    assert np.bincount(atlas.neighbourhood_of).min() >= 3
    named = dict(
        zip(real_generation.ids, (atlas.names[at] for at in atlas.neighbourhood_of), strict=True)
    )
    assert "Embedding model" in named["vector-database"]
    assert "Semantic search" in named["semantic-search"]
    for name in atlas.names:
        assert len({word.rstrip("s") for word in name.casefold().split()}) == len(name.split())
    assert named["text-to-image"] == named["image-captioning"] == "Multimodal & Media"
    assert "Prompt" in named["meta-prompting"]
    assert len({named[one] for one in ("ai-agent", "neural-network", "token", "clip")}) == 4
