"""The contents of a map: entries at the positions of the atlas, placed texts, and sparse
regions."""

from dataclasses import replace

import numpy as np
import pytest

from index.errors import NotFound
from index.map.density import (
    EMPTY_DENSITY,
    MARGIN,
    Frame,
    density,
    kernel_width,
    nearest_empty_position,
    typical_density,
)
from index.search.explore.map import CENTRAL, NEAREST, map_of
from index.search.neighbours import nearest_to_entry
from index.storage import Generation
from tests.support.toy import ToyEmbedder

WHOLE = Frame(-MARGIN, 1 + MARGIN, -MARGIN, 1 + MARGIN)


def test_every_entry_on_the_whole_map_is_in_one_neighbourhood(
    generation: Generation, toy: ToyEmbedder
) -> None:
    chart = map_of(generation, toy, [])
    assert chart.shown.tolist() == list(range(len(generation.ids)))
    assert chart.positions.shape == (len(generation.ids), 2)
    assert sum(region.size for region in chart.regions.values()) == len(generation.ids)
    sizes = [region.size for region in chart.regions.values()]
    assert sizes == sorted(sizes, reverse=True)
    for number, region in chart.regions.items():
        assert region.name == generation.atlas.names[number]
        assert len(region.entries) == min(CENTRAL, region.size)
    assert (chart.query, chart.within, chart.places) == ("", "", ())


def test_a_text_that_names_an_entry_is_placed_at_the_entry(
    generation: Generation, toy: ToyEmbedder
) -> None:
    chart = map_of(generation, toy, ["anchors"])
    (here,) = chart.places
    number = generation.number_of["anchor"]
    position = tuple(generation.atlas.positions[number].tolist())
    assert (here.x, here.y) == pytest.approx(position, abs=1e-4)
    assert here.neighbourhood == generation.atlas.names[generation.atlas.neighbourhood_of[number]]
    expected = [found.entry_id for found in nearest_to_entry(generation, "anchor", NEAREST)]
    assert [item.id for item in here.nearest] == expected
    assert not here.sparse


def test_a_map_can_be_limited_to_a_neighbourhood(
    generation: Generation, toy: ToyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = tuple(f"Part {number}" for number in range(len(generation.atlas.names)))
    monkeypatch.setitem(vars(generation), "atlas", replace(generation.atlas, names=names))
    for number, name in enumerate(names):
        chart = map_of(generation, toy, [], name.lower())
        assert chart.within == name
        inside = np.flatnonzero(generation.atlas.neighbourhood_of == number)
        assert chart.shown.tolist() == inside.tolist()
        assert list(chart.regions) == [number]
    assert names


def test_an_unknown_category_or_neighbourhood_is_reported_with_the_known_ones(
    generation: Generation, toy: ToyEmbedder
) -> None:
    with pytest.raises(NotFound, match='no category or neighbourhood "nowhere"') as caught:
        map_of(generation, toy, [], "nowhere")
    for name in (*generation.categories, *generation.atlas.names):
        assert name in caught.value.hint


def test_the_nearest_sparse_region_is_found() -> None:
    random = np.random.default_rng(4)
    positions = random.normal(0.5, 0.08, (200, 2)).clip(0, 1).astype(np.float32)
    x, y = nearest_empty_position(positions, 0.52, 0.5)
    assert 0.1 < np.hypot(x - 0.52, y - 0.5) < 0.45
    ground = density(positions, WHOLE, 100, 100, kernel_width(200))
    row, column = (int((at + MARGIN) / (1 + 2 * MARGIN) * 100) for at in (y, x))
    assert ground[row, column] < EMPTY_DENSITY * typical_density(ground, positions, WHOLE)
    middle = int((0.5 + MARGIN) / (1 + 2 * MARGIN) * 100)
    assert ground[middle, middle] > EMPTY_DENSITY * typical_density(ground, positions, WHOLE)


def test_links_connect_each_entry_to_its_nearest_neighbours(
    generation: Generation, toy: ToyEmbedder
) -> None:
    chart = map_of(generation, toy, [])
    linked = {frozenset(pair) for pair in chart.links.tolist()}
    assert len(linked) == len(chart.links)
    for number, nearest in enumerate(generation.graph.nearest[:, 0].tolist()):
        assert frozenset((number, nearest)) in linked
