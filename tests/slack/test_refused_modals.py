"""Modals that Slack refuses to open or update: one retry, then a message to the user."""

from typing import Any

import pytest

from bot.slack.handlers.modals import NOT_FILLED, NOT_OPENED, STOPPING
from bot.slack.manifest import ASK_NEARSAY
from bot.slack.views.modal import WENT_WRONG
from tests.fake_slack.model import Message, elements_in
from tests.slack.team import Team
from tests.slack.views import modal, opened_home, press, shown

MODES = ["http"]


def press_open(team: Team) -> None:
    """Press "Open" under a reply."""
    assert team.workspace.click(team.ada, team.ask("/near Hawser"), "Open Hawser").ok


def notices(team: Team, text: str) -> int:
    """Count the notices sent to ada, ephemeral in the channel or as direct messages."""
    direct = team.workspace.messages(team.workspace.dm(team.ada))
    alone = team.workspace.ephemerals(team.ada, team.channel)
    return [message.text for message in (*direct, *alone)].count(text)


def test_modal_opens_on_the_second_attempt(team: Team) -> None:
    refused = team.workspace.fault("views.open", status=500)
    press_open(team)
    assert "Hawser" in shown(modal(team, team.ada, "A thick rope for mooring"))
    assert refused.hits == 1


@pytest.mark.parametrize(
    "fault",
    [{"error": "expired_trigger_id"}, {"status": 503}, {"status": 429, "retry_after": 3600}],
    ids=str,
)
def test_refused_modal_is_reported_to_its_user(team: Team, fault: dict[str, Any]) -> None:
    before = notices(team, NOT_OPENED)
    with team.workspace.fault("views.open", times=None, **fault) as refused:
        press_open(team)
        team.workspace.wait(lambda: notices(team, NOT_OPENED) > before, seconds=5)
        assert 1 <= refused.hits <= 2
    assert not team.workspace.views(team.ada)


def test_refused_shortcut_modal_is_reported_in_a_direct_message(team: Team) -> None:
    team.workspace.fault("views.open", error="expired_trigger_id")
    assert team.workspace.shortcut(team.ben, ASK_NEARSAY).ok
    direct = team.workspace.dm(team.ben)
    team.workspace.wait(
        lambda: [m for m in team.workspace.messages(direct) if m.text == NOT_OPENED], seconds=5
    )


@pytest.mark.parametrize(
    "fault",
    [{"status": 429, "retry_after": 3600}, {"error": "internal_error"}],
    ids=str,
)
def test_modal_update_is_retried_until_it_succeeds(
    team: Team, fault: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.api_errors.MAX_RETRY_AFTER_S", 0.3)
    monkeypatch.setattr("bot.slack.queue.retry.LONGEST", 0.3)
    before = notices(team, NOT_FILLED)
    outage = team.workspace.fault("views.update", times=None, **fault)
    press_open(team)
    team.workspace.wait(lambda: notices(team, NOT_FILLED) > before, seconds=10)
    assert "Looking it up" in shown(team.workspace.views(team.ada)[0])
    team.workspace.wait(lambda: outage.hits >= 4, seconds=10)
    outage.clear()
    assert "Hawser" in shown(modal(team, team.ada, "A thick rope for mooring"))


def test_modal_shows_an_error_if_building_the_view_fails(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("bot.slack.handlers.modals.modal_of", fail)
    press_open(team)
    assert "Looking it up" not in shown(modal(team, team.ada, WENT_WRONG))


def test_notice_of_a_refused_modal_has_a_button_that_opens_it(team: Team) -> None:
    team.workspace.fault("views.open", error="expired_trigger_id")
    press_open(team)
    notice = team.workspace.wait(lambda: refused_notice(team), seconds=5)
    assert notice.buttons == ["Try again"]
    assert team.workspace.click(team.ada, notice, "Try again").ok
    assert "Hawser" in shown(modal(team, team.ada, "A thick rope for mooring"))


def refused_notice(team: Team) -> Message | None:
    """Return the latest notice in the channel to ada, if it is of a modal that was not opened."""
    latest = team.workspace.ephemerals(team.ada, team.channel)[-1]
    return latest if latest.text == NOT_OPENED else None


@pytest.mark.one_bot  # stops only the bot of this process
def test_button_in_a_view_is_refused_with_a_notice_during_shutdown(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    press_open(team)
    entry = modal(team, team.ada, "A thick rope for mooring")
    start = opened_home(team, team.ada)
    monkeypatch.setattr(team.service._work, "stopping", True)
    before = notices(team, STOPPING)
    press(team, team.ada, entry, "What's near it?")
    press(team, team.ada, start, "Show all 12 terms")
    team.workspace.wait(lambda: notices(team, STOPPING) == before + 2, seconds=5)


@pytest.mark.one_bot  # stops only the bot of this process
def test_no_modal_opens_during_shutdown(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    reply = team.ask("/near Hawser")
    assert team.workspace.shortcut(team.ada, ASK_NEARSAY).ok
    view = modal(team, team.ada, "Ask in your own words")
    before = notices(team, STOPPING)
    monkeypatch.setattr(team.service._work, "stopping", True)
    (line,) = [item for item in elements_in(view.blocks) if item["type"] == "plain_text_input"]
    assert team.workspace.submit(team.ada, view, {line["block_id"]: "what is a hawser?"}).ok
    assert "Something went wrong in Nearsay" in shown(modal(team, team.ada, "what is a hawser?"))
    team.workspace.close(team.ada, team.workspace.views(team.ada)[0], everything=True)
    assert team.workspace.click(team.ada, reply, "Open Hawser").ok
    team.workspace.wait(lambda: notices(team, STOPPING) > before, seconds=5)
    assert not team.workspace.views(team.ada)
