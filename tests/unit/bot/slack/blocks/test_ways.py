"""The list of proposed ways to ask: its boxes, and the request that its button makes."""

from bot.commands.spec import Request
from bot.replies.base import Problem
from bot.replies.ways import ProposedWay, WayList
from bot.slack.blocks.ways import TICKED, way_blocks, with_ticked
from tests.fake_slack.model import elements_in, texts_in

ACCEPT = Request("near-admin", "words", {"accept": "1,2,3"}, verb="ways")


def listed(*texts: str, reason: str = "") -> list[dict[str, object]]:
    ways = tuple(ProposedWay(at, "mast", "Mast", text, reason) for at, text in enumerate(texts, 1))
    return way_blocks(WayList(source="words", ways=ways, waiting=len(ways)), "")


def test_nothing_is_decided_if_slack_does_not_send_the_boxes() -> None:
    assert isinstance(with_ticked(ACCEPT, {"actions": []}), Problem)
    assert with_ticked(ACCEPT, {"state": {"values": {}}}) == ACCEPT


def test_ticked_ways_are_refused() -> None:
    chosen = {"type": "checkboxes", "selected_options": [{"value": "2"}, {"value": "3"}]}
    other = {"type": "checkboxes", "selected_options": [{"value": "1"}]}
    values = {"a": {f"{TICKED}_0_1": chosen}, "b": {"something_else": other}}
    request = with_ticked(ACCEPT, {"state": {"values": values}})
    assert isinstance(request, Request)
    assert request.options == {"accept": "1,2,3", "refuse": "2,3"}


def test_an_entry_with_more_than_ten_ways_has_several_groups_of_boxes() -> None:
    blocks = listed(*(f"the pole, way {at}" for at in range(12)))
    boxes = [item for item in elements_in(blocks) if item["type"] == "checkboxes"]
    assert [len(box["options"]) for box in boxes] == [10, 2]


def test_long_way_and_reason_are_shown_in_full() -> None:
    long = " ".join(["which pole carries the canvas"] * 6)
    assert f"1. {long}" in texts_in(listed(long))
    shown = " ".join(texts_in(listed("the pole", reason="it finds Spar")))
    assert "1. the pole (accepted before a change: it finds Spar)" in shown
