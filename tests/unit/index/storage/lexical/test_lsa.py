from pathlib import Path

import numpy as np
import pytest

from index.storage.lexical.bm25 import WordIndex, content_stems, number_tokens
from index.storage.lexical.lsa import Lsa

# "cat" and "dog" share no passage but the word "pets"; "stocks" shares none with either.
PETS = ("cat pets", "cats and pets", "dog pets", "dogs are pets")
STOCKS = ("stocks bonds", "bonds and stocks", "market bonds", "market stocks")
TEXTS = (*PETS, *STOCKS) * 3


@pytest.fixture
def lsa(tmp_path: Path) -> Lsa:
    WordIndex.build(*number_tokens(map(content_stems(), TEXTS)), tmp_path / "words")
    return Lsa.of(WordIndex.open(tmp_path / "words"))


def test_words_in_the_same_texts_have_similar_vectors(lsa: Lsa) -> None:
    cosines = Lsa.of(lsa.words, 2).cosines("a dog")
    assert cosines is not None
    assert cosines[0] > 0.9, "a passage on cats"
    assert abs(cosines[4]) < 0.1, "a passage on the market"


def test_lsa_does_not_depend_on_the_order_of_word_numbers(tmp_path: Path) -> None:
    texts = [content_stems()(text) for text in TEXTS]
    rows, numbers = number_tokens([["gone"], *reversed(texts)])
    WordIndex.build(*number_tokens(texts), tmp_path / "one")
    WordIndex.build(rows[:0:-1], numbers, tmp_path / "other")
    one, other = (Lsa.of(WordIndex.open(tmp_path / name)) for name in ("one", "other"))
    assert np.array_equal(one.entries, other.entries)
