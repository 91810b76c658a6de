"""Maps in Slack: the recipient of the picture, and the reply if it cannot be sent."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.ops.rate_limit import UNDER_WAY
from bot.slack.handlers.maps import MapHandler
from bot.slack.queue.intake import SHARED
from tests.fake_slack import Channel, Message
from tests.slack.talking import answers, new_channel
from tests.slack.team import Team

HERE = "The picture is in this conversation."
NOT_A_MEMBER = "Nearsay is not a member here, so the picture was sent to the user who asked."
DIRECT = "The picture was sent to you as a direct message."

DRAWING = UNDER_WAY["map"]
MODES = ["http"]


def pictures(team: Team, channel: Channel) -> list[Message]:
    """Return the messages in a channel that have a file."""
    return [message for message in team.workspace.messages(channel) if message.files]


def ask(team: Team, channel: Channel, text: str) -> Message:
    """Ask for a map in a channel, and wait for ada's ephemeral reply."""
    before = len(team.workspace.ephemerals(team.ada, channel))
    assert team.workspace.command(team.ada, channel, "/latent", f"map {text}").ok
    return team.next_ephemeral(team.ada, before, channel)


def map_files(team: Team) -> list[Path]:
    return list((team.store.directory / "maps").glob("*.png"))


def test_map_is_sent_as_a_direct_message_to_its_user(team: Team) -> None:
    channel = new_channel(team)
    reply = ask(team, channel, "Anchor | Buoy theme=dark")
    assert DIRECT in reply.text
    assert '"Anchor" and "Buoy" on the map' in reply.text
    assert "Ground tackle (4): " in reply.text
    direct = team.workspace.dm(team.ada)
    (message,) = team.workspace.wait(lambda: pictures(team, direct))
    team.workspace.wait(lambda: len(team.workspace.messages(direct)) == 1)
    assert message.text == '"Anchor" and "Buoy" on the map'
    file = team.workspace.state.files[message.files[0]["id"]]
    assert file.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert file.alt_text.startswith("A map. ")
    assert not team.workspace.messages(channel)
    assert not map_files(team)


def test_shared_map_is_posted_to_the_channel_once(team: Team) -> None:
    channel = new_channel(team)
    reply = ask(team, channel, "Anchor")
    assert team.workspace.click(team.ada, reply, "Share in channel").ok
    (message,) = team.workspace.wait(lambda: pictures(team, channel), seconds=15)
    assert "requested by ada" in message.text
    assert team.pressed(team.ada, reply, "Share in channel").text == SHARED
    team.quiet()
    assert len(pictures(team, channel)) == 1


def test_sharing_a_map_without_membership_shares_only_text(team: Team) -> None:
    reply = ask(team, team.channel, "Anchor")
    assert team.workspace.click(team.ada, reply, "Share in channel").ok
    (shared,) = team.workspace.wait(lambda: team.workspace.messages(team.channel), seconds=15)
    assert NOT_A_MEMBER in shared.text


def test_map_request_is_acknowledged_at_once(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = threading.Event()
    send = MapHandler.send

    def slow(*args: Any, **others: Any) -> str:
        assert drawn.wait(10)
        return send(*args, **others)

    monkeypatch.setattr(MapHandler, "send", slow)
    assert team.workspace.command(team.ada, team.channel, "/latent", "map Anchor").ok
    notices = team.workspace.wait(lambda: team.workspace.ephemerals(team.ada, team.channel))
    assert [notice.text for notice in notices] == [DRAWING]
    crew = new_channel(team)
    team.workspace.say(team.ben, crew, f"{team.workspace.mention} latent map Anchor")
    whispered = team.workspace.wait(lambda: team.workspace.ephemerals(team.ben, crew), seconds=5)
    assert [message.text for message in whispered] == [DRAWING]
    drawn.set()
    team.workspace.wait(lambda: team.workspace.ephemerals(team.ada, team.channel)[1:], seconds=10)


def test_map_of_all_entries_shows_neighbourhoods_and_buttons(team: Team) -> None:
    reply = ask(team, new_channel(team), "")
    assert "The map: 12 entries" in reply.text
    actions = [e for b in reply.blocks if b["type"] == "actions" for e in b["elements"]]
    assert [e for e in actions if e["action_id"].startswith("open_entry")]
    hop = next(e for e in actions if e["action_id"].startswith("near_"))
    assert team.workspace.click(team.ada, reply, hop["text"]["text"]).ok


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("anchor theme=blue", "theme=blue: the theme must be light or dark."),
        ("to=channel", "to=channel: use to=me"),
        ("in=nosuch", 'There is no category or neighbourhood "nosuch".'),
    ],
)
def test_invalid_map_command_gets_no_notice_and_no_picture(
    team: Team, text: str, problem: str
) -> None:
    channel = new_channel(team)
    assert problem in ask(team, channel, text).text
    root = team.workspace.say(team.ada, channel, f"{team.workspace.mention} latent map {text}")
    assert problem in answers(team, root)[0].text
    assert len(team.workspace.ephemerals(team.ada, channel)) == 1
    assert not team.workspace.calls("files.getUploadURLExternal")


@pytest.mark.parametrize(
    ("method", "error", "expected"),
    [
        ("files.getUploadURLExternal", "missing_scope", "the app lacks the scope files:write"),
        ("files.completeUploadExternal", "ratelimited", "Slack rejected it (ratelimited)"),
    ],
)
def test_failed_upload_is_reported_with_the_map_as_text(
    team: Team, method: str, error: str, expected: str
) -> None:
    channel = new_channel(team)
    team.workspace.fault(method, error=error, times=5)
    reply = ask(team, channel, "Anchor")
    assert expected in reply.text
    assert "Ground tackle (4)" in reply.text
    assert not pictures(team, channel)
    assert not map_files(team)


def test_compared_entries_can_be_shown_on_the_map(team: Team) -> None:
    reply = team.pressed(team.ada, team.ask("/latent compare Anchor | Buoy"), "On the map").text
    assert '"Anchor" and "Buoy" on the map' in reply
    assert DIRECT in reply
    assert team.workspace.wait(lambda: pictures(team, team.workspace.dm(team.ada)))


def test_map_requested_in_a_thread_is_posted_there(team: Team) -> None:
    channel = new_channel(team)
    asked = team.workspace.say(team.ada, channel, f"{team.workspace.mention} latent map Anchor")

    def replies() -> list[Message]:
        return [one for one in team.workspace.replies(asked) if one.ts != asked.ts]

    team.workspace.wait(lambda: len(replies()) > 1, seconds=15)
    assert [message for message in replies() if message.files]
    assert any(HERE in json.dumps(message.blocks) for message in replies())
