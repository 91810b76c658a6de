from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np

from bot.bench.speed.place import Text
from tests.bot.bench.speed.contenders import place_in

TEXTS = [Text("buoy", "Buoy: a floating mark", "Design")]


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    place.keep(TEXTS, np.eye(1, 3, dtype=np.float32), np.eye(1, 3, 1, dtype=np.float32))
    assert place.texts == TEXTS
    assert place.vectors.tolist() == [[1, 0, 0]]
    assert place.asked.tolist() == [[0, 1, 0]]


def test_another_process_gets_the_folder_and_none_of_what_was_read(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    unread = len(pickle.dumps(place))
    place.keep(TEXTS, np.ones((100, 3), dtype=np.float32), np.ones((100, 3), dtype=np.float32))
    assert len(place.texts) == 1
    assert len(place.vectors) == 100
    there = pickle.dumps(place)
    assert len(there) == unread
    assert pickle.loads(there) == place
    assert pickle.loads(there).texts == TEXTS
