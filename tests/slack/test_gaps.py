"""Gaps in Slack: their visibility, their counts, and the privacy of questions."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fake_slack import Workspace
from tests.slack.conftest import Team, serving
from tests.slack.test_admin import AdminTeam, indexed, mode, words
from tests.unit.bot.slack import dangers

__all__ = ["indexed", "mode", "words"]

EVER = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def admins(workspace: Workspace, words: Path, tmp_path: Path) -> Iterator[AdminTeam]:
    with serving(workspace, tmp_path / "data") as team:
        yield AdminTeam(team, workspace.add_channel("crew", [team.ada, team.ben]))


def wait_for_questions(team: Team, questions: int) -> None:
    """Wait until the log, which is written after the answers, has this many questions."""
    team.workspace.wait(lambda: len(team.store.ledger.usage_stats.missed(EVER)) >= questions)


def test_gaps_are_listed_and_can_be_defined(admins: AdminTeam) -> None:
    team = admins.team
    admins.ephemeral_reply("/define capstan")
    admins.ephemeral_reply("/define the capstan", team.ben)
    admins.ephemeral_reply("/define <!channel> halyard", team.ben)
    wait_for_questions(team, 3)
    reply = admins.ephemeral_reply("/near-admin gaps 7d")
    assert reply.startswith("In the last 7 days, 3 questions from 2 people found nothing")
    assert "Capstan: 2 questions from 2 people" in reply
    message = admins.ephemerals()[-1]
    assert message.buttons == ["Define this", "Define this"]
    assert dangers(message.blocks) == []
    assert team.ben.name not in str(message.blocks)
    assert team.ben.id not in str(message.blocks)
    assert team.workspace.click(team.ada, message, "Define this").ok
    assert not team.workspace.messages(admins.crew)


def test_private_questions_are_listed_only_with_consent(admins: AdminTeam) -> None:
    team = admins.team
    secret = team.workspace.add_channel("secret", [team.ada, team.ben], private=True)
    admins.ephemeral_reply("/define capstan", team.ben, secret)
    admins.ephemeral_reply("/define halyard", team.ben)
    wait_for_questions(team, 1)
    reply = admins.ephemeral_reply("/near-admin gaps")
    assert "1 question from 1 person" in reply
    assert "apstan" not in str(admins.ephemerals()[-1].blocks)
    stats = admins.ephemeral_reply("/near-admin stats")
    assert stats.startswith("In the last 30 days: 2 questions from 1 person")
    assert "Answered: 0% (0 of 2)" in stats


def test_non_admin_cannot_see_gaps_by_a_forged_button(admins: AdminTeam) -> None:
    team = admins.team
    admins.ephemeral_reply("/define capstan")
    wait_for_questions(team, 1)
    admins.ephemeral_reply("/near-admin gaps")
    message = admins.ephemerals()[-1]
    for action in ("define_0", "more", "share"):
        before = len(admins.ephemerals(team.ben))
        assert team.workspace.forge(team.ben, message, action, "/near-admin gaps").ok
        assert "apstan" not in str([one.blocks for one in admins.ephemerals(team.ben)[before:]])
