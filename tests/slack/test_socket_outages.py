"""Lost, silent, refused or too many sockets: the bot reconnects and is not ready meanwhile."""

import socket
import time
from typing import Any

import pytest

from tests.slack.team import Team

MODES = ["socket"]
pytestmark = pytest.mark.one_bot  # the timeouts are patched in this process


@pytest.fixture(scope="module")
def options() -> dict[str, object]:
    """Reset the backoff at once, so that no test waits for the previous one."""
    return {"constants": {"bot.slack.socket_mode.STEADY": 0.0}}


@pytest.fixture
def team(crew: Team) -> Team:
    """Provide the bot, connected by one socket."""
    crew.workspace.wait(lambda: crew.service.ready and crew.workspace.sockets == 1, 30)
    crew.renew()
    return crew


def wait_until_back(team: Team, seconds: float) -> float:
    """Wait until the bot is ready and answers; return the seconds until it was ready."""
    began = time.monotonic()
    team.workspace.wait(lambda: team.service.ready, seconds=seconds)
    took = time.monotonic() - began
    assert "Hawser" in team.ask("/near thick rope for towing").text
    return took


def test_bot_answers_within_five_seconds_of_a_lost_connection(team: Team) -> None:
    opened = team.workspace.sockets_opened
    team.workspace.drop_sockets()
    team.workspace.wait(lambda: team.workspace.sockets_opened > opened, seconds=5)
    wait_until_back(team, 5)


def test_no_delivery_is_lost_on_a_disconnect_warning(team: Team) -> None:
    team.workspace.disconnect("warning", close_after=1.0)
    for n in range(1, 7):
        assert "Hawser" in team.ask(f"/near thick rope for towing {n}").text
        time.sleep(0.3)
    team.workspace.wait(lambda: team.workspace.sockets, seconds=12)
    assert "Hawser" in team.ask("/near thick rope for towing, again").text
    assert len(team.workspace.ephemerals(team.ada, team.channel)) == 7


def test_half_open_socket_is_replaced(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.socket_mode.UNANSWERED", 1.0)
    opened = team.workspace.sockets_opened
    team.workspace.refuse_sockets()
    team.workspace.make_half_open()
    team.workspace.wait(lambda: not team.service.ready, seconds=12)
    team.workspace.refuse_sockets(refuse=False)
    wait_until_back(team, 15)
    assert team.workspace.sockets_opened > opened


def test_reconnection_backs_off_at_the_limit(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fake_slack.socket_mode.SOCKET_LIMIT", 0)
    team.workspace.drop_sockets()
    team.workspace.wait(lambda: not team.service.ready, seconds=5)
    before = len(team.workspace.calls("apps.connections.open"))
    time.sleep(4)
    assert 1 <= len(team.workspace.calls("apps.connections.open")) - before <= 5
    monkeypatch.undo()
    wait_until_back(team, 30)
    team.workspace.wait(lambda: team.workspace.sockets == 1, seconds=5)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": 10**9},
        *(
            pytest.param(fault, marks=pytest.mark.slow)
            for fault in ({"status": 503}, {"error": "internal_error"}, {"close": True})
        ),
    ],
    ids=str,
)
def test_connection_is_retried_until_it_succeeds(
    team: Team, fault: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.socket_mode.PAUSES", (0, 0.1, 0.2, 0.5))
    monkeypatch.setattr("bot.slack.api_errors.MAX_RETRY_AFTER_S", 0.5)
    outage = team.workspace.fault("apps.connections.open", times=None, **fault)
    team.workspace.drop_sockets()
    team.workspace.wait(lambda: not team.service.ready, seconds=5)
    team.workspace.wait(lambda: outage.hits >= 3, seconds=10)
    outage.clear()
    wait_until_back(team, 5)


@pytest.mark.parametrize(
    "seconds",
    [pytest.param(4, id="short"), pytest.param(600, id="ten minutes", marks=pytest.mark.slow)],
)
def test_bot_recovers_from_dns_failure_within_half_a_minute(
    team: Team, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = list[float]()

    def fails(*_: object, **__: object) -> None:
        tried.append(time.monotonic())
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with monkeypatch.context() as outage:
        outage.setattr(socket, "getaddrinfo", fails)
        team.workspace.drop_sockets()
        team.workspace.wait(lambda: not team.service.ready, seconds=5)
        time.sleep(seconds)
        assert not team.service.ready
    took = wait_until_back(team, 30)
    print(f"{len(tried)} attempts in {seconds} s without names; back after {took:.1f} s")
    assert len(tried) <= 12 + seconds / 15


def test_idle_socket_is_replaced(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.socket_mode.GRACE", 0.5)
    opened = team.workspace.sockets_opened
    with monkeypatch.context() as silence:
        silence.setattr("bot.slack.socket_mode.SILENCE", 0.2)
        team.workspace.wait(lambda: team.workspace.sockets_opened > opened, seconds=20)
    team.workspace.wait(lambda: team.workspace.sockets == 1, seconds=10)
    assert "Hawser" in team.ask("/near thick rope for towing").text
