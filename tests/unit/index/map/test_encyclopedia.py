"""The map of the bundled encyclopedia with the real model."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.storage import Generation, Store

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def generation(real_directory: Path) -> Iterator[Generation]:
    store = Store(real_directory)
    with store.reading() as current:
        yield current
    store.close()


def test_the_map_preserves_the_neighbours_of_entries(generation: Generation) -> None:
    from sklearn.manifold import trustworthiness  # slow to import

    for places in (generation.atlas.positions, generation.atlas.positions * (16, 10)):
        trust = trustworthiness(generation.centres, places, n_neighbors=12, metric="cosine")
        assert trust >= 0.88


def test_the_neighbourhoods_match_the_expected_groups(generation: Generation) -> None:
    atlas = generation.atlas
    assert 6 <= len(atlas.names) <= 14
    assert np.bincount(atlas.neighbourhood_of).min() >= 3
    named = dict(
        zip(generation.ids, (atlas.names[at] for at in atlas.neighbourhood_of), strict=True)
    )
    assert all("search" in named[one].casefold() for one in ("vector-database", "semantic-search"))
    assert named["text-to-image"] == named["image-captioning"] == "Multimodal & Media"
    assert "Prompt" in named["meta-prompting"]
    assert len({named[one] for one in ("ai-agent", "neural-network", "token", "clip")}) == 4
