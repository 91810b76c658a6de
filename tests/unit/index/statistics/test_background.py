"""The background of other fields, and how near a text is to it."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from index.statistics.background import Background, background_digest, background_texts

CORNERS = np.eye(8, dtype=np.float32)
SIX = Background(CORNERS[[0, 0, 0, 0, 1, 1]], ("recipes",) * 4 + ("hotels",) * 2)


def test_each_field_has_ten_distinct_texts() -> None:
    texts = background_texts()
    assert set(Counter(one.name for one in texts).values()) == {10}
    assert len({one.digest for one in texts}) == len(texts) > 1_000
    assert len(background_digest()) == 64


def test_nearness_is_the_mean_cosine_of_the_five_nearest_texts() -> None:
    assert SIX.nearness(CORNERS[[0, 1, 2]]) == pytest.approx([4 / 5, 2 / 5, 0])
    assert SIX.own_nearness() == pytest.approx([3 / 5] * 4 + [1 / 5] * 2), (
        "a text is not its own neighbour"
    )


def test_a_saved_background_is_read_back(tmp_path: Path) -> None:
    for background in (SIX, Background.of({}, 8)):
        background.save(tmp_path / "background.npz")
        read = Background.load(tmp_path / "background.npz")
        assert read.fields == background.fields
        assert np.array_equal(read.vectors, background.vectors)
