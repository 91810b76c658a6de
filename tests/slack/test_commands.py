"""Slash commands and buttons in Slack, in both modes."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.slack.blocks.reply import MORE_OF, SHARE, WHY
from bot.slack.manifest import WHATS_NEAR
from bot.slack.queue.intake import SHARED
from index.indexing.reindex import SourceContent, reindex
from tests.fake_slack import Message
from tests.fake_slack.model import elements_in
from tests.slack.team import Team
from tests.slack.views import modal, press
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

ROPE = "/near a thick rope for mooring or towing"


def labels(message: Message) -> list[str]:
    """Return the labels of all buttons and of the menu options, in order."""
    menus = [item for item in elements_in(message.blocks) if "options" in item]
    return message.buttons + [o["text"]["text"] for item in menus for o in item["options"]]


def test_near_reply_is_ephemeral_and_repeats_the_query(team: Team) -> None:
    reply = team.ask(ROPE)
    shown = json.dumps(reply.blocks, ensure_ascii=False)
    assert '"a thick rope for mooring or towing"' in shown.replace('\\"', '"')
    assert "Hawser" in shown
    assert "▰" in shown
    assert reply.text.startswith('Near "a thick rope for mooring or towing"')
    assert not team.workspace.messages(team.channel)
    assert not team.workspace.ephemerals(team.ben, team.channel)


def test_reply_is_shared_once_with_the_sharers_name(team: Team) -> None:
    for count in (1, 2):
        reply = team.ask(ROPE)
        assert team.workspace.click(team.ada, reply, "Share in channel").ok
        shared = team.workspace.wait(lambda: team.workspace.messages(team.channel)[count - 1 :])  # noqa: B023
        assert "Hawser" in shared[0].everything
        assert "Shared by ada" in shared[0].everything
        assert "Share in channel" not in labels(shared[0])
        for _ in range(2):
            assert team.pressed(team.ada, reply, "Share in channel").text == SHARED
        team.quiet()
        assert len(team.workspace.messages(team.channel)) == count


def test_problem_is_not_shared_and_removed_entry_has_no_neighbours(own_team: Team) -> None:
    team = own_team
    entry = team.ask("/define hawser")
    kept = [one for one in harbour() if one.term != "Hawser"]
    reindex(team.store, SourceContent(kept), ToyEmbedder())
    team.store.refresh()
    told = team.pressed(team.ada, entry, "Share in channel")
    assert told.text.startswith('There is no entry "hawser"')
    assert not team.workspace.messages(team.channel)
    assert "no longer in the index" in team.pressed(team.ada, entry, "What's near it?").text


def test_open_button_shows_the_whole_entry_and_links_to_others(team: Team) -> None:
    assert team.workspace.click(team.ada, team.ask(ROPE), "Open Hawser").ok
    view = modal(team, team.ada, "Who looks after a hawser?")
    assert "often seen beside it" in view.everything
    press(team, team.ada, view, "What's near it?")
    hop = modal(team, team.ada, "Near Hawser")
    assert "Open Hawser" not in hop.buttons


def test_whats_near_it_button_shows_the_neighbours_of_an_entry(team: Team) -> None:
    reply = team.pressed(team.ada, team.ask("/define hawser"), "What's near it?")
    assert reply.text.startswith('Near "Hawser"\n1. ')
    assert "Hawser (" not in reply.text
    more = team.pressed(team.ada, reply, "menu", "Show 10").text
    assert more.startswith(reply.text.splitlines()[0])
    assert "Hawser (" not in more


def test_show_10_button_shows_ten_neighbours(team: Team) -> None:
    reply = team.ask("/near ships in the harbour")
    more = team.pressed(team.ada, reply, "menu", "Show 10")
    assert sum(label.startswith("Open ") for label in labels(more)) == 10
    assert "Show 10" not in labels(more)
    opened = next(label for label in labels(reply)[5:] if label.startswith("Open "))
    assert team.workspace.click(team.ada, reply, "menu", opened).ok
    assert modal(team, team.ada, opened.removeprefix("Open ")).title in opened


@pytest.mark.parametrize(
    "text", ["a thick rope for mooring or towing n=500", 'a "thick" rope from="x"']
)
def test_quoted_message_that_ends_like_an_option_has_its_buttons(team: Team, text: str) -> None:
    said = team.workspace.say(team.ada, team.channel, text)
    before = len(team.workspace.ephemerals(team.ben, team.channel))
    assert team.workspace.shortcut(team.ben, WHATS_NEAR, said).ok
    reply = team.next_ephemeral(team.ben, before)
    more = team.pressed(team.ben, reply, "menu", "Show 10")
    why = team.pressed(team.ben, reply, "Why?")
    assert sum(label.startswith("Open ") for label in labels(more)) == 10
    assert [one.text.splitlines()[0] for one in (more, why)] == [reply.text.splitlines()[0]] * 2
    assert "Each number combines the cosine" in why.everything
    assert team.workspace.click(team.ben, reply, "Share in channel").ok
    shared = team.workspace.wait(lambda: bot_messages(team))[0]
    assert shared.text.splitlines()[0] == reply.text.splitlines()[0]


def bot_messages(team: Team) -> list[Message]:
    return [message for message in team.workspace.messages(team.channel) if message.bot_id]


@pytest.mark.parametrize("action", [WHY, MORE_OF, "map_0", SHARE])
def test_button_of_an_earlier_version_runs_its_line(team: Team, action: str) -> None:
    old = team.workspace.forge(team.ben, team.channel, action, f"{ROPE} n=2")
    assert old.ok

    def reply() -> list[Message]:
        return bot_messages(team) or team.workspace.ephemerals(team.ben, team.channel)

    (message,) = team.workspace.wait(reply, seconds=10)
    assert message.text.startswith('Near "a thick rope for mooring or towing"\n1. Hawser')
    assert sum(label.startswith("Open ") for label in labels(message)) == 2
    assert (message.ephemeral_to is None) is (action == SHARE)


def test_ten_simultaneous_commands_are_acknowledged_within_half_a_second(team: Team) -> None:
    team.embedder.go.clear()
    people = [team.workspace.add_user(f"user-{number}") for number in range(10)]
    team.channel.members.extend(user.id for user in people)
    lines = [f"thick rope {n}" + (" slowly" if n % 2 else "") for n in range(10)]
    with ThreadPoolExecutor(10) as pool:
        deliveries = list(
            pool.map(
                lambda user, text: team.workspace.command(user, team.channel, "/near", text),
                people,
                lines,
            )
        )
    assert all(delivery.ok for delivery in deliveries)
    assert max(delivery.seconds for delivery in deliveries) < 0.5

    def answered(count: int) -> bool:
        told = [team.workspace.ephemerals(user, team.channel) for user in (team.ada, *people)]
        return sum(map(len, told)) == count

    # Five answers hang; the other answers and all acknowledgements still arrive.
    team.workspace.wait(lambda: answered(5), seconds=10)
    again = team.workspace.command(team.ada, team.channel, "/near", "one more")
    assert again.ok
    assert again.seconds < 0.5
    team.embedder.go.set()
    team.workspace.wait(lambda: answered(11), seconds=10)
