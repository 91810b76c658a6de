"""Exploring the space in Slack, in both modes."""

from __future__ import annotations

import json

import pytest

from tests.scenarios.slack.conftest import Team


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("compare Anchor | Buoy", '"Anchor" and "Buoy": '),
        ("compare anchor | buoy | crane", "The nearest two are "),
        ("path Anchor -> Buoy", 'From "Anchor" to "Buoy" in '),
        ("wander anchor t=0.5 seed=3", 'A walk from "anchor" at temperature 0.5'),
        ("odd anchor, buoy, crane", " is the odd one out"),
        ("blend anchor + buoy - crane", 'Near "anchor + buoy - crane"'),
        ("models a rope for the ship", 'Near "a rope for the ship" to 2 models: '),
        ("about", "12 entries in a space of 256 dimensions"),
    ],
)
def test_each_is_answered_and_what_it_names_can_be_opened(team: Team, line: str, told: str) -> None:
    reply = team.ask(f"/latent {line}")
    shown = json.dumps(reply.blocks, ensure_ascii=False).replace('\\"', '"')
    assert told in shown
    assert told in reply.text
    opened = next(
        element["text"]["text"]
        for block in reply.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"].startswith("open_entry")
    )
    assert team.workspace.click(team.ada, reply, opened).ok
    team.workspace.wait(
        lambda: [v for v in team.workspace.views(team.ada) if opened in json.dumps(v.content)]
    )


def test_a_table_stands_in_columns_of_one_width(team: Team) -> None:
    reply = team.ask("/latent compare anchor | buoy | crane")
    tables = [
        block["text"]["text"]
        for block in reply.blocks
        if block["type"] == "section" and block["text"]["text"].startswith("```")
    ]
    assert len(tables) == 1
    assert len({len(row) for row in tables[0].strip("`\n").splitlines()}) == 1


def test_the_lists_of_two_models_stand_beside_each_other(team: Team) -> None:
    reply = team.ask("/latent models a rope for the ship")
    (fields,) = [block["fields"] for block in reply.blocks if "fields" in block]
    assert [field["text"].partition("\n")[0] for field in fields] == [
        "*toy*",
        "*LSA of this index*",
    ]
    assert all(len(field["text"].splitlines()) == 11 for field in fields)
    assert "learned from the words of these" in json.dumps(reply.blocks)


def test_a_wrong_form_is_answered_with_the_right_one(team: Team) -> None:
    reply = team.ask("/latent compare anchor")
    assert "I need two texts with a bar between them." in reply.text
    assert "/latent compare bank account | river bank" in reply.text


def test_it_can_be_shared(team: Team) -> None:
    reply = team.ask("/latent compare Anchor | Buoy")
    assert team.workspace.click(team.ada, reply, "Share in channel").ok
    (shared,) = team.workspace.wait(lambda: team.workspace.messages(team.channel))
    assert '"Anchor" and "Buoy": ' in shared.text
