from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import StoreDamaged
from index.store.kin import DIMENSIONS, FILE, LEAST, MOST, Kin

# Two pairs of words that lie together, and one word apart from them.
NUMBERS = [2, 3, 5, 8, 13]
VECTORS = np.array(
    [[9, 1, 0], [9, 0, 0], [-9, 8, 0.5], [-9, 8, 0], [0, -9, 9]],
    dtype=np.float32,
)


@pytest.fixture
def kin() -> Kin:
    return Kin.of(NUMBERS, VECTORS)


def test_words_that_lie_together_are_kin_of_each_other(kin: Kin) -> None:
    assert [kin.of_word(number)[0] for number in NUMBERS] == [[3], [2], [8], [5], []]
    assert all(cosine > 0.9 for number in (2, 3, 5, 8) for cosine in kin.of_word(number)[1])


@pytest.mark.parametrize("number", [0, 4, 14, 1_000])
def test_a_word_that_was_not_compared_has_none(kin: Kin, number: int) -> None:
    assert kin.of_word(number) == ([], [])


def test_it_is_where_words_differ_from_all_others_that_counts(kin: Kin) -> None:
    moved = Kin.of(NUMBERS, VECTORS + np.array([0, 0, 500], dtype=np.float32))
    assert [moved.of_word(number)[0] for number in NUMBERS] == [
        kin.of_word(number)[0] for number in NUMBERS
    ]


@given(words=st.integers(0, 60), dimensions=st.integers(1, DIMENSIONS + 9), seed=st.integers(0, 99))
def test_the_kin_are_the_most_alike_the_least_alike_first(
    words: int, dimensions: int, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    places = draw.standard_normal((max(words // 6, 1), dimensions)) * 2
    vectors = places[np.arange(words) % len(places)] + draw.standard_normal((words, dimensions))
    kin = Kin.of(range(words), vectors.astype(np.float32))
    for number in range(words):
        others, cosines = kin.of_word(number)
        assert len(others) <= MOST
        assert number not in others
        assert len(set(others)) == len(others)
        assert cosines == sorted(cosines)
        assert all(LEAST <= cosine <= 1 + 1e-5 for cosine in cosines)
        for other in others:
            if len(kin.of_word(other)[0]) < MOST:
                assert number in kin.of_word(other)[0]


def test_it_does_not_matter_how_many_are_compared_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors = np.random.default_rng(0).standard_normal((50, 4)).astype(np.float32)
    together = Kin.of(range(50), vectors)
    monkeypatch.setattr("index.store.kin.AT_ONCE", 7)
    apart = Kin.of(range(50), vectors)
    assert np.array_equal(together.starts, apart.starts)
    assert np.array_equal(together.kin, apart.kin)
    assert np.allclose(together.cosines, apart.cosines, atol=1e-6)


def test_what_is_loaded_is_what_was_saved(kin: Kin, tmp_path: Path) -> None:
    kin.save(tmp_path)
    loaded = Kin.load(tmp_path)
    assert [loaded.of_word(number) for number in NUMBERS] == [
        kin.of_word(number) for number in NUMBERS
    ]


def test_a_folder_without_any_has_none(tmp_path: Path) -> None:
    assert Kin.load(tmp_path).of_word(2) == ([], [])


@pytest.mark.parametrize("content", [b"", b"no archive", None], ids=["empty", "other", "cut off"])
def test_a_damaged_file_is_told_with_the_cure(
    kin: Kin, tmp_path: Path, content: bytes | None
) -> None:
    kin.save(tmp_path)
    file = tmp_path / FILE
    file.write_bytes(file.read_bytes()[:200] if content is None else content)
    with pytest.raises(StoreDamaged) as caught:
        Kin.load(tmp_path)
    assert str(file) in caught.value.message
    assert "nearsay index --full" in caught.value.hint
