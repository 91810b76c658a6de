"""What people could not find, in Slack: who sees it, what is counted, and what stays private."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fake_slack import Workspace
from tests.slack.conftest import Team, serving
from tests.slack.test_admin import Desk, indexed, mode, who, words
from tests.unit.bot.slack import dangers

__all__ = ["indexed", "mode", "words"]

EVER = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def desk(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[Desk]:
    with serving(workspace, tmp_path / "data") as team:
        yield Desk(team, workspace.add_channel("crew", [team.ada, team.ben]))


def kept(team: Team, questions: int) -> None:
    """Waits until so many questions are kept: that is done behind the answers."""
    team.workspace.wait(lambda: len(team.store.ledger.figures.missed(EVER)) >= questions)


def test_gaps_are_gathered_and_can_be_defined(desk: Desk) -> None:
    team = desk.team
    desk.told("/define capstan")
    desk.told("/define the capstan", team.ben)
    desk.told("/define <!channel> halyard", team.ben)
    kept(team, 3)
    told = desk.told("/near-admin gaps 7d")
    assert told.startswith("In the last 7 days 3 questions of 2 people found nothing")
    assert "Capstan: 2 questions of 2 people" in told
    message = desk.alone()[-1]
    assert message.buttons == ["Define this", "Define this"]
    assert dangers(message.blocks) == []
    assert team.ben.name not in str(message.blocks)
    assert team.ben.id not in str(message.blocks)
    assert team.workspace.click(team.ada, message, "Define this").ok
    assert not team.workspace.messages(desk.crew)


def test_what_was_asked_in_private_is_told_only_with_consent(desk: Desk) -> None:
    team = desk.team
    secret = team.workspace.add_channel("secret", [team.ada, team.ben], private=True)
    desk.told("/define capstan", team.ben, secret)
    desk.told("/define halyard", team.ben)
    kept(team, 1)
    told = desk.told("/near-admin gaps")
    assert "1 question of 1 person" in told
    assert "apstan" not in str(desk.alone()[-1].blocks)
    stats = desk.told("/near-admin stats")
    assert stats.startswith("In the last 30 days: 2 questions of 1 person")
    assert "Answered: 0% (0 of 2)" in stats


def test_who_is_no_admin_sees_neither_by_command_nor_by_a_forged_button(desk: Desk) -> None:
    team = desk.team
    desk.told("/define capstan")
    kept(team, 1)
    for line in ("gaps", "stats"):
        assert "Only admins" in desk.told(f"/near-admin {line}", team.ben)
        desk.noted(who(team.ben), line, "refused", "g000001")
    desk.told("/near-admin gaps")
    message = desk.alone()[-1]
    for action in ("define_0", "more", "share"):
        before = len(desk.alone(team.ben))
        assert team.workspace.forge(team.ben, message, action, "/near-admin gaps").ok
        assert "apstan" not in str([one.blocks for one in desk.alone(team.ben)[before:]])
    assert "Admin commands" in said(desk, "near-admin gaps")


def said(desk: Desk, text: str) -> str:
    """What the bot answers to an admin's command in a direct message."""
    team = desk.team
    direct = team.workspace.dm(team.ada)
    team.workspace.say(team.ada, direct, text)
    return team.workspace.wait(lambda: team.workspace.messages(direct)[1:], seconds=10)[0].text
