"""Where a straight line leaves a neighbourhood, in a plane where that can be worked out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index.space.latent.tipping import STEPS, WORDS, Stand, tipping
from tests.support.toy import ToyEmbedder

EAST, NORTH = np.array([1, 0], dtype=np.float32), np.array([0, 1], dtype=np.float32)


class Turning(ToyEmbedder):
    """Each word of a text turns it from the east to the north by a tenth."""

    def _vectors(self, texts: object) -> NDArray[np.float32]:
        assert isinstance(texts, list)
        angles = [len(text.split()) * np.pi / 20 for text in texts]
        return np.array([[np.cos(a), np.sin(a)] for a in angles], dtype=np.float32)


def beyond(degrees: float) -> object:
    """Names places of the plane: the east up to that angle, the north beyond."""

    def names(_: object, point: NDArray[np.float32]) -> str:
        return "north" if np.degrees(np.arctan2(point[1], point[0])) > degrees else "east"

    return names


@pytest.mark.parametrize("degrees", [1, 20, 44, 46, 70, 88])
def test_the_border_is_found_where_it_is(degrees: float) -> None:
    names = beyond(degrees)
    found = tipping(Turning(), names, Stand("a", EAST, "east"), Stand("b", NORTH, "north"))  # type: ignore[arg-type]
    assert found is not None
    slope = np.tan(np.radians(degrees))
    border = slope / (1 + slope)  # where (1 - t, t) has that angle
    assert border < found.share <= border + 1 / STEPS + 1e-6
    assert (found.into, found.word) == ("north", "")


def test_a_neighbourhood_between_the_two_is_what_it_tips_into() -> None:
    def names(_: object, point: NDArray[np.float32]) -> str:
        angle = np.degrees(np.arctan2(point[1], point[0]))
        return "east" if angle < 30 else "between" if angle < 80 else "north"

    found = tipping(Turning(), names, Stand("a", EAST, "east"), Stand("b", NORTH, "north"))
    assert found is not None
    assert found.into == "between"


def test_within_one_neighbourhood_nothing_tips() -> None:
    one, other = Stand("a", EAST, "east"), Stand("b", NORTH, "east")
    assert tipping(Turning(), beyond(0), one, other) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "word"),
    [
        ("a one, two, three, four, five.", "three"),  # four words are 36 degrees
        ("a one (two) three", "three"),  # the last, though no step but the whole tips
        ("a one", "one"),
        ("a", ""),
        ("other words", ""),
        ("an a one two three four", ""),
        ("a " + "word " * (WORDS + 1), ""),
    ],
)
def test_the_word_with_which_it_tips_is_told(after: str, word: str) -> None:
    names = beyond(30)
    found = tipping(Turning(), names, Stand("a", EAST, "east"), Stand(after, NORTH, "north"))  # type: ignore[arg-type]
    assert found is not None
    assert found.word == word
