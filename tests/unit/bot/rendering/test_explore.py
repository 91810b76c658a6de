"""Replies of /latent as text: the wording, and figures in columns."""

from __future__ import annotations

from dataclasses import replace

from bot.explore.next_steps import entries_of
from bot.rendering.explore import in_common, lines_of, ranks_of, table_of, title_of
from index.entry import Mention
from index.search.explore.explorations import (
    Comparison,
    Hop,
    Models,
    ModelView,
    Path,
    Shift,
    TippingPoint,
)
from tests.unit.bot import samples

NEAR = Mention("token", "Token", "Basics", 0.5)
PAIR = Comparison(
    generation="g000001",
    model="toy",
    a="bank account",
    b="river bank",
    cosine=0.57,
    similarity=0.18,
    percentile=61.0,
    band="far",
    shared=(),
    only_a=(NEAR,),
    only_b=(),
    between=None,
)


def test_a_comparison_gives_the_similarity_and_shared_words() -> None:
    assert title_of(PAIR) == '"bank account" and "river bank": far (0.18)'
    lines = lines_of(PAIR)
    assert lines[0] == "They share a word but not a meaning."
    assert lines[1:] == [
        "Near both: nothing",
        'Near "bank account" only: Token 0.50',
        'Near "river bank" only: nothing',
    ]
    assert table_of(PAIR) == []
    assert entries_of(PAIR) == [("token", "Token")]
    lines = lines_of(replace(PAIR, only_a=(), cosine=0.2))
    assert lines == ["No entry is near either of them."]
    several = replace(PAIR, items=("a", "b"), matrix=((1.0, -0.18), (-0.18, 1.0)))
    assert table_of(several) == ["         1     2", "   1  1.00 -0.18", "   2 -0.18  1.00"]
    assert title_of(several).startswith("The nearest two are ")


def test_the_longest_step_of_a_path_is_marked() -> None:
    hops = tuple(
        Hop(term, term, "", similarity, "A definition.")
        for term, similarity in (("A", None), ("B", 0.6), ("C", 0.4))
    )
    way = Path(
        generation="g000001", model="toy", a="A", b="C", hops=hops, straight=(NEAR,), weakest=2
    )
    assert title_of(way) == 'From "A" to "C" in 2 steps'
    assert lines_of(way) == [
        "1. A",
        "    A definition.",
        "2. B  0.60",
        "    A definition.",
        "3. C  0.40  (the longest step)",
        "    A definition.",
        "On the straight line: Token",
    ]


def test_a_tipping_point_names_the_deciding_word() -> None:
    moved = samples.explored("shift", "x")
    assert isinstance(moved, Shift)
    moved = replace(
        moved,
        before="a rope",
        after="a rope Premium.",
        from_neighbourhood="harbours",
        tipping=TippingPoint(0.4, "luxury", "Premium"),
    )
    tipping = 'It tips from "harbours" into "luxury" 40% of the way.'
    assert f'{tipping} Word by word, it tips at "Premium".' in lines_of(moved)
    assert 'The tone "premium" adds: "Premium."' in lines_of(moved)
    unworded = replace(moved, tipping=TippingPoint(0.4, "luxury", ""), tone="")
    assert lines_of(unworded)[0] == tipping
    assert lines_of(replace(unworded, tipping=None))[0] == 'It never leaves "harbours".'


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
    assert title_of(reply) == 'Near "rope" to 3 models: 25% of the first ten in common'
    lines = lines_of(reply)
    assert lines[3] == "Rank correlation with other over all entries: -0.25 (1 alike, 0 unrelated)."
    assert lines[4] == "third has no vector for this text."
    assert lines[5].startswith("No entry is near this text")
    assert lines[6].startswith("None is in every list.")
    two = replace(reply, models=reply.models[:2])
    assert in_common(two) == {"buoy"}
    assert lines_of(two)[-1].startswith("=: in every list.")
    assert ranks_of(two.models[1], {"buoy"}) == [("1=", "Buoy", "0.50"), ("2 ", "Crane", "0.50")]
    assert entries_of(two) == [("anchor", "Anchor"), ("buoy", "Buoy"), ("crane", "Crane")]
