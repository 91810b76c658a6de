import numpy as np

from index.build.map_step import centres_of
from index.entry import Entry, Question, passages_of


def test_the_centre_of_an_entry_is_the_mean_of_its_passage_vectors() -> None:
    entries = [
        Entry("bell", "Bell", "It rings.", faq=(Question("Why?", "So."),)),
        Entry("sea", "Sea", "It is wet."),
    ]
    vectors = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)
    centres = centres_of(vectors, [list(passages_of(entry)) for entry in entries])
    assert centres.dtype == np.float32
    expected = np.array([[1 / 5**0.5, 2 / 5**0.5, 0], [0, 0, 1]])
    assert np.allclose(centres, expected)
