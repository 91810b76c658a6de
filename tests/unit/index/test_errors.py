"""Files of the index: damage is reported with a hint."""

from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexCorrupted
from index.statistics.moments import Moments


@pytest.mark.parametrize("damage", ["missing", "cut off", "flipped"])
def test_a_damaged_file_is_reported_with_a_hint(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "some.npz"
    Moments.measure(np.eye(9, dtype=np.float32)).save(file)
    whole = file.read_bytes()
    flipped = whole[:200] + bytes(255 - byte for byte in whole[200:220]) + whole[220:]
    file.write_bytes(flipped if damage == "flipped" else whole[: len(whole) // 2])
    if damage == "missing":
        file.unlink()
    with pytest.raises(IndexCorrupted, match=r"some\.npz cannot be read") as raised:
        Moments.load(file)
    assert "nearsay index --full" in raised.value.hint
