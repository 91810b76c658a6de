"""Replies with maps: the files into which a map is drawn, and its description in words."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.explore.maps import LONGEST_ALT, CannotDraw, MapFiles, draw_map
from index.search.explore.explorations import Map
from index.search.explore.map import map_of
from index.storage import Generation, Store
from tests.support.toy import ToyEmbedder

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def generation(harbour_store: Store) -> Iterator[Generation]:
    with harbour_store.reading() as generation:
        yield generation


def test_each_map_is_a_new_file_and_old_files_are_removed(
    desk: Assistant, harbour_store: Store
) -> None:
    folder = harbour_store.directory / "maps"
    folder.mkdir()
    old, kept = folder / "map-old.png", folder / "another.png"
    for file in (old, kept):
        file.write_bytes(PNG)
        os.utime(file, (time.time() - 86_460,) * 2)
    replies = [desk.ask("/latent map") for _ in range(2)]
    images = {reply.image for reply in replies if isinstance(reply, Map)}
    assert len(images) == 2
    assert not old.exists()
    assert kept.exists()


def test_the_description_states_the_position_and_neighbours_of_a_text(
    generation: Generation, toy: ToyEmbedder, tmp_path: Path
) -> None:
    chart = map_of(generation, toy, ["Anchor", "a" * 5_000])
    alt = draw_map(generation, chart, "light", MapFiles(tmp_path / "a.png")).alt
    assert alt.startswith('A map. "Anchor" and "aaaa')
    assert '"Anchor" is in "' in alt
    assert len(alt) <= LONGEST_ALT
    for region in chart.regions.values():
        assert f"{region.name} ({region.size})" in alt
    with pytest.raises(CannotDraw, match="cannot be written: No such file"):
        draw_map(generation, chart, "light", MapFiles(tmp_path / "no" / "a.png"))
