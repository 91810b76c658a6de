"""The service as a process: ready after warm-up, drained on SIGTERM, without losing deliveries."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.assistant import Assistant
from bot.config import Settings
from bot.slack.bolt_app import ServiceError
from bot.slack.manifest import manifest
from bot.slack.service import Service
from index.errors import StoreBusy
from index.storage import Store
from tests.fake_slack import Channel, User, Workspace
from tests.slack.team import settings_for
from tests.support.child_process import REPOSITORY
from tests.support.chroma_server import free_port
from tests.support.server_mode import ServerMode
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder


@contextmanager
def run_service(workspace: Workspace, mode: str, data: Path) -> Iterator[tuple[Any, int, int]]:
    """Run `nearsay serve` as a process in the parent of the data directory. Yields the process, its
    port and its ops port."""
    port, ops_port = free_port(), free_port()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NEARSAY_", "SLACK_"))
    }
    environment |= {name: str(value) for name, value in workspace.env().items()}
    environment |= {
        "NEARSAY_DATA_DIR": str(data),
        "NEARSAY_PORT": str(port),
        "NEARSAY_OPS_PORT": str(ops_port),
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": str(REPOSITORY),
    }
    if ServerMode.active is not None:
        environment |= ServerMode.active.environment(data)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", "--mode", mode],
        env=environment,
        cwd=data.parent,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, port, ops_port
    finally:
        process.kill()
        process.communicate()


def status_of(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def is_admin(workspace: Workspace, user: User, channel: Channel) -> bool:
    """Whether admin commands work for a user. Pauses, so as not to flood the service."""
    time.sleep(0.3)
    before = len(workspace.ephemerals(user, channel))
    workspace.command(user, channel, "/near-admin", "status")
    reply = workspace.wait(lambda: workspace.ephemerals(user, channel)[before:], seconds=10)[0]
    return "is live" in reply.text


@pytest.mark.model
def new_token(data: Path) -> str:
    """Create the token that switches /mcp on."""
    store = open_store(data)
    secret = store.ledger.access_tokens.create("an agent", "member")[1]
    store.close()
    return secret


def as_agent(port: int, token: str, text: str) -> str:
    """Return the answer to an agent that searches for a text."""
    call = {"name": "near", "arguments": {"text": text}}
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    return httpx.post(f"http://127.0.0.1:{port}/mcp", json=body, headers=headers).text


@pytest.mark.parametrize("mode", ["http", pytest.param("socket", marks=pytest.mark.slow)])
def test_serve_command_answers_with_the_real_model_and_stops_on_sigterm(
    mode: str, real_directory: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(real_directory, data)
    token = new_token(data)
    with Workspace(mode=mode) as workspace, run_service(workspace, mode, data) as (bot, port, ops):  # type: ignore[arg-type]
        workspace.install(manifest("", mode, "http://127.0.0.1/slack/events"))  # type: ignore[arg-type]
        workspace.request_url = f"http://127.0.0.1:{port}/slack/events"
        workspace.wait(lambda: status_of(ops, "/healthz") == 200, seconds=60)
        assert status_of(ops, "/readyz") == 503, "not ready before the model is warm"
        workspace.wait(lambda: status_of(ops, "/readyz") == 200, seconds=60)
        ada = workspace.add_user("ada")
        general = workspace.add_channel("general", [ada], bot=False)
        asked = workspace.command(ada, general, "/near", "why does the model make things up")
        assert asked.ok
        (reply,) = workspace.wait(lambda: workspace.ephemerals(ada, general), seconds=10)
        assert "1. Hallucination" in reply.text
        assert "Hallucination" in json.dumps(reply.blocks)
        assert "Hallucination" in as_agent(port, token, "why does the model make things up")
        env = tmp_path / ".env"
        env.write_text(f"NEARSAY_ADMINS={ada.id}\nNEARSAY_LOG_FORMAT=json\n")
        bot.send_signal(signal.SIGHUP)
        workspace.wait(lambda: is_admin(workspace, ada, general), seconds=10)
        env.write_text("NEARSAY_ADMINS=nobody\n")
        bot.send_signal(signal.SIGHUP)  # unreadable settings change nothing
        assert is_admin(workspace, ada, general)
        started = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        _, log = bot.communicate(timeout=10)
        assert time.monotonic() - started < 10
        assert bot.returncode == 0
        assert "stopped" in log
        assert "Traceback" not in log
        assert "make things up" not in log, "user text is not logged"
        lines = [json.loads(line)["message"] for line in log.splitlines() if line.startswith("{")]
        assert "settings reloaded; changed: NEARSAY_ADMINS, NEARSAY_LOG_FORMAT\n" in log
        assert lines[0].startswith("reload failed, settings unchanged: NEARSAY_ADMINS must list")
        assert lines[-1] == "stopped"
        for secret in (workspace.bot_token, workspace.app_token, workspace.signing_secret, token):
            assert secret not in log


@pytest.mark.parametrize(
    ("method", "error", "mode", "says"),
    [
        ("auth.test", "invalid_auth", "http", "SLACK_BOT_TOKEN (invalid_auth)"),
        ("apps.connections.open", "invalid_auth", "socket", "SLACK_APP_TOKEN (invalid_auth)"),
    ],
)
def test_startup_error_names_the_setting_with_the_rejected_token(
    method: str, error: str, mode: str, says: str, harbour_store: Store, tmp_path: Path
) -> None:
    with Workspace(mode=mode) as workspace:  # type: ignore[arg-type]
        workspace.fault(method, error=error, times=None)
        service = Service(
            settings_for(workspace, tmp_path / "other"),
            Assistant(harbour_store, ToyEmbedder()),
            mode,  # type: ignore[arg-type]
        )
        with pytest.raises(ServiceError, match=says.replace("(", r"\(").replace(")", r"\)")):
            service.start()
        service.stop(0)


def test_port_in_use_is_reported(harbour_store: Store, tmp_path: Path) -> None:
    with socket.socket() as taken, Workspace(mode="http") as workspace:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings: Settings = settings_for(workspace, tmp_path / "other")
        object.__setattr__(settings, "port", taken.getsockname()[1])
        service = Service(settings, Assistant(harbour_store, ToyEmbedder()), "http")
        with pytest.raises(ServiceError, match="NEARSAY_PORT"):
            service.start()


@pytest.mark.on_files
def test_second_service_on_a_data_directory_is_refused(
    harbour_store: Store, tmp_path: Path
) -> None:
    with Workspace(mode="http") as workspace:
        settings = settings_for(workspace, tmp_path / "other")
        assistant = Assistant(harbour_store, ToyEmbedder())
        first = Service(settings, assistant, "http")
        with pytest.raises(StoreBusy, match=r"process \d+ on .* already serves"):
            Service(settings, assistant, "http")
        first.stop(0)
        Service(settings, assistant, "http").stop(0)
