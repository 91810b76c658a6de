"""Gaps in Slack: their visibility, their counts, and the privacy of questions."""

from datetime import UTC, datetime
from pathlib import Path

from tests.fake_slack import Workspace
from tests.slack.team import Team, serving
from tests.slack.writing import filled
from tests.unit.bot.slack import dangers

EVER = datetime(2020, 1, 1, tzinfo=UTC)
MODES = ["http"]


def wait_for_questions(team: Team, questions: int) -> None:
    """Wait until the log, which is written after the answers, has this many questions."""
    team.workspace.wait(lambda: len(team.store.ledger.usage_stats.missed(EVER)) >= questions)


def test_gaps_are_listed_and_can_be_defined(team: Team) -> None:
    team.ask("/define capstan")
    team.ask("/define the capstan", team.ben)
    team.ask("/define <!channel> halyard", team.ben)
    wait_for_questions(team, 3)
    reply = team.ask("/near-admin gaps 7d")
    assert reply.text.startswith("In the last 7 days, 3 questions from 2 people found nothing")
    assert "Capstan: 2 questions from 2 people" in reply.text
    assert reply.buttons == ["Define this", "Define this"]
    assert dangers(reply.blocks) == []
    assert team.ben.name not in str(reply.blocks)
    assert team.ben.id not in str(reply.blocks)
    assert team.workspace.click(team.ada, reply, "Define this").ok
    assert filled(team, team.ada, term="Capstan").title == "Add to the glossary"
    assert not team.workspace.messages(team.channel)


def test_gaps_are_not_counted_if_questions_are_not_stored(workspace: Workspace, data: Path) -> None:
    with serving(workspace, data, retention_days=0) as team:
        team.ask("/define capstan")
        reply = team.ask("/near-admin gaps").text
        assert reply == "Questions are not stored.\nSet NEARSAY_RETENTION_DAYS to store them."


def test_private_questions_are_listed_only_with_consent(team: Team) -> None:
    secret = team.workspace.add_channel("secret", [team.ben], private=True)
    assert team.workspace.command(team.ben, secret, "/define", "capstan").ok
    team.ask("/define halyard", team.ben)
    team.quiet()
    wait_for_questions(team, 1)
    reply = team.ask("/near-admin gaps")
    assert "1 question from 1 person" in reply.text
    assert "apstan" not in str(reply.blocks)
    stats = team.ask("/near-admin stats").text
    assert stats.startswith("In the last 30 days: 2 questions from 1 person")
    assert "Answered: 0% (0 of 2)" in stats
