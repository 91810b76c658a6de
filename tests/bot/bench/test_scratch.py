from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from bot.bench.scratch import scratch
from index.errors import StoreError


def fill_and_fail() -> None:
    with scratch() as folder:
        (folder / "inside").mkdir()
        raise KeyError


def test_the_folder_is_gone_in_the_end_whatever_happens(tmp_path: Path) -> None:
    with patch("tempfile.tempdir", str(tmp_path)):
        with pytest.raises(KeyError):
            fill_and_fail()
        assert list(tmp_path.iterdir()) == []


def test_a_full_disk_meanwhile_is_said(tmp_path: Path) -> None:
    with (
        patch("tempfile.tempdir", str(tmp_path)),
        pytest.raises(StoreError, match="cannot be used: No space left"),
        scratch(),
    ):
        raise OSError(28, "No space left on device")
