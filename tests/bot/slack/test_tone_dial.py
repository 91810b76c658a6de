"""The dial carries its prompt: what is chosen asks for that prompt with the tone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.spec import Request
from bot.slack.blocks import Asked
from bot.slack.elements import Block
from bot.slack.latent_blocks import PIECE, tone_dial, toned
from index.space.latent.results import Shift
from index.space.latent.tones import TONES
from index.text import one_line
from tests.bot.samples import explored
from tests.workspace.blockkit_rules import check_message

ASKED = Asked(Request("latent", "a + b", verb="shift"))
LONGEST = 2 * PIECE


def moved(before: str, tone: str = "") -> Shift:
    reply = explored("shift", "x")
    assert isinstance(reply, Shift)
    return replace(reply, before=before, tone=tone)


def choose(block: Block, tone: str) -> dict[str, Any]:
    """What Slack delivers when a tone is chosen."""
    (menu,) = block["elements"]
    option = next(option for option in menu["options"] if option["value"] == tone)
    action = {"action_id": menu["action_id"], "block_id": block["block_id"]}
    return {"actions": [action | {"selected_option": option}]}


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(
    "before",
    ["a rope", "x" * LONGEST, "help", "a + b tone=loud", "x" * (PIECE - 1) + " y", "ends: in:"],
)
def test_what_is_chosen_asks_for_the_same_prompt_with_the_tone(before: str, tone: str) -> None:
    (block,) = tone_dial(moved(before))
    assert toned(choose(block, tone)) == Request("latent", before, {"tone": tone}, verb="shift")


@given(before=st.text(max_size=LONGEST))
def test_any_prompt_comes_back_and_keeps_to_slacks_limits(before: str) -> None:
    blocks = tone_dial(moved(before))
    assert list(check_message(blocks)) == []
    for block in blocks:
        request = toned(choose(block, "premium"))
        assert request == Request("latent", one_line(before), {"tone": "premium"}, verb="shift")


@pytest.mark.parametrize("before", ["", " ", "x" * (LONGEST + 1)])
def test_a_prompt_that_the_dial_cannot_carry_has_none(before: str) -> None:
    assert tone_dial(moved(before)) == []


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"action_id": "tone:", "block_id": "tone:a rope"},
        {"action_id": "tone:", "block_id": "tone:", "selected_option": {"value": "premium"}},
        {"action_id": "tone:", "block_id": "tone:a rope", "selected_option": {"value": "loud"}},
        {"action_id": "tone:", "block_id": "tone:a rope", "selected_option": None},
    ],
)
def test_what_no_dial_sends_asks_for_nothing(action: dict[str, Any]) -> None:
    assert toned({"actions": [action]}) is None
    assert toned({}) is None
