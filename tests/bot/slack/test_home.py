"""The Home tab keeps to Slack's limits at the worst input, and its buttons lead where they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.admin.replies import Status
from bot.front import Front
from bot.replies import Problem
from bot.slack.home import (
    FORGET,
    MOST_SHELVES,
    go_value,
    home_view,
    place_in,
)
from bot.slack.modals import View
from index.entry import Entry
from index.space.contents import LEAF, LONGEST_NAME, Contents, Leaf, LeafPlace, News, Shelf
from tests.bot.samples import reply
from tests.bot.slack import WORST, buttons, dangers
from tests.workspace.blockkit_rules import check_view
from tests.workspace.model import elements_in, texts_in

Text = Callable[[int], str]
INPUTS = ("input", "plain_text_input", "home")


def status(text: Text) -> Status:
    """The state of the index, with a text wherever somebody else writes it."""
    found = reply("status", text(300))
    assert isinstance(found, Status)
    return found


def front(text: Text, place: LeafPlace | None = None, shelves: int = 200) -> Front:
    """As much as there can be, with a text wherever somebody else writes it; the leaf at `place`
    is open."""
    categories = tuple(
        Shelf(f"{at} {text(300)}"[:LONGEST_NAME], shelves - at) for at in range(shelves)
    )
    letters = tuple(Shelf(chr(0x4E00 + at), shelves - at) for at in range(shelves))
    entries = tuple(
        Entry(id=f"entry-{at}", term=text(300), definition=text(5_000)) for at in range(LEAF)
    )
    return Front(
        contents=Contents("g000001", text(120), 10**8, categories, letters),
        leaf=None if place is None else Leaf(place, entries, 10**6, 10**8, 10**7),
        news=tuple(News(f"entry-{at}", text(300), "changed") for at in range(5)),
        recent=tuple(text(1_000) for _ in range(5)),
    )


def fits(view: View) -> None:
    """Asserts all that Slack asks of a Home tab."""
    assert list(check_view(view)) == []
    assert view["type"] == "home"
    for item in buttons(view):
        assert 0 < len(item["value"]) <= 2_000
    for block in view["blocks"]:
        ids = [element["action_id"] for element in elements_in([block])]
        assert len(ids) == len(set(ids))


def safe(view: View) -> None:
    """Asserts that nothing in a Home tab is live but the line to type in."""
    assert [fault for fault in dangers(view) if not fault.endswith(tuple(map(repr, INPUTS)))] == []


@pytest.mark.parametrize("name", WORST)
@pytest.mark.parametrize(
    "place",
    [None, LeafPlace("all", number=7), LeafPlace("category", "x" * 3_000, 7)],
    ids=["start", "all", "a long name"],
)
def test_home_is_within_slacks_limits_and_has_nothing_live(
    name: str, place: LeafPlace | None
) -> None:
    view = home_view(front(WORST[name], place), status(WORST[name]), "Done.")
    fits(view)
    safe(view)


def labels(view: View) -> list[str]:
    return [item["text"]["text"] for item in buttons(view)]


def small(**changes: object) -> Front:
    found = Front(
        contents=Contents("g000001", "model", 12, (Shelf("Quay", 3), Shelf("", 1)), ()),
        leaf=None,
        news=(),
        recent=(),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def test_of_many_shelves_the_largest_are_shown_in_their_order_and_the_rest_is_told() -> None:
    shelves = tuple(Shelf(f"{at:03}", at) for at in range(MOST_SHELVES + 5))
    view = home_view(small(contents=Contents("g000001", "model", 12, shelves, ())))
    assert labels(view)[:MOST_SHELVES] == [f"{at:03} ({at})" for at in range(5, MOST_SHELVES + 5)]
    assert any(text.startswith("5 smaller ones") for text in texts_in(view["blocks"]))


def test_an_empty_leaf_says_so() -> None:
    empty = Leaf(LeafPlace("category", "Gone"), (), 1, 0, 1)
    assert "Nothing is here." in texts_in(home_view(small(leaf=empty))["blocks"])


def test_deleting_ones_data_has_to_be_confirmed() -> None:
    (delete,) = [item for item in buttons(home_view(small())) if item["action_id"] == FORGET]
    assert delete["confirm"]["style"] == "danger"


def test_where_nothing_is_kept_there_is_nothing_to_delete() -> None:
    assert "Delete my data" not in labels(home_view(small(keeps=False)))


def test_without_an_index_home_says_why() -> None:
    problem = Problem(code="no_index", message="Nothing has been indexed yet.", hint="Build it.")
    view = home_view(problem, problem)
    fits(view)
    assert "Nothing has been indexed yet. Build it." in texts_in(view["blocks"])
    assert labels(view) == ["Reindex", "Generations", "Delete my data"]
    assert labels(home_view(problem)) == ["Delete my data"]


PLACES = st.builds(
    LeafPlace,
    st.sampled_from(["category", "letter", "all"]),
    st.text(max_size=50),
    st.integers(1, 10**8),
)


@given(PLACES | st.none())
def test_a_place_comes_back_from_its_button(place: LeafPlace | None) -> None:
    assert place_in(go_value(place)) == place


@pytest.mark.parametrize(
    "value", ["", "start", "category", "category x", "shelf 1 x", "all -1", "all ² x", "all 1e9 "]
)
def test_a_forged_place_is_the_start(value: str) -> None:
    assert place_in(value) is None
