"""Landmarks: the contents of the file, and that each text is nearest to its own landmark."""

import numpy as np
import pytest

from index.embedding.embedder import SentenceEmbedder
from index.statistics.landmarks import Landmarks, landmark_texts
from tests.unit.index.vectors import landmarks_of


def test_hundreds_of_landmarks_have_three_texts_each() -> None:
    texts = landmark_texts()
    names = [one.name for one in texts]
    assert len(set(names)) >= 200
    assert all(names.count(name) == 3 for name in set(names))
    own = {one.text.casefold() for one in texts}
    assert len(own) == len(texts)
    assert all(5 <= len(one.text.split()) <= 25 for one in texts)


@pytest.fixture(scope="module")
def real_landmarks(real_embedder: SentenceEmbedder) -> Landmarks:
    return landmarks_of(real_embedder)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "landmark"),
    [
        ("Ladies and gentlemen of the jury, the evidence will show", "courtroom speech"),
        ("Preheat the oven to 200 degrees and whisk the eggs", "recipe"),
        ("Steps to reproduce: open the page, click save, see the crash", "bug report"),
    ],
)
def test_a_text_is_near_the_landmark_it_was_written_for(
    real_embedder: SentenceEmbedder, real_landmarks: Landmarks, text: str, landmark: str
) -> None:
    point = real_embedder.queries([text])[0]
    nearest = np.argsort(real_landmarks.usual - real_landmarks.points @ point)[:5]
    found = [real_landmarks.names[at] for at in nearest]
    assert any(landmark.split()[0] in name for name in found), found
