"""Requests of another workspace or app, and replies to other hosts, are dropped."""

from typing import Any

import pytest
from pydantic import SecretStr
from slack_bolt.authorization import AuthorizeResult

from bot.config import Settings
from bot.slack.middleware.origin import OriginMiddleware, app_id

SLACK = "https://slack.com/api/"


def passes(body: dict[str, Any], *, api: str = SLACK, enterprise: str | None = None) -> bool:
    who = AuthorizeResult(enterprise_id=enterprise, team_id="T1", bot_user_id="U0")
    came = list[bool]()
    answer = OriginMiddleware(who, "A1", api).screen(body, lambda: came.append(True))
    assert (answer is None) is bool(came)
    assert answer is None or answer.status == 200, "Slack would repeat a refused request"
    return bool(came)


@pytest.mark.parametrize(
    ("body", "allowed"),
    [
        ({"team_id": "T1", "api_app_id": "A1"}, True),
        ({"team_id": "T2", "api_app_id": "A1"}, False),
        ({"team_id": "T1", "api_app_id": "A2"}, False),
        ({"team": {"id": "T2"}, "user": {"team_id": "T1"}}, False),
        ({"team": {"id": "T1"}, "user": {"team_id": "T2"}}, True),  # the other middleware decides
        ({"team_id": "T2", "authorizations": [{"team_id": "T1"}]}, True),
        ({"team_id": "T1", "authorizations": [{"team_id": "T2"}]}, False),
        ({"team_id": "T2", "is_ext_shared_channel": True}, True),
        ({"team": None, "enterprise": {"id": "E2"}}, False),
        ({}, True),
    ],
)
def test_requests_for_another_workspace_or_app_are_dropped(
    body: dict[str, Any], allowed: bool
) -> None:
    assert passes(body) is allowed


def test_requests_of_the_organization_are_answered() -> None:
    body = {"team": None, "enterprise": {"id": "E1"}}
    assert passes(body, enterprise="E1")
    assert not passes(body, enterprise="E2")


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://hooks.slack.com/commands/T1/1/x", True),
        ("https://hooks.slack-gov.com/commands/T1/1/x", True),
        ("http://hooks.slack.com/commands/T1/1/x", False),
        ("https://hooks.slack.com.evil.example/x", False),
        ("https://evilslack.com/x", False),
        ("https://hooks.slack.com@evil.example/x", False),
        ("http://169.254.169.254/latest", False),
        ("https://[", False),
    ],
)
def test_replies_are_sent_to_slack_only(url: str, allowed: bool) -> None:
    assert passes({"response_url": url}) is allowed
    assert not passes({"response_url": url}, api="http://127.0.0.1:9/api/")


def test_replies_stay_on_this_machine_when_slack_is_there() -> None:
    assert passes({"response_url": "http://127.0.0.1:9/x"}, api="http://127.0.0.1:9/api/")
    assert not passes({"response_url": "http://127.0.0.1:9/x"})


def test_the_app_is_read_from_the_app_level_token() -> None:
    tokens = {"xapp-1-A0123-45-abc": "A0123", "xapp-1": "", "xoxb-1-A0123-": ""}
    assert {text: app_id(Settings(slack_app_token=SecretStr(text))) for text in tokens} == tokens
