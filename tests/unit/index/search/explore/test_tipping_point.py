"""The tipping point between neighbourhoods, in a plane where it can be computed."""

import numpy as np
import pytest
from numpy.typing import NDArray

from index.search.explore.points import Point
from index.search.explore.shift import STEPS, WORDS, Naming, find_tipping_point
from tests.support.toy import ToyEmbedder

EAST, NORTH = np.array([1, 0], dtype=np.float32), np.array([0, 1], dtype=np.float32)


class Turning(ToyEmbedder):
    """Each word of a text turns its vector from east to north by nine degrees."""

    def _vectors(self, texts: object) -> NDArray[np.float32]:
        assert isinstance(texts, list)
        angles = [len(text.split()) * np.pi / 20 for text in texts]
        return np.array([[np.cos(a), np.sin(a)] for a in angles], dtype=np.float32)


def beyond(degrees: float) -> Naming:
    """Name points of the plane: east up to the given angle, north beyond it."""

    def name(place: Point) -> str:
        angle = np.degrees(np.arctan2(place.point[1], place.point[0]))
        return "north" if angle > degrees else "east"

    return name


@pytest.mark.parametrize("degrees", [1, 44, 70])
def test_the_border_between_neighbourhoods_is_found(degrees: float) -> None:
    found = find_tipping_point(Turning(), beyond(degrees), Point("a", EAST), Point("b", NORTH))
    assert found is not None
    slope = np.tan(np.radians(degrees))
    border = slope / (1 + slope)  # (1 - t, t) has that angle here
    assert border < found.share <= border + 1 / STEPS + 1e-6
    assert (found.into, found.word) == ("north", "")


@pytest.mark.parametrize(
    ("after", "word"),
    [
        ("a one, two, three, four, five.", "three"),  # four words are 36 degrees
        ("a one (two) three", "three"),  # the last word, though only the whole text tips
        ("a one", "one"),
        ("other words", ""),
        ("a " + "word " * (WORDS + 1), ""),
    ],
)
def test_the_word_that_changes_the_neighbourhood_is_found(after: str, word: str) -> None:
    found = find_tipping_point(Turning(), beyond(30), Point("a", EAST), Point(after, NORTH))
    assert found is not None
    assert found.word == word
