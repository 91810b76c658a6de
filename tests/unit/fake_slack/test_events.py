"""The manifest and the bot's channels limit what Slack sends."""

import pytest

from tests.fake_slack import ImpossibleError, ManifestError, User, Workspace
from tests.unit.fake_slack.receiver import manifest_for


def sent(workspace: Workspace) -> list[str]:
    """Return the names of the events sent so far."""
    workspace.settle()
    return [d.name for d in workspace.deliveries()]


def test_only_conversations_with_the_bot_send_events(workspace: Workspace, ada: User) -> None:
    elsewhere = workspace.add_channel("elsewhere", bot=False)
    workspace.say(ada, elsewhere, f"{workspace.mention} hello")
    assert sent(workspace) == []
    with pytest.raises(ImpossibleError, match="ada is not in"):
        workspace.say(ada, workspace.add_channel("closed", []), "hello")


def test_the_manifest_determines_the_delivered_events(workspace: Workspace, ada: User) -> None:
    manifest = manifest_for("http")
    subscriptions = manifest["settings"]["event_subscriptions"]
    subscriptions["bot_events"] = ["app_mention", "message.im", "message.groups"]
    workspace.install(manifest)
    public = workspace.add_channel("public")
    workspace.say(ada, public, "not subscribed to")
    workspace.say(ada, public, "@sample subscribed to")
    workspace.say(ada, workspace.add_channel("private", private=True), "no scope")
    workspace.open_home(ada)
    assert sent(workspace) == ["app_mention"]


def test_shortcuts_fail_if_interactivity_is_off(workspace: Workspace, ada: User) -> None:
    manifest = manifest_for("http")
    manifest["settings"]["interactivity"]["is_enabled"] = False
    workspace.install(manifest)
    assert workspace.shortcut(ada, "ask").error == "interactivity_disabled"


def test_an_invalid_manifest_is_refused(workspace: Workspace) -> None:
    manifest = manifest_for("http")
    manifest["features"]["slash_commands"][0]["command"] = "/Near It"
    manifest["features"]["shortcuts"][0]["name"] = "A name that is far too long for it"
    manifest["settings"]["event_subscriptions"]["bot_events"].append("message.chanels")
    with pytest.raises(ManifestError) as refused:
        workspace.install(manifest)
    for words in ("'/Near It'", "1 to 24", "'message.chanels'"):
        assert words in str(refused.value)
    with pytest.raises(ManifestError, match="socket_mode_enabled is True"):
        workspace.install(manifest_for("socket"))
