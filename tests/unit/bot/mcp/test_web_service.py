"""Agents are served over HTTP without Slack, until the service is stopped."""

import signal
import subprocess
import sys
import time

import httpx
import pytest

from bot.assistant import Assistant
from tests.support.child_process import REPOSITORY
from tests.support.chroma_server import free_port

pytestmark = pytest.mark.children

CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "define", "arguments": {"term": "tug"}},
}


def test_agents_are_served_without_slack_until_the_service_is_stopped(desk: Assistant) -> None:
    _, secret = desk.store.ledger.access_tokens.create("an editor", "member")
    port, ops_port = free_port(), free_port()
    server = [sys.executable, "-m", "tests.support.mcp_web", str(desk.store.directory)]
    with subprocess.Popen(
        [*server, str(port), str(ops_port)],
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    ) as process:
        try:
            assert is_ready(f"http://127.0.0.1:{ops_port}/readyz")
            headers = {
                "Authorization": f"Bearer {secret}",
                "Accept": "application/json, text/event-stream",
            }
            url = f"http://127.0.0.1:{port}/mcp"
            called = httpx.post(url, json=CALL, headers=headers).json()
            assert called["result"]["structuredContent"]["entry"]["term"] == "Tugboat"
            assert httpx.post(url, json=CALL).status_code == 401
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0, errors


def is_ready(url: str) -> bool:
    """Wait until a service is ready, at most 40 seconds."""
    for _ in range(400):
        try:
            if httpx.get(url).status_code == 200:
                return True
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    return False
