"""What doctor asks Slack, against a workspace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from pydantic import SecretStr

from bot.config import Settings
from bot.replies import Check
from bot.slack import checks
from bot.slack.checks import slack_checks
from bot.slack.manifest import manifest, scopes
from tests.workspace import Workspace


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def workspace(mode: Literal["socket", "http"]) -> Iterator[Workspace]:
    with Workspace(mode=mode) as started:
        started.install(manifest("", mode, "https://bot.example.test/slack/events"))
        yield started


def settings_for(workspace: Workspace, tmp_path: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "slack_bot_token": SecretStr(workspace.bot_token),
        "slack_app_token": SecretStr(workspace.app_token) if workspace.mode == "socket" else None,
        "slack_signing_secret": SecretStr(workspace.signing_secret),
        "slack_api_url": workspace.api_url,
        "data_dir": tmp_path,
        "admins": ("U012ABCDEF",),
    }
    return Settings(**(values | changes))


def by_name(found: list[Check]) -> dict[str, Check]:
    assert len({check.name for check in found}) == len(found)
    return {check.name: check for check in found}


def test_all_is_well_in_an_installed_workspace(workspace: Workspace, tmp_path: Path) -> None:
    found = by_name(list(slack_checks(settings_for(workspace, tmp_path))))
    socket = {"app token"} if workspace.mode == "socket" else set()
    assert set(found) == {"bot token", "scopes", "clock", "signing secret"} | socket
    assert {check.state for check in found.values()} == {"ok"}
    assert "Loopback" in found["bot token"].message
    assert found["scopes"].message == ", ".join(scopes())


@pytest.mark.parametrize("mode", ["socket"])
def test_where_nobody_is_told_of_suggestions_that_is_said(
    workspace: Workspace, tmp_path: Path
) -> None:
    check = by_name(list(slack_checks(settings_for(workspace, tmp_path, admins=()))))["review"]
    assert check.state == "warning"
    assert "NEARSAY_REVIEW_CHANNEL" in check.cure


@pytest.mark.parametrize("mode", ["socket"])
@pytest.mark.parametrize("what", ["review", "digest"])
@pytest.mark.parametrize("member", [True, False])
def test_whether_the_bot_is_in_the_channels_it_is_to_tell_is_said(
    workspace: Workspace, tmp_path: Path, what: str, member: bool
) -> None:
    channel = workspace.add_channel("owners", [], bot=member).id
    settings = settings_for(workspace, tmp_path, **{f"{what}_channel": channel})
    check = by_name(list(slack_checks(settings)))[f"{what} channel"]
    assert check.state == ("ok" if member else "error")
    assert channel in check.message


@pytest.mark.parametrize("mode", ["socket"])
@pytest.mark.parametrize(
    ("setting", "value", "name"),
    [
        pytest.param("slack_bot_token", "xoxp-1", "bot token", id="a person's token"),
        pytest.param("slack_bot_token", "xapp-1", "bot token", id="tokens swapped"),
        pytest.param("slack_app_token", "xoxb-1", "app token", id="tokens swapped, app"),
        pytest.param("slack_signing_secret", "0" * 31, "signing secret", id="secret cut off"),
        pytest.param("slack_signing_secret", "0" * 33, "signing secret", id="secret too long"),
        pytest.param("slack_signing_secret", "g" * 32, "signing secret", id="secret no hex"),
    ],
)
def test_what_has_the_wrong_form_is_said_without_asking_slack(
    workspace: Workspace, tmp_path: Path, setting: str, value: str, name: str
) -> None:
    others = {
        "slack_bot_token": None,
        "slack_app_token": None,
        "slack_signing_secret": None,
    }
    settings = settings_for(workspace, tmp_path, **others | {setting: SecretStr(value)})
    (check,) = slack_checks(settings)
    assert (check.name, check.state) == (name, "error")
    assert setting.upper() in check.message
    assert check.cure
    assert value not in check.message + check.cure
    assert workspace.calls() == []


@pytest.mark.parametrize("mode", ["socket"])
@pytest.mark.parametrize("code", ["token_revoked", "invalid_auth", "account_inactive"])
def test_a_token_that_slack_refuses_is_said_with_slacks_code(
    workspace: Workspace, tmp_path: Path, code: str
) -> None:
    workspace.fault("auth.test", error=code)
    workspace.fault("apps.connections.open", error=code)
    found = by_name(list(slack_checks(settings_for(workspace, tmp_path))))
    for name, setting in (("bot token", "SLACK_BOT_TOKEN"), ("app token", "SLACK_APP_TOKEN")):
        assert found[name].state == "error"
        assert setting in found[name].message
        assert code in found[name].message
    assert not {"scopes", "clock"} & set(found)


@pytest.mark.parametrize("mode", ["http"])
def test_an_app_whose_socket_mode_is_off_is_told_to_switch_it_on(
    workspace: Workspace, tmp_path: Path
) -> None:
    settings = settings_for(workspace, tmp_path, slack_app_token=SecretStr(workspace.app_token))
    check = by_name(list(slack_checks(settings)))["app token"]
    assert check.state == "error"
    assert "socket_mode_not_enabled" in check.message
    assert "Socket Mode" in check.cure


@pytest.mark.parametrize("mode", ["socket"])
def test_missing_scopes_are_named(workspace: Workspace, tmp_path: Path) -> None:
    few = manifest()
    few["oauth_config"]["scopes"]["bot"] = ["chat:write"]
    workspace.install(few)
    check = by_name(list(slack_checks(settings_for(workspace, tmp_path))))["scopes"]
    assert check.state == "error"
    assert check.message == (
        "The bot token lacks the scopes app_mentions:read, assistant:write, "
        "channels:history, commands, files:read, files:write, groups:history, im:history, "
        "mpim:history."
    )
    assert "nearsay manifest" in check.cure


@pytest.mark.parametrize("mode", ["socket"])
@pytest.mark.parametrize(
    ("off", "state"),
    [(0, "ok"), (50, "ok"), (-50, "ok"), (90, "warning"), (-90, "warning"), (400, "error")],
)
def test_a_clock_that_is_off_is_said_by_how_much(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, off: float, state: str
) -> None:
    monkeypatch.setattr(checks, "time", SimpleNamespace(time=lambda: time.time() + off))
    check = by_name(list(slack_checks(settings_for(workspace, tmp_path))))["clock"]
    assert check.state == state
    assert bool(check.cure) is (state != "ok")


@pytest.mark.parametrize("mode", ["socket"])
def test_a_server_that_is_not_there_is_said_with_its_address(
    workspace: Workspace, tmp_path: Path
) -> None:
    settings = settings_for(workspace, tmp_path, slack_api_url="http://127.0.0.1:9/api/")
    found = by_name(list(slack_checks(settings)))
    for name in ("bot token", "app token"):
        assert found[name].state == "error"
        assert "http://127.0.0.1:9/api/" in found[name].message
        assert "SLACK_API_URL" in found[name].cure


@pytest.mark.parametrize("mode", ["socket"])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_slack_that_is_out_of_order_is_not_blamed_on_the_token(
    workspace: Workspace, tmp_path: Path, status: int
) -> None:
    workspace.fault("auth.test", status=status, times=None)
    check = by_name(list(slack_checks(settings_for(workspace, tmp_path))))["bot token"]
    assert check.state in ("warning", "error")
    assert "does not accept" not in check.message
    assert "Copy the Bot User OAuth Token" not in check.cure
