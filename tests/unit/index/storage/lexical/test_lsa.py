from pathlib import Path

import pytest

from index.storage.lexical.bm25 import WordIndex, content_stems
from index.storage.lexical.lsa import Lsa

# "cat" and "dog" share no passage but the word "pets"; "stocks" shares none with either.
PETS = ("cat pets", "cats and pets", "dog pets", "dogs are pets")
STOCKS = ("stocks bonds", "bonds and stocks", "market bonds", "market stocks")
TEXTS = (*PETS, *STOCKS) * 3


@pytest.fixture
def lsa(tmp_path: Path) -> Lsa:
    WordIndex.build(map(content_stems(), TEXTS), tmp_path / "words")
    return Lsa.of(WordIndex.open(tmp_path / "words"))


def test_words_in_the_same_texts_have_similar_vectors(lsa: Lsa) -> None:
    cosines = Lsa.of(lsa.words, 2).cosines("a dog")
    assert cosines is not None
    assert cosines[0] > 0.9, "a passage on cats"
    assert abs(cosines[4]) < 0.1, "a passage on the market"
