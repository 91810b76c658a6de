"""What reaches the bot over HTTP is Slack's, or is refused."""

from __future__ import annotations

import time

import pytest

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
