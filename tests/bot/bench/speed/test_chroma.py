from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.bench.speed.bare import load
from bot.bench.speed.chroma import default_chroma, fill
from bot.bench.speed.contender import Question
from bot.bench.speed.place import Text
from index.weights import find_weights
from tests.bot.bench.speed.contenders import place_in

TEXTS = [
    Text("buoy", "Buoy: a floating mark", "Design"),
    Text("keel", "Keel: the lowest timber of a ship, which holds all of it together", "Law"),
]


@pytest.mark.model
def test_chroma_embeds_by_itself_with_the_same_weights(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    folder = tmp_path / "2"
    folder.mkdir()
    place = place_in(folder)
    model = load(find_weights(place.model.name).folder)
    vectors = np.asarray(model.encode([text.text for text in TEXTS]))
    place.keep(TEXTS, vectors, vectors)
    fill(place, lambda *_: None)
    ways = default_chroma(place)
    question = Question("what holds a ship together", "Design", 0)
    found = [ways["plain"](question)(), ways["filtered"](question)()]
    assert [one["ids"][0][0] for one in found] == ["keel", "buoy"]  # type: ignore[index]

    np.save(folder / "vectors.npy", -vectors)
    with pytest.raises(ValueError, match="its vectors differ from the model's by"):
        default_chroma(place_in(folder))
