"""Socket Mode: a lost socket is replaced, and nothing is lost with it."""

from __future__ import annotations

import time

import pytest

from tests.scenarios.slack.conftest import Team


@pytest.fixture
def mode() -> str:
    return "socket"


def test_after_an_abrupt_drop_the_bot_answers_again_within_five_seconds(team: Team) -> None:
    assert "Hawser" in team.ask("/near thick rope for towing").text
    started = time.monotonic()
    opened = team.workspace.sockets_opened
    team.workspace.drop_sockets()
    team.workspace.wait(lambda: team.workspace.sockets_opened > opened, seconds=5)
    assert "Hawser" in team.ask("/near thick rope for towing").text
    assert time.monotonic() - started < 5


def test_after_a_disconnect_warning_nothing_is_lost(team: Team) -> None:
    team.workspace.disconnect("warning", close_after=1.0)
    for n in range(1, 7):
        assert "Hawser" in team.ask(f"/near thick rope for towing {n}").text
        time.sleep(0.3)
    team.workspace.wait(lambda: team.workspace.sockets, seconds=12)
    assert "Hawser" in team.ask("/near thick rope for towing, again").text
    assert len(team.workspace.ephemerals(team.ada, team.channel)) == 7


def test_readiness_follows_the_socket(team: Team) -> None:
    team.workspace.refuse_sockets()
    team.workspace.drop_sockets()
    team.workspace.wait(lambda: not team.service.ready, seconds=10)
    team.workspace.refuse_sockets(refuse=False)
    team.workspace.wait(lambda: team.service.ready, seconds=15)
