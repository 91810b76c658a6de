"""Files of arrays: what was saved is read, and damage is said with its cure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.arrays import load_arrays
from index.errors import StoreDamaged


def test_what_was_saved_is_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", one=np.arange(3), other=np.eye(2))
    one, other = load_arrays(tmp_path / "two.npz", "one", "other")
    assert (one.tolist(), other.tolist()) == ([0, 1, 2], [[1, 0], [0, 1]])


@pytest.mark.parametrize("damage", ["missing", "empty", "cut off", "garbage", "flipped", "other"])
def test_a_damaged_file_is_told_with_the_cure(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "some.npz"
    np.savez(file, one=np.arange(300))
    whole = file.read_bytes()
    contents = {
        "empty": b"",
        "cut off": whole[: len(whole) // 2],
        "garbage": b"garbage" * 50,
        "flipped": whole[:200] + bytes(255 - byte for byte in whole[200:220]) + whole[220:],
    }
    if damage == "missing":
        file.unlink()
    elif damage == "other":
        np.savez(file, something=np.zeros(3))
    else:
        file.write_bytes(contents[damage])
    with pytest.raises(StoreDamaged, match=r"some\.npz cannot be read") as raised:
        load_arrays(file, "one")
    assert "nearsay index --full" in raised.value.hint
