"""Operations on a running bot: token rotation, and a move to another machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_bolt import App

from bot.backup.create import back_up
from bot.backup.restore import restore
from bot.config import Settings
from bot.doctor.slack import slack_checks
from bot.slack.socket_mode import SocketModePool, open_sockets
from tests.fake_slack import Message, Workspace
from tests.fake_slack import Settings as Limits
from tests.slack.talking import answers, bot_replies, mention, quiet
from tests.slack.team import serving, settings_for
from tests.support.gates import SlowEmbedder

LIMITS = Limits(retry_delays=(0.5, 2.0, 5.0), response_url_uses=5)

pytestmark = pytest.mark.one_bot


@pytest.fixture
def workspace(mode: str) -> Iterator[Workspace]:
    with Workspace(mode=mode, settings=LIMITS) as workspace:  # type: ignore[arg-type]
        yield workspace


def is_acknowledged(workspace: Workspace, root: Message) -> bool:
    """Whether the bot has acknowledged the message."""
    return any(d.ok and d.event and d.event.get("ts") == root.ts for d in workspace.deliveries())


def test_questions_during_token_rotation_are_answered_once(
    workspace: Workspace, data: Path
) -> None:
    with serving(workspace, data) as team:
        quay = workspace.add_channel("quay", [team.ada, team.ben])
        answers(team, mention(team, quay, "what is a hawser?"))
        old = settings_for(workspace, data)
        workspace.rotate()
        checks = {check.name: check for check in slack_checks(old)}
        assert checks["bot token"].state == checks["app token"].state == "error"
        assert checks["bot token"].cure
        root = mention(team, quay, "who looks after the hawser?")
        if workspace.mode == "socket":  # over HTTP, the bot rejects signatures with the new secret
            workspace.wait(lambda: is_acknowledged(workspace, root), seconds=5)
    checks = {check.name: check for check in slack_checks(settings_for(workspace, data))}
    assert checks["bot token"].state == checks["signing secret"].state == "ok"
    assert checks["app token"].state == ("ok" if workspace.mode == "socket" else "error")
    with serving(workspace, data) as team:
        answers(team, root)
        quiet(team)
        assert len(bot_replies(team, root)) == 1


@pytest.mark.on_files
def test_deliveries_accepted_before_a_move_are_answered_on_the_new_machine(
    workspace: Workspace, data: Path, tmp_path: Path
) -> None:
    with serving(workspace, data) as team:
        quay = workspace.add_channel("quay", [team.ada, team.ben])
        outage = workspace.fault("*", status=503, times=None)
        root = mention(team, quay, "what is a hawser?")
        workspace.wait(lambda: outage.hits > 2, seconds=10)
    outage.clear()
    settings = settings_for(workspace, data)
    kept = back_up(settings, tmp_path / "nearsay.tar.gz")
    there = settings.model_copy(update={"data_dir": tmp_path / "elsewhere" / "data"})
    restore(there, kept)
    with serving(workspace, there.data_dir) as team:
        answers(team, root)
        quiet(team)
        assert len(bot_replies(team, root)) == 1


@pytest.mark.parametrize("mode", ["socket"])
def test_command_during_startup_is_answered_once(
    workspace: Workspace, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = workspace.add_user("ada")
    general = workspace.add_channel("general", [ada], bot=False)
    embedder = SlowEmbedder()
    embedder.go.clear()

    def open_and_ask(app: App, settings: Settings) -> SocketModePool:
        sockets = open_sockets(app, settings)
        workspace.wait(lambda: workspace.sockets)
        assert workspace.command(ada, general, "/near", "a rope slowly coiled").ok
        assert embedder.waiting.wait(10), "the command is in work"
        return sockets

    monkeypatch.setattr("bot.slack.service.open_sockets", open_and_ask)
    with serving(workspace, data, embedder=embedder) as team:
        embedder.go.set()
        quiet(team)
        assert len(workspace.ephemerals(ada, general)) == 1
