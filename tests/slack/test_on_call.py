"""The operator's view of the bot: logs and readiness."""

import itertools
import json
import logging
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.slack.client import reach
from tests.fake_slack import Workspace
from tests.slack.talking import bot_replies, mention
from tests.slack.team import Team, serving

pytestmark = pytest.mark.one_bot  # the log of this process is read

# Loggers of the loopback Slack and of its event loop.
NOT_OURS = ("tests", "aiohttp", "asyncio")


def log_lines(caplog: pytest.LogCaptureFixture, level: int = logging.WARNING) -> list[str]:
    """Return the bot's log records at or above a level."""
    return [
        f"{record.levelname} {record.name}: {record.getMessage()}"
        for record in caplog.records
        if record.levelno >= level and record.name.partition(".")[0] not in NOT_OURS
    ]


def readiness(team: Team) -> tuple[int, dict[str, Any]]:
    """Return the status and body of `/readyz`."""
    url = f"http://127.0.0.1:{team.service.ops_port}/readyz"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_startup_logs_no_warning(
    workspace: Workspace,
    data: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in workspace.env().items():  # as in the service's environment
        monkeypatch.setenv(name, str(value))
    with serving(workspace, data) as team:
        assert "Hawser" in team.ask("/near thick rope for towing").text
    assert log_lines(caplog) == []


@pytest.mark.parametrize("mode", ["socket"], scope="module")
def test_regular_socket_disconnect_logs_no_warning(
    workspace: Workspace, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    with serving(workspace, data) as team:
        for reason in ("warning", "refresh_requested", "link_disabled"):
            opened = workspace.sockets_opened
            workspace.disconnect(reason, close_after=0.1)
            workspace.wait(lambda: workspace.sockets_opened > opened, seconds=5)  # noqa: B023
            workspace.wait(lambda: team.service.ready, seconds=5)
            time.sleep(0.6)  # the libraries' threads check twice a second
        assert log_lines(caplog) == []
        lines = log_lines(caplog, logging.INFO)
        assert any("replacing a socket: it was closed" in line for line in lines)
        workspace.drop_sockets()
        workspace.wait(lambda: log_lines(caplog), seconds=5)
        assert [line.partition(":")[0] for line in log_lines(caplog)] == [
            "WARNING bot.slack.socket_mode"
        ]


def test_shutdown_under_load_logs_no_traceback(
    workspace: Workspace, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    raised = list[str]()
    with serving(workspace, data) as team, pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", lambda args: raised.append(repr(args)))
        quays = [workspace.add_channel(f"quay-{at}", [team.ada, team.ben]) for at in range(6)]
        enough = threading.Event()

        def load(at: int) -> None:
            for number in itertools.count():
                if enough.is_set():
                    return
                with suppress(Exception):  # the app no longer listens
                    mention(team, quays[at], f"which ropes are coiled at {number} in {at}?")
                    workspace.command(team.ada, quays[at], "/near", f"rope {number} of {at}")

        loads = [threading.Thread(target=load, args=(at,)) for at in range(len(quays))]
        for thread in loads:
            thread.start()
        time.sleep(0.7)
        team.service.stop(0.1)
        team.service.stop = lambda *_: True  # type: ignore[method-assign]
        time.sleep(0.7)
        enough.set()
        for thread in loads:
            thread.join()
    assert [record for record in caplog.records if record.exc_info and _is_ours(record)] == []
    assert raised == []


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] not in NOT_OURS


@pytest.mark.parametrize("mode", ["http"], scope="module")
def test_readiness_fails_while_slack_refuses_every_call(workspace: Workspace, data: Path) -> None:
    constants = {"bot.slack.client.UNREACHABLE_AFTER_S": 1.0, "bot.slack.service.PROBE": 0.2}
    with serving(workspace, data, constants=constants) as team:
        assert readiness(team) == (
            200,
            {"ready": True, "warm": True, "connected": True, "accepted": True},
        )
        refused = workspace.fault("chat.postMessage", status=503)
        root = mention(team, workspace.add_channel("quay", [team.ada]), "what is a hawser?")
        workspace.wait(lambda: bot_replies(team, root), seconds=10)
        assert refused.hits == 1
        assert readiness(team)[0] == 200, "one refusal is not enough"
        outage = workspace.fault("*", status=503, times=None)
        assert workspace.command(team.ada, team.channel, "/near", "rope").ok
        began = time.monotonic()
        workspace.wait(lambda: readiness(team)[0] == 503, seconds=10)
        assert time.monotonic() - began >= 0.9
        assert readiness(team)[1]["accepted"] is False
        outage.clear()
        workspace.wait(lambda: readiness(team)[0] == 200, seconds=5)
    assert reach.refused_since is None
