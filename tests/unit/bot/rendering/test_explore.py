"""Replies to `/latent` as text."""

from dataclasses import replace

from bot.explore.next_steps import entries_of
from bot.rendering.explore import in_common, lines_of, ranks_of, title_of
from index.entry import Mention
from index.search.explore.explorations import (
    Models,
    ModelView,
    Shift,
    TippingPoint,
)
from tests.unit.bot import samples


def test_a_path_names_the_word_at_which_it_crosses() -> None:
    moved = samples.explored("shift", "x")
    assert isinstance(moved, Shift)
    moved = replace(
        moved,
        before="a rope",
        after="a rope Premium.",
        from_neighbourhood="harbours",
        tipping=TippingPoint(0.4, "luxury", "Premium"),
    )
    tipping = 'The path crosses from "harbours" into "luxury" after 40% of the way.'
    assert f'{tipping} Word by word, it crosses at "Premium".' in lines_of(moved)
    assert 'The tone "premium" adds: "Premium."' in lines_of(moved)
    unworded = replace(moved, tipping=TippingPoint(0.4, "luxury", ""), tone="")
    assert lines_of(unworded)[0] == tipping
    assert lines_of(replace(unworded, tipping=None))[0] == 'The path stays in "harbours".'


def view(model: str, *ids: str, overlap: float = 1.0, alike: float | None = 1.0) -> ModelView:
    found = tuple(Mention(name, name.title(), "", 0.5) for name in ids)
    return ModelView(model, "made up", 3, found, overlap, alike)


def test_models_are_listed_with_their_overlap() -> None:
    reply = Models(
        generation="g000001",
        model="toy",
        query="rope",
        sparse=True,
        models=(
            view("toy", "anchor", "buoy"),
            view("other", "buoy", "crane", overlap=0.5, alike=-0.25),
            view("third", overlap=0, alike=None),
        ),
        overlap=0.25,
        rank_correlation=-0.25,
    )
    assert title_of(reply) == 'Near "rope" in 3 models: 25% of the first ten in common'
    lines = lines_of(reply)
    assert lines[3] == "Rank correlation with other over all entries: -0.25 (1 alike, 0 unrelated)."
    assert lines[4] == "third has no vector for this text."
    assert lines[5].startswith("No entry is near this text")
    assert lines[6].startswith("No entry is in every list.")
    two = replace(reply, models=reply.models[:2])
    assert in_common(two) == {"buoy"}
    assert lines_of(two)[-1].startswith("=: in every list.")
    assert ranks_of(two.models[1], {"buoy"}) == [("1=", "Buoy", "0.50"), ("2 ", "Crane", "0.50")]
    assert entries_of(two) == [("anchor", "Anchor"), ("buoy", "Buoy"), ("crane", "Crane")]
