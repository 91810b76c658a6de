"""Everybody suggests, the glossary's owners decide, and the one who suggested is told."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.manifest import ADD_ENTRY
from index.entry import Entry
from index.reindex import Content, reindex
from index.store import Store
from tests.scenarios.slack.conftest import LIMITS, Team, serving
from tests.scenarios.slack.views import modal, press, shown
from tests.scenarios.slack.writing import (
    CAPSTAN,
    direct,
    fill,
    previewed,
    submit,
    type_command,
    values_of,
)
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder
from tests.workspace import Message, View, Workspace, payloads
from tests.workspace.model import elements_in

pytestmark = pytest.mark.usefixtures("hurried")

once = pytest.mark.parametrize("mode", ["http"])


def suggested(team: Team, **changes: str) -> View:
    """What ben is told when he has suggested a definition of a term that he did not find."""
    reply = team.ask("/define capstan", team.ben)
    assert team.workspace.click(team.ben, reply, "Suggest a definition").ok
    view = modal(team, team.ben, "Suggest a definition")
    view = team.workspace.wait(
        lambda: next((v for v in team.workspace.views(team.ben) if values_of(v)), None)
    )
    assert values_of(view)["term"] == "capstan"
    submit(team, team.ben, previewed(team, team.ben, view, CAPSTAN | changes))
    return modal(team, team.ben, "is with those who look after the glossary")


def review(team: Team) -> Message:
    """The message that asks ada to decide."""
    return direct(team, team.ada, "suggests a definition")


def decided(team: Team, message: Message, containing: str) -> Message:
    """The message of a review, once it says what was decided."""

    def found() -> Message | None:
        there = team.workspace.messages(message.channel)
        now = next(one for one in there if one.ts == message.ts)
        return now if containing in now.text else None

    return team.workspace.wait(found, seconds=20)


def test_an_unknown_term_is_suggested_approved_and_found(team: Team) -> None:
    suggested(team)
    asks = review(team)
    assert asks.buttons == ["Approve", "Edit", "Decline"]
    told = json.dumps(asks.blocks)
    for part in ("ben suggests", "An upright drum", "Who turns a capstan?", "Hawser"):
        assert part in told
    assert team.workspace.click(team.ada, asks, "Approve").ok
    done = decided(team, asks, "Approved by ada")
    assert done.buttons == []
    assert "live in g000002" in done.text
    told_ben = direct(team, team.ben, "is in the glossary")
    assert "Capstan" in told_ben.text
    assert "Capstan" in team.ask("/near an upright drum that sailors turn", team.ben).text


def test_a_suggestion_is_declined_with_a_reason(team: Team) -> None:
    suggested(team)
    asks = review(team)
    assert team.workspace.click(team.ada, asks, "Decline").ok
    view = modal(team, team.ada, "Decline a suggestion")
    delivery = team.workspace.submit(
        team.ada, view, {"decline_reason": "It is <!channel> & there as a winch."}
    )
    assert delivery.ok, delivery.messages
    done = decided(team, asks, "Declined by ada")
    assert done.buttons == []
    told = direct(team, team.ben, "was declined")
    for text in (done.text, told.text):
        assert "It is &lt;!channel&gt; &amp; there as a winch." in text
    assert "There is no entry" in team.ask("/define capstan").text


@once
def test_a_suggestion_is_mended_before_it_is_approved(team: Team) -> None:
    suggested(team)
    asks = review(team)
    assert team.workspace.click(team.ada, asks, "Edit").ok
    view = modal(team, team.ada, "A suggestion")
    view = team.workspace.wait(
        lambda: next((v for v in team.workspace.views(team.ada) if values_of(v)), None)
    )
    assert values_of(view)["definition"] == CAPSTAN["definition"]
    preview = previewed(team, team.ada, view, {"definition": "A drum on deck."})
    assert preview.content["submit"]["text"] == "Approve"
    submit(team, team.ada, preview)
    decided(team, asks, "Approved by ada")
    direct(team, team.ben, "is in the glossary")
    assert "A drum on deck." in team.ask("/define capstan").text


@once
def test_who_decides_second_is_told_who_decided_first(team: Team) -> None:
    suggested(team)
    asks = review(team)
    assert team.workspace.click(team.ada, asks, "Approve").ok
    decided(team, asks, "Approved by ada")
    direct(team, team.ben, "is in the glossary")
    dm = team.workspace.dm(team.ada)
    for label in ("Approve", "Decline", "Edit"):
        press_again(team, asks, label)
        if label == "Approve":
            told = team.workspace.wait(lambda: team.workspace.ephemerals(team.ada, dm))[-1].text
        elif label == "Decline":
            view = modal(team, team.ada, "Decline a suggestion")
            assert team.workspace.submit(team.ada, view, {"decline_reason": "late"}).ok
            told = shown(modal(team, team.ada, "Not saved"))
        else:
            told = shown(modal(team, team.ada, "Approved by"))
        assert team.ada.id in told
        assert "pproved" in told
    said = [m for m in team.workspace.messages(team.workspace.dm(team.ben)) if m.bot_id]
    assert len(said) == 1, "ben is told once"


def press_again(team: Team, message: Message, label: str) -> None:
    """Presses a button of a message as it was, as somebody does who has an old one open."""
    button = next(
        item
        for item in elements_in(message.blocks)
        if item["type"] == "button" and item["text"]["text"] == label
    )
    payload = {
        "type": "block_actions",
        "user": {"id": team.ada.id, "name": "ada"},
        "channel": {"id": message.channel},
        "message": {"ts": message.ts, "text": message.text},
        "trigger_id": team.workspace.state.new_trigger(team.ada.id, 3),
        "response_url": response_url(team, message),
        "actions": [button],
    }
    delivery = team.workspace.send(
        "interactive", "block_actions", payload, team.ada, message.channel
    )
    assert delivery.ok, delivery.error


def response_url(team: Team, message: Message) -> str:
    channel = team.workspace.state.channels[message.channel]
    found = team.workspace.state.find(message.channel, message.ts)
    return payloads.new_response_url(team.workspace, team.ada, channel, found)


@once
def test_reviews_are_in_their_channel_where_one_is_set(
    harbour_directory: Path, tmp_path: Path, mode: str
) -> None:
    shutil.copytree(harbour_directory, tmp_path / "data")
    with Workspace(mode=mode, settings=LIMITS) as workspace:  # type: ignore[arg-type]
        channel = workspace.add_channel("reviews")
        with serving(workspace, tmp_path / "data", review_channel=channel.id) as team:
            channel.members += [team.ada.id, team.ben.id]
            suggested(team)
            (asks,) = workspace.wait(lambda: workspace.messages(channel))
            assert not [m for m in workspace.messages(workspace.dm(team.ada)) if m.bot_id]
            before = len(workspace.ephemerals(team.ben, channel))
            assert workspace.click(team.ben, asks, "Approve").ok
            told = workspace.wait(lambda: workspace.ephemerals(team.ben, channel)[before:])
            assert "Only admins" in told[0].text
            assert workspace.click(team.ada, asks, "Approve").ok
            assert "live in g000002" in decided(team, asks, "Approved by ada").text


@once
def test_a_channel_that_nobody_invited_the_bot_to_leaves_reviews_to_the_admins(
    harbour_directory: Path, tmp_path: Path, mode: str
) -> None:
    shutil.copytree(harbour_directory, tmp_path / "data")
    with Workspace(mode=mode, settings=LIMITS) as workspace:  # type: ignore[arg-type]
        channel = workspace.add_channel("reviews", bot=False)
        with serving(workspace, tmp_path / "data", review_channel=channel.id) as team:
            suggested(team)
            assert review(team).buttons == ["Approve", "Edit", "Decline"]
            assert not workspace.messages(channel)


@once
def test_the_shortcut_is_a_suggestion_for_who_is_no_admin(team: Team) -> None:
    assert team.workspace.shortcut(team.ben, ADD_ENTRY).ok
    view = team.workspace.wait(
        lambda: next((v for v in team.workspace.views(team.ben) if values_of(v)), None)
    )
    assert view.title == "Suggest a definition"
    preview = previewed(team, team.ben, view, CAPSTAN)
    assert preview.content["submit"]["text"] == "Send"
    submit(team, team.ben, preview)
    assert "ben suggests" in review(team).text


@once
@pytest.mark.parametrize(
    ("line", "term"), [("/near purple", "purple"), ("/near how do I cook a chicken?", "")]
)
def test_where_nothing_is_near_a_definition_can_be_suggested(
    team: Team, line: str, term: str
) -> None:
    reply = team.ask(line, team.ben)
    assert reply.text.startswith("Nothing is near")
    assert team.workspace.click(team.ben, reply, "Suggest a definition").ok
    view = team.workspace.wait(
        lambda: next((v for v in team.workspace.views(team.ben) if values_of(v)), None)
    )
    assert values_of(view)["term"] == term


@once
def test_what_waits_is_listed_with_a_way_to_it(team: Team) -> None:
    suggested(team)
    review(team)
    reply = team.ask("/near-admin suggestions")
    assert "Capstan" in json.dumps(reply.blocks)
    assert team.workspace.click(team.ada, reply, "Review").ok
    assert "A suggestion" in shown(modal(team, team.ada, "Definition"))


@once
def test_a_suggestion_that_is_not_right_yet_is_a_draft(team: Team) -> None:
    assert team.workspace.shortcut(team.ben, ADD_ENTRY).ok
    view = team.workspace.wait(
        lambda: next((v for v in team.workspace.views(team.ben) if values_of(v)), None)
    )
    submit(team, team.ben, view, CAPSTAN | {"term": "Dock"})
    (view,) = team.workspace.views(team.ben)
    assert view.errors
    team.workspace.close(team.ben, view)
    assert team.workspace.shortcut(team.ben, ADD_ENTRY).ok
    again = modal(team, team.ben, 'unsaved draft of "Dock"')
    press(team, team.ben, again, "Use it")
    again = team.workspace.wait(
        lambda: next(
            (v for v in team.workspace.views(team.ben) if values_of(v).get("term") == "Dock"), None
        )
    )
    fill(team, team.ben, again, {"term": "Drydock"})
    submit(team, team.ben, previewed(team, team.ben, again, {}))
    assert "Drydock" in review(team).text


WORDS = ("rope", "mast", "sail", "hull", "deck", "keel", "oar", "rudder", "cargo", "tide")


def thousand() -> Iterator[Entry]:
    """A thousand entries."""
    yield from harbour()
    for at in range(988):
        first, second, third = WORDS[at % 10], WORDS[at // 10 % 10], WORDS[at // 100]
        yield Entry(
            id=f"thing-{at}",
            term=f"{first} {second} {third} {at}",
            definition=f"A {first} for the {second} of number {at}, kept near the {third}.",
            category=first.capitalize(),
            source="harbour",
        )


@once
def test_the_whole_way_takes_less_than_ten_seconds_with_a_thousand_entries(
    tmp_path: Path, mode: str
) -> None:
    store = Store(tmp_path / "data")
    reindex(store, Content(list(thousand())), ToyEmbedder())
    store.close()
    with (
        Workspace(mode=mode, settings=LIMITS) as workspace,  # type: ignore[arg-type]
        serving(workspace, tmp_path / "data") as team,
    ):
        began = time.monotonic()
        suggested(team)
        assert team.workspace.click(team.ada, review(team), "Approve").ok
        direct(team, team.ben, "is in the glossary")
        assert "Capstan" in team.ask("/near an upright drum that sailors turn", team.ben).text
        assert time.monotonic() - began < 10
        type_command(team, "/near-admin undo Capstan", team.ada)
        team.workspace.wait(
            lambda: "no entry" in team.ask("/define capstan").text or None, seconds=10
        )
