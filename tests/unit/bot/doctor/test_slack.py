"""The doctor's checks of a Slack workspace."""

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from pydantic import SecretStr

from bot.config import Settings
from bot.doctor import slack
from bot.doctor.slack import slack_checks
from bot.replies.base import Check
from bot.slack.manifest import Uses, manifest, scopes
from tests.fake_slack import Workspace

NOWHERE = "http://127.0.0.1:9/api/"
UNSET = dict.fromkeys(("slack_bot_token", "slack_app_token", "slack_signing_secret"))


class Examined:
    """A workspace and the results of the doctor's checks."""

    def __init__(self, mode: Literal["socket", "http"], data: Path) -> None:
        self.workspace = Workspace(mode=mode)
        self._data = data

    def checks(self, **changes: Any) -> dict[str, Check]:
        """Return the checks by name, after changing the given settings."""
        there = self.workspace
        app_token = SecretStr(there.app_token) if there.mode == "socket" else None
        values = {
            "slack_bot_token": SecretStr(there.bot_token),
            "slack_app_token": app_token,
            "slack_signing_secret": SecretStr(there.signing_secret),
            "slack_api_url": there.api_url,
            "data_dir": self._data,
            "admins": ("U012ABCDEF",),
        }
        found = list(slack_checks(Settings(**values | changes)))
        assert len({check.name for check in found}) == len(found)
        return {check.name: check for check in found}


@pytest.fixture
def mode() -> str:
    return "socket"


@pytest.fixture
def examined(mode: Literal["socket", "http"], tmp_path: Path) -> Iterator[Examined]:
    made = Examined(mode, tmp_path)
    with made.workspace as workspace:
        workspace.install(manifest("", mode, "https://bot.example.test/slack/events"))
        yield made


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_an_installed_workspace_passes_every_check(examined: Examined, mode: str) -> None:
    found = examined.checks()
    socket = {"app token"} if mode == "socket" else set()
    assert set(found) == {"bot token", "scopes", "clock", "signing secret"} | socket
    assert {check.state for check in found.values()} == {"ok"}
    assert "Loopback" in found["bot token"].message
    assert found["scopes"].message == ", ".join(scopes())


@pytest.mark.parametrize("what", ["review", "digest"])
def test_configured_channels_are_checked(examined: Examined, what: str) -> None:
    for member, state in ((True, "ok"), (False, "error")):
        channel = examined.workspace.add_channel("owners", [], bot=member).id
        check = examined.checks(**{f"{what}_channel": channel})[f"{what} channel"]
        assert (check.state, channel in check.message) == (state, True)
    nobody = examined.checks(admins=())["review"]
    assert (nobody.state, "NEARSAY_REVIEW_CHANNEL" in nobody.cure) == ("warning", True)


@pytest.mark.parametrize(
    ("setting", "value", "name"),
    [
        ("slack_bot_token", "xoxp-1", "bot token"),
        ("slack_app_token", "xoxb-1", "app token"),
        *(("slack_signing_secret", value, "signing secret") for value in ("0" * 31, "g" * 32)),
    ],
)
def test_malformed_settings_are_reported_without_calling_slack(
    examined: Examined, setting: str, value: str, name: str
) -> None:
    found = examined.checks(**UNSET | {setting: SecretStr(value)})
    assert {each: check.state for each, check in found.items()} == {name: "error"}
    assert setting.upper() in found[name].message
    assert found[name].cure
    assert value not in found[name].message + found[name].cure
    assert examined.workspace.calls() == []


@pytest.mark.parametrize(
    ("fault", "says", "cure"),
    [
        ({"error": "token_revoked"}, "does not accept {setting} (token_revoked)", "age."),
        ({"error": "invalid_auth"}, "does not accept {setting} (invalid_auth)", "age."),
        ({"status": 429}, "reports an error", "Try again in a few minutes."),
        ({"status": 503}, "reports an error", "Try again in a few minutes."),
        (None, NOWHERE, "SLACK_API_URL"),
    ],
    ids=str,
)
def test_an_error_from_slack_names_the_setting_to_fix(
    examined: Examined, fault: dict[str, Any] | None, says: str, cure: str
) -> None:
    for method in ("auth.test", "apps.connections.open") if fault else ():
        examined.workspace.fault(method, times=None, **fault or {})
    found = examined.checks(**{} if fault else {"slack_api_url": NOWHERE})
    for name, setting in (("bot token", "SLACK_BOT_TOKEN"), ("app token", "SLACK_APP_TOKEN")):
        assert found[name].state == "error"
        assert says.format(setting=setting) in found[name].message
        assert cure in found[name].cure
    assert not {"scopes", "clock"} & set(found)


@pytest.mark.parametrize("mode", ["http"])
def test_disabled_socket_mode_is_reported(examined: Examined) -> None:
    token = SecretStr(examined.workspace.app_token)
    check = examined.checks(slack_app_token=token)["app token"]
    assert "socket_mode_not_enabled" in check.message
    assert "Socket Mode" in check.cure


def test_missing_scopes_are_listed(examined: Examined) -> None:
    few = manifest()
    few["oauth_config"]["scopes"]["bot"] = ["chat:write"]
    examined.workspace.install(few)
    check = examined.checks()["scopes"]
    missing = ", ".join(scope for scope in scopes() if scope != "chat:write")
    assert check.message == f"The bot token lacks the scopes {missing}."
    assert "nearsay manifest" in check.cure


@pytest.mark.parametrize(
    ("off", "state"), [(50, "ok"), (-50, "ok"), (90, "warning"), (-90, "warning"), (400, "error")]
)
def test_a_wrong_clock_is_reported(
    examined: Examined, monkeypatch: pytest.MonkeyPatch, off: float, state: str
) -> None:
    monkeypatch.setattr(slack, "time", SimpleNamespace(time=lambda: time.time() + off))
    check = examined.checks()["clock"]
    assert (check.state, bool(check.cure)) == (state, state != "ok")


def test_scopes_that_the_settings_do_not_need_are_named(examined: Examined) -> None:
    examined.workspace.install(manifest(uses=Uses("follow", "both")))
    check = examined.checks()["scopes"]
    assert check.state == "warning"
    assert check.message.endswith(
        "do not need: channels:history, files:read, groups:history, mpim:history."
    )
    assert examined.checks(threads="follow", files="both")["scopes"].state == "ok"


def test_a_private_channel_is_not_checked_without_its_scope(examined: Examined) -> None:
    private = examined.workspace.add_channel("owners", private=True)
    check = examined.checks(review_channel=private.id)["review channel"]
    assert (check.state, "cannot be checked" in check.message) == ("ok", True)


def test_an_app_that_hears_all_messages_lacks_no_scope(examined: Examined) -> None:
    older = manifest(uses=Uses("follow"))
    examined.workspace.install(older)
    assert "channels:read" not in older["oauth_config"]["scopes"]["bot"]
    check = examined.checks(review_channel=examined.workspace.add_channel("owners", []).id)
    assert check["scopes"].state == "warning"
    assert check["review channel"].state == "ok"
