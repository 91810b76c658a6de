"""The menu of tones under a text that was moved, and the requests of its options."""

from dataclasses import replace
from typing import Any

import pytest

from bot.commands.spec import Request
from bot.slack.blocks.elements import Message
from bot.slack.blocks.explore import PIECE, tone_menu, tone_request
from index.search.explore.explorations import Shift
from index.search.explore.tones import TONES
from tests.unit.bot.samples import explored
from tests.unit.bot.slack import faults_of


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(
    "prompt",
    [
        *("a rope", "x" * 2 * PIECE, "help", "a + b tone=loud", "ends: in:", '<!here> & "q"'),
        "x" * (PIECE - 1) + " y",
    ],
)
def test_chosen_tone_repeats_the_prompt_in_that_tone(prompt: str, tone: str) -> None:
    moved = explored("shift", "x")
    assert isinstance(moved, Shift)
    (block,) = tone_menu(replace(moved, before=prompt, tone=""))
    assert faults_of(Message("x", [block])) == []
    (menu,) = block["elements"]
    option = next(option for option in menu["options"] if option["value"] == tone)
    chosen = {"action_id": menu["action_id"], "block_id": block["block_id"]}
    request = tone_request({"actions": [chosen | {"selected_option": option}]})
    assert request == Request("latent", prompt, {"tone": tone}, verb="shift")
    for other in ("", "x" * (2 * PIECE + 1)):
        assert tone_menu(replace(moved, before=other)) == [], "it does not fit into the menu"


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"action_id": "tone:", "block_id": "tone:", "selected_option": {"value": "premium"}},
        {"action_id": "tone:", "block_id": "tone:a rope", "selected_option": {"value": "loud"}},
        {"action_id": "tone:", "block_id": "tone:a rope", "selected_option": None},
    ],
)
def test_forged_tone_is_ignored(action: dict[str, Any]) -> None:
    assert tone_request({"actions": [action]}) is None
