"""Slash commands and buttons in Slack, in both modes."""

from __future__ import annotations

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.scenarios.slack.conftest import Team
from tests.workspace import Message
from tests.workspace.model import elements_in


def labels(message: Message) -> list[str]:
    """The labels of all buttons, and of the menu, in order."""
    menus = [item for item in elements_in(message.blocks) if "options" in item]
    return message.buttons + [o["text"]["text"] for item in menus for o in item["options"]]


def test_near_is_answered_to_the_asker_alone_with_the_query_restated(team: Team) -> None:
    reply = team.ask("/near a thick rope for mooring or towing")
    shown = json.dumps(reply.blocks, ensure_ascii=False)
    assert '"a thick rope for mooring or towing"' in shown.replace('\\"', '"')
    assert "Hawser" in shown
    assert "▰" in shown
    assert reply.text.startswith('Near "a thick rope for mooring or towing"')
    assert not team.workspace.messages(team.channel)
    assert not team.workspace.ephemerals(team.ben, team.channel)


def test_share_shows_the_reply_to_the_channel_with_who_shared_it(team: Team) -> None:
    reply = team.ask("/near a thick rope for mooring or towing")
    assert team.workspace.click(team.ada, reply, "Share in channel").ok
    (shared,) = team.workspace.wait(lambda: team.workspace.messages(team.channel))
    shown = json.dumps(shared.blocks)
    assert "Hawser" in shown
    assert "Shared by ada" in shown
    assert "Share in channel" not in labels(shared)


def test_open_shows_the_whole_entry_in_a_modal_and_hops_from_there(team: Team) -> None:
    reply = team.ask("/near a thick rope for mooring or towing")
    assert team.workspace.click(team.ada, reply, "Open Hawser").ok
    (view,) = team.workspace.wait(
        lambda: [v for v in team.workspace.views(team.ada) if "Hawser" in json.dumps(v.content)]
    )
    shown = json.dumps(view.content)
    assert "Who looks after a hawser?" in shown
    assert "often seen beside it" in shown
    assert team.workspace.click(team.ada, view, "What's near it?").ok
    (hop,) = team.workspace.wait(
        lambda: [
            v for v in team.workspace.views(team.ada) if "Near haw" in v.content["title"]["text"]
        ]
    )
    assert '"text": "Open Hawser"' in json.dumps(hop.content)


def test_more_like_hops_to_a_neighbours_neighbours(team: Team) -> None:
    reply = team.ask("/near a thick rope for mooring or towing")
    before = len(team.workspace.ephemerals(team.ada, team.channel))
    assert team.workspace.click(team.ada, reply, "More like Hawser").ok
    hop = team.next_ephemeral(team.ada, before)
    assert "Hawser" in hop.text
    assert "1. Hawser (1.00)" in hop.text


def test_show_10_shows_ten(team: Team) -> None:
    reply = team.ask("/near ships in the harbour")
    before = len(team.workspace.ephemerals(team.ada, team.channel))
    assert team.workspace.click(team.ada, reply, "menu", "Show 10").ok
    more = team.next_ephemeral(team.ada, before)
    assert sum(label.startswith("Open ") for label in labels(more)) == 10
    assert "Show 10" not in labels(more)
    opened = next(label for label in labels(reply)[5:] if label.startswith("Open "))
    assert team.workspace.click(team.ada, reply, "menu", opened).ok
    term = opened.removeprefix("Open ")
    team.workspace.wait(lambda: [v for v in team.workspace.views(team.ada) if v.title == term])


def test_define_shows_an_entry(team: Team) -> None:
    reply = team.ask("/define tug")
    shown = json.dumps(reply.blocks)
    assert "Tugboat" in shown
    assert "A small strong boat" in shown
    assert {"What's near it?", "Share in channel"} <= set(labels(reply))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/near", "/near needs a text"),
        ("/near help", "/near TEXT"),
        ("/define qwzx", 'There is no entry "qwzx"'),
        ("/near rope in=nowhere", 'There is no category "nowhere"'),
        ("/near rope n=99", "whole number from 1 to 20"),
    ],
)
def test_problems_are_kind_and_seen_by_the_asker_alone(team: Team, line: str, says: str) -> None:
    assert says in team.ask(line).text.replace("&gt;", ">")


def test_ten_commands_at_once_are_acknowledged_within_half_a_second(team: Team) -> None:
    team.embedder.go.clear()
    lines = [f"thick rope {n}" + (" slowly" if n % 2 else "") for n in range(10)]
    with ThreadPoolExecutor(10) as pool:
        deliveries = list(
            pool.map(
                lambda text: team.workspace.command(team.ada, team.channel, "/near", text), lines
            )
        )
    assert all(delivery.ok for delivery in deliveries)
    assert max(delivery.seconds for delivery in deliveries) < 0.5
    # Five answers hang; the others come all the same, and so do acknowledgements.
    team.workspace.wait(
        lambda: len(team.workspace.ephemerals(team.ada, team.channel)) == 5, seconds=10
    )
    again = team.workspace.command(team.ada, team.channel, "/near", "one more")
    assert again.ok
    assert again.seconds < 0.5
    team.embedder.go.set()
    team.workspace.wait(
        lambda: len(team.workspace.ephemerals(team.ada, team.channel)) == 11, seconds=10
    )


def test_when_slack_refuses_the_blocks_the_text_alone_is_sent(team: Team) -> None:
    team.workspace.fault("response_url", error="invalid_blocks")
    reply = team.ask("/near a thick rope for mooring or towing")
    assert "Hawser" in reply.text
    assert not reply.blocks


def test_a_lost_connection_while_answering_is_tried_again(team: Team) -> None:
    team.workspace.fault("response_url", close=True)
    assert "Hawser" in team.ask("/near a thick rope for mooring or towing").text


def test_health_and_readiness_are_served_on_loopback(team: Team) -> None:
    for path, name in (("healthz", "healthy"), ("readyz", "ready")):
        url = f"http://127.0.0.1:{team.service.ops_port}/{path}"
        with urllib.request.urlopen(url, timeout=5) as answer:
            assert json.load(answer)[name] is True
