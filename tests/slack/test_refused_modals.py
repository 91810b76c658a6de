"""Modals that Slack refuses to open or to fill: who asked is told, and it is tried once more."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.handlers.modals import NOT_FILLED, NOT_OPENED, WENT_WRONG
from bot.slack.manifest import ASK_NEARSAY
from tests.fake_slack.model import elements_in
from tests.slack.conftest import Team
from tests.slack.views import modal, shown


@pytest.fixture(scope="module")
def mode() -> str:
    return "http"


def press_open(team: Team) -> None:
    """Presses "Open" under a reply."""
    assert team.workspace.click(team.ada, team.ask("/near thick rope for towing"), "Open Hawser").ok


def told(team: Team, text: str) -> int:
    """How often ada was told something: in the channel alone, or in a direct message."""
    direct = team.workspace.messages(team.workspace.dm(team.ada))
    alone = team.workspace.ephemerals(team.ada, team.channel)
    return [message.text for message in (*direct, *alone)].count(text)


@pytest.mark.parametrize(
    "fault", [{"status": 429, "retry_after": 1}, {"status": 503}, {"status": 500}], ids=str
)
def test_a_modal_that_is_refused_for_a_moment_opens_at_the_second_try(
    team: Team, fault: dict[str, Any]
) -> None:
    refused = team.workspace.fault("views.open", **fault)
    press_open(team)
    assert "Hawser" in shown(modal(team, team.ada, "A thick rope for mooring"))
    assert refused.hits == 1


@pytest.mark.parametrize(
    "fault",
    [{"error": "expired_trigger_id"}, {"status": 503}, {"status": 429, "retry_after": 3600}],
    ids=str,
)
def test_who_pressed_is_told_that_slack_opened_nothing(team: Team, fault: dict[str, Any]) -> None:
    before = told(team, NOT_OPENED)
    with team.workspace.fault("views.open", times=None, **fault) as refused:
        press_open(team)
        team.workspace.wait(lambda: told(team, NOT_OPENED) > before, seconds=5)
        assert 1 <= refused.hits <= 2
    assert not team.workspace.views(team.ada)


def test_a_shortcut_that_opens_nothing_is_told_in_a_direct_message(team: Team) -> None:
    team.workspace.fault("views.open", error="expired_trigger_id")
    assert team.workspace.shortcut(team.ben, ASK_NEARSAY).ok
    direct = team.workspace.dm(team.ben)
    team.workspace.wait(
        lambda: [m for m in team.workspace.messages(direct) if m.text == NOT_OPENED], seconds=5
    )


@pytest.mark.parametrize(
    "fault",
    [{"status": 429, "retry_after": 3600}, {"status": 502}, {"error": "internal_error"}],
    ids=str,
)
def test_a_modal_that_cannot_be_filled_for_long_is_filled_in_the_end(
    team: Team, fault: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.api_errors.PATIENCE", 0.3)
    monkeypatch.setattr("bot.slack.queue.retry.LONGEST", 0.3)
    before = told(team, NOT_FILLED)
    outage = team.workspace.fault("views.update", times=None, **fault)
    press_open(team)
    team.workspace.wait(lambda: told(team, NOT_FILLED) > before, seconds=10)
    assert "Looking it up" in shown(team.workspace.views(team.ada)[0])
    team.workspace.wait(lambda: outage.hits >= 4, seconds=10)
    outage.clear()
    assert "Hawser" in shown(modal(team, team.ada, "A thick rope for mooring"))


def test_a_modal_whose_content_fails_says_so(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("bot.slack.handlers.modals.modal_of", fail)
    press_open(team)
    assert "Looking it up" not in shown(modal(team, team.ada, WENT_WRONG))


def test_while_the_bot_stops_no_modal_opens_that_nothing_would_fill(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = team.ask("/near thick rope for towing")
    assert team.workspace.shortcut(team.ada, ASK_NEARSAY).ok
    view = modal(team, team.ada, "Ask in your own words")
    before = told(team, NOT_OPENED)
    monkeypatch.setattr(team.service._work, "stopping", True)
    (line,) = [item for item in elements_in(view.blocks) if item["type"] == "plain_text_input"]
    assert team.workspace.submit(team.ada, view, {line["block_id"]: "what is a hawser?"}).ok
    assert "Something went wrong here" in shown(modal(team, team.ada, "what is a hawser?"))
    team.workspace.close(team.ada, team.workspace.views(team.ada)[0], everything=True)
    assert team.workspace.click(team.ada, reply, "Open Hawser").ok
    team.workspace.wait(lambda: told(team, NOT_OPENED) > before, seconds=5)
    assert not team.workspace.views(team.ada)
