"""The /latent commands in Slack, in both modes."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from index.embedding.embedder import Vectors
from index.errors import ModelDamaged
from index.search.explore.tones import TONES
from tests.fake_slack import Message
from tests.slack.team import Team
from tests.slack.views import modal


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("compare Anchor | Buoy", '"Anchor" and "Buoy": '),
        ("compare anchor | buoy | crane", "The nearest two are "),
        ("path Anchor -> Buoy", 'From "Anchor" to "Buoy" in '),
        ("wander anchor t=0.5 seed=3", 'A walk from "anchor" at temperature 0.5'),
        ("models a rope for the ship", 'Near "a rope for the ship" in 2 models: '),
        ("about", "12 entries in a space of 256 dimensions"),
    ],
)
def test_each_latent_command_is_answered_and_its_entries_can_be_opened(
    team: Team, line: str, expected: str
) -> None:
    reply = team.ask(f"/latent {line}")
    shown = json.dumps(reply.blocks, ensure_ascii=False).replace('\\"', '"')
    assert expected in shown
    assert expected in reply.text
    opened = next(label for label in reply.buttons if label.startswith("Open "))
    assert team.workspace.click(team.ada, reply, opened).ok
    modal(team, team.ada, opened.removeprefix("Open "))


def test_table_columns_are_aligned(team: Team) -> None:
    reply = team.ask("/latent compare anchor | buoy | crane | quay | winch")
    tables = [
        block["text"]["text"]
        for block in reply.blocks
        if block["type"] == "section" and block["text"]["text"].startswith("```")
    ]
    assert len(tables) == 1
    assert len({len(row) for row in tables[0].strip("`\n").splitlines()}) == 1


def test_lists_of_two_models_are_shown_side_by_side(team: Team) -> None:
    reply = team.ask("/latent models a rope for the ship")
    (fields,) = [block["fields"] for block in reply.blocks if "fields" in block]
    assert [field["text"].partition("\n")[0] for field in fields] == [
        "*toy*",
        "*LSA of this index*",
    ]
    assert all(len(field["text"].splitlines()) == 11 for field in fields)
    assert "learned from the words of these" in json.dumps(reply.blocks)


def test_invalid_arguments_show_the_usage(team: Team) -> None:
    reply = team.ask("/latent compare anchor")
    assert "This needs two texts with a bar between them." in reply.text
    assert "/latent compare bank account | river bank" in reply.text


def tone_menu_of(message: Message) -> dict[str, Any]:
    """Return the menu of tones under a reply."""
    (menu,) = [
        element
        for block in message.blocks
        for element in block.get("elements", ())
        if element["type"] == "static_select"
    ]
    return dict(menu)


def choose_tone(team: Team, reply: Message, tone: str) -> Message:
    """Choose a tone, and wait until the message has changed."""
    team.quiet()  # otherwise the next command would be queued
    chosen = team.workspace.select(team.ada, reply, tone_menu_of(reply)["action_id"], tone)
    assert chosen is not None
    assert chosen.ok, chosen.error

    def changed() -> list[Message]:
        shown = team.workspace.ephemerals(team.ada, team.channel)
        return [item for item in shown if item.ts == reply.ts and tone in item.text]

    return team.workspace.wait(changed, seconds=10)[0]


def test_choosing_a_tone_updates_the_message_and_keeps_the_menu(team: Team) -> None:
    reply = team.ask("/latent shift a thick rope + for <towing> & more")
    assert "initial_option" not in tone_menu_of(reply)
    first = choose_tone(team, reply, "premium")
    assert f'The tone "premium" adds: "{TONES["premium"]}"' in first.text
    assert tone_menu_of(first)["initial_option"]["value"] == "premium"
    second = choose_tone(team, first, "more formal")
    assert tone_menu_of(second)["initial_option"]["value"] == "more formal"
    assert "premium" not in second.text
    assert len(team.workspace.ephemerals(team.ada, team.channel)) == 1
    assert team.workspace.messages(team.channel) == []


def test_failure_to_apply_a_tone_is_reported_in_an_ephemeral_message(team: Team) -> None:
    reply = team.ask("/latent shift a thick rope + for towing")
    team.quiet()  # otherwise the next command would be queued
    broken = team.embedder.queries
    team.embedder.queries = refuse  # type: ignore[method-assign]
    chosen = team.workspace.select(team.ada, reply, tone_menu_of(reply)["action_id"], "premium")
    assert chosen is not None
    problem = team.next_ephemeral(team.ada, 1)
    assert "The model is gone." in problem.text
    assert tone_menu_of(team.workspace.ephemerals(team.ada, team.channel)[0])
    team.embedder.queries = broken  # type: ignore[method-assign]


def refuse(texts: Sequence[str]) -> Vectors:
    raise ModelDamaged("The model is gone.")


def test_shared_reply_has_no_tone_menu(team: Team) -> None:
    reply = team.ask("/latent shift a thick rope + for towing")
    assert team.workspace.click(team.ada, reply, "Share in channel").ok
    (shared,) = team.workspace.wait(lambda: team.workspace.messages(team.channel))
    assert "towing" in shared.text
    assert "static_select" not in json.dumps(shared.blocks)
