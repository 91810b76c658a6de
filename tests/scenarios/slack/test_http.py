"""What reaches the bot over HTTP is Slack's, or is refused."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest

from bot.slack.web import SEEN, Seen
from tests.scenarios.slack.conftest import Team

BODY = "command=%2Fnear&text=rope&trigger_id=1.2&response_url=http%3A%2F%2F127.0.0.1%2Fx"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def mode() -> str:
    return "http"


def test_a_signed_request_is_taken(team: Team) -> None:
    assert team.workspace.post_raw(BODY, team.workspace.sign(BODY) | FORM).status == 200


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"X-Slack-Signature": "v0=" + "0" * 64}, id="wrong"),
        pytest.param({"X-Slack-Signature": "v0=é"}, id="not ASCII"),
        pytest.param({"X-Slack-Signature": ""}, id="empty"),
        pytest.param({"X-Slack-Request-Timestamp": "abc"}, id="timestamp no number"),
        pytest.param({"X-Slack-Request-Timestamp": "1" * 30}, id="timestamp far too long"),
        pytest.param({"X-Slack-Request-Timestamp": "-5"}, id="timestamp negative"),
    ],
)
def test_a_forged_request_is_refused(team: Team, change: dict[str, str]) -> None:
    headers = team.workspace.sign(BODY) | FORM | change
    assert team.workspace.post_raw(BODY, headers).status == 401


def test_a_stale_request_is_refused(team: Team) -> None:
    headers = team.workspace.sign(BODY, time.time() - 301) | FORM
    assert team.workspace.post_raw(BODY, headers).status == 401


def test_an_unsigned_request_is_refused(team: Team) -> None:
    assert team.workspace.post_raw(BODY, FORM).status == 401


def test_a_changed_body_is_refused(team: Team) -> None:
    headers = team.workspace.sign(BODY) | FORM
    assert team.workspace.post_raw(BODY + "x", headers).status == 401


def test_broken_json_is_not_read_before_it_is_verified(team: Team) -> None:
    answer = team.workspace.post_raw("{", {"Content-Type": "application/json"})
    assert answer.status == 401


def test_a_body_past_the_limit_is_refused(team: Team) -> None:
    body = "x" * 2_000_000
    assert team.workspace.post_raw(body, team.workspace.sign(body) | FORM).status == 413


def test_slack_can_verify_the_address(team: Team) -> None:
    assert team.workspace.verify_url()


@pytest.mark.parametrize(
    "length", ["Content-Length: 100000000", "Transfer-Encoding: chunked"], ids=["told", "untold"]
)
def test_a_hundred_megabytes_are_refused_before_they_are_read(team: Team, length: str) -> None:
    with socket.create_connection(("127.0.0.1", team.service.port), timeout=5) as connection:
        head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{length}\r\n\r\n"
        connection.sendall(head.encode())
        if "chunked" in length:
            with contextlib.suppress(OSError):  # it may have hung up already
                for _ in range(100):
                    connection.sendall(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
                connection.sendall(b"0\r\n\r\n")
        assert b" 413 " in connection.recv(100)


def test_a_request_that_comes_again_is_refused(team: Team) -> None:
    body = BODY.replace("1.2", "3.4")
    headers = team.workspace.sign(body) | FORM
    statuses = [team.workspace.post_raw(body, headers).status for _ in range(3)]
    assert statuses == [200, 401, 401]
    later = team.workspace.sign(body, time.time() - 5) | FORM
    assert team.workspace.post_raw(body, later).status == 200, "Slack signs a retry anew"


def test_signatures_are_remembered_for_five_minutes_and_no_more_than_so_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr("bot.slack.web.time.time", lambda: now[0])
    seen = Seen()
    assert seen.is_new("a", now[0] + 300)
    now[0] += 299
    assert not seen.is_new("a", now[0] + 300)
    now[0] += 2
    assert seen.is_new("b", now[0] + 300)
    assert list(seen._until) == ["b"]
    for number in range(SEEN + 10):
        seen.is_new(str(number), now[0] + 300)
    assert len(seen._until) == SEEN
