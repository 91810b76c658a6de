"""An atlas is kept as it is, and says where a text lies on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.errors import StoreDamaged
from index.space.atlas.atlas import Atlas, nearest
from index.space.atlas.drawing import draw
from index.space.graph import Graph
from tests.index.space.atlas.places import crowds, entries

SIZES = [12, 9, 15]


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return draw(entries(sum(SIZES)), Graph.of(crowds(SIZES)))


def test_a_text_at_an_entry_lies_where_the_entry_does(atlas: Atlas) -> None:
    centres = crowds(SIZES)
    for number, centre in enumerate(centres):
        x, y, neighbourhood = atlas.at(*nearest(centres, centre))
        place = np.array([x, y])
        crowd = atlas.neighbourhood_of == atlas.neighbourhood_of[number]
        assert neighbourhood == atlas.neighbourhood_of[number]
        assert np.linalg.norm(place - atlas.positions[number]) < 0.35
        assert np.linalg.norm(atlas.positions[crowd] - place, axis=1).min() < 0.1


def test_a_text_between_two_crowds_lies_in_one_of_them(atlas: Atlas) -> None:
    """There is nothing halfway."""
    centres = crowds(SIZES)
    point = centres[:12].mean(axis=0) + 0.9 * centres[21:].mean(axis=0)
    x, y, _ = atlas.at(*nearest(centres, point / np.linalg.norm(point)))
    place = np.array([x, y])
    assert np.linalg.norm(atlas.positions - place, axis=1).min() < 0.1


def test_a_map_may_be_empty() -> None:
    nothing = draw([], Graph.of(np.zeros((0, 4), dtype=np.float32)))
    assert (len(nothing), nothing.names, nothing.sizes) == (0, (), ())


def test_sizes_are_told_the_largest_first(atlas: Atlas) -> None:
    assert sum(atlas.sizes) == len(atlas) == sum(SIZES)
    assert list(atlas.sizes) == sorted(atlas.sizes, reverse=True)


def test_what_is_saved_is_loaded(atlas: Atlas, tmp_path: Path) -> None:
    atlas.save(tmp_path / "atlas.npz")
    loaded = Atlas.load(tmp_path / "atlas.npz")
    assert np.array_equal(loaded.positions, atlas.positions)
    assert np.array_equal(loaded.neighbourhood_of, atlas.neighbourhood_of)
    assert np.array_equal(loaded.centrality, atlas.centrality)
    assert loaded.names == atlas.names
    assert {loaded.positions.dtype, loaded.centrality.dtype} == {np.dtype(np.float32)}


def test_the_same_map_has_the_same_bytes(atlas: Atlas, tmp_path: Path) -> None:
    for name in ("one", "other"):
        draw(entries(sum(SIZES)), Graph.of(crowds(SIZES))).save(tmp_path / f"{name}.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()


@pytest.mark.parametrize("damage", ["missing", "empty", "cut off", "garbage", "flipped", "other"])
def test_a_damaged_file_is_told_with_the_cure(atlas: Atlas, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "atlas.npz"
    atlas.save(file)
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
                "garbage": b"what is this",
                "flipped": whole[:200] + bytes([whole[200] ^ 0xFF]) + whole[201:],
            }[damage]
        )
    with pytest.raises(StoreDamaged, match=r"atlas\.npz cannot be read") as raised:
        Atlas.load(file)
    assert "nearsay index --full" in raised.value.hint


@pytest.mark.parametrize(
    "wrong",
    [
        {"positions": np.zeros((3, 3), dtype=np.float32)},
        {"positions": np.full((3, 2), np.nan, dtype=np.float32)},
        {"positions": np.full((3, 2), 1.5, dtype=np.float32)},
        {"centrality": np.zeros(2, dtype=np.float32)},
        {"neighbourhood_of": np.array([0, 1, 2], dtype=np.int32)},
        {"neighbourhood_of": np.array([0, 0, -1], dtype=np.int32)},
        {"names": np.array([object()], dtype=object)},
    ],
)
def test_numbers_that_are_no_map_are_refused(tmp_path: Path, wrong: dict[str, np.ndarray]) -> None:
    right = {
        "positions": np.zeros((3, 2), dtype=np.float32),
        "neighbourhood_of": np.array([0, 0, 1], dtype=np.int32),
        "names": np.array(["One", "Two"]),
        "centrality": np.zeros(3, dtype=np.float32),
    }
    np.savez(tmp_path / "right.npz", **right)  # type: ignore[arg-type]
    np.savez(tmp_path / "wrong.npz", **(right | wrong))  # type: ignore[arg-type]
    assert Atlas.load(tmp_path / "right.npz").names == ("One", "Two")
    with pytest.raises(StoreDamaged):
        Atlas.load(tmp_path / "wrong.npz")
