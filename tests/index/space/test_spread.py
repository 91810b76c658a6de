from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.errors import StoreDamaged
from index.space.spread import Spread


def unit_vectors(seed: int, rows: int = 300, dimensions: int = 24) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(rows, dimensions)) + random.normal(size=dimensions)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@given(st.integers(min_value=0, max_value=10_000))
def test_standardised_cosines_are_what_numpy_says_of_all_cosines(seed: int) -> None:
    vectors = unit_vectors(seed)
    point = unit_vectors(seed + 1)[0]
    cosines = vectors @ point
    direct = (cosines - cosines.mean()) / cosines.std()
    assert Spread.measure(vectors).standardised(point, cosines) == pytest.approx(direct, abs=2e-3)


def test_a_part_of_the_cosines_is_standardised_against_all() -> None:
    vectors, point = unit_vectors(1), unit_vectors(2)[0]
    spread = Spread.measure(vectors)
    cosines = vectors @ point
    assert spread.standardised(point, cosines[:3]) == pytest.approx(
        spread.standardised(point, cosines)[:3]
    )


def test_the_spread_has_the_shapes_and_types_it_tells() -> None:
    spread = Spread.measure(unit_vectors(1))
    assert spread.mean.shape == (24,)
    assert spread.covariance.shape == (24, 24)
    assert {str(spread.mean.dtype), str(spread.covariance.dtype)} == {"float32"}


@pytest.mark.parametrize("rows", [1, 5], ids=["one passage", "five equal passages"])
def test_where_all_cosines_are_equal_none_stands_out(rows: int) -> None:
    vectors = np.repeat(unit_vectors(1)[:1], rows, axis=0)
    cosines = vectors @ vectors[0]
    assert Spread.measure(vectors).standardised(vectors[0], cosines).tolist() == [0.0] * rows


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    spread = Spread.measure(unit_vectors(1))
    spread.save(tmp_path / "spread.npz")
    loaded = Spread.load(tmp_path / "spread.npz")
    assert np.array_equal(loaded.mean, spread.mean)
    assert np.array_equal(loaded.covariance, spread.covariance)


@pytest.mark.parametrize("damage", ["missing", "empty", "cut off", "garbage", "flipped", "other"])
def test_a_damaged_file_is_told_with_the_cure(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "spread.npz"
    Spread.measure(unit_vectors(1)).save(file)
    whole = file.read_bytes()
    if damage == "missing":
        file.unlink()
    elif damage == "other":
        np.savez(file, something=np.zeros(3))
    else:
        file.write_bytes(
            {
                "empty": b"",
                "cut off": whole[: len(whole) // 2],
                "garbage": b"garbage" * 50,
                "flipped": whole[:200] + bytes(255 - byte for byte in whole[200:220]) + whole[220:],
            }[damage]
        )
    with pytest.raises(StoreDamaged) as caught:
        Spread.load(file)
    assert str(file) in caught.value.message
    assert "nearsay index --full" in caught.value.hint
