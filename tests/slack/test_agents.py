"""`nearsay serve` answers agents at /mcp beside Slack, where it listens."""

import json
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bot.assistant import Assistant
from bot.cli.console import to_text
from bot.mcp.http_endpoint import PATH, HttpEndpoint
from bot.mcp.tool_server import ToolServer
from bot.replies.base import as_json
from bot.slack.manifest import manifest
from bot.slack.service import Service
from tests.fake_slack import Workspace
from tests.slack.team import settings_for
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "near", "arguments": {"text": "a thick rope"}},
}


@pytest.mark.one_bot
def test_an_agent_and_slack_are_answered_by_one_process(workspace: Workspace, data: Path) -> None:
    workspace.install(manifest("", workspace.mode, "http://127.0.0.1/slack/events"))
    with closing(open_store(data)) as store:
        assistant = Assistant(store, ToyEmbedder())
        tokens = store.ledger.access_tokens
        token = tokens.create("build", "member")[1]
        endpoint = HttpEndpoint(ToolServer(assistant, to_text), tokens.find)
        service = Service(
            settings_for(workspace, data), assistant, workspace.mode, {PATH: endpoint}
        )
        service.start()
        try:
            url = f"http://127.0.0.1:{service.port}"
            workspace.request_urls = [f"{url}/slack/events"]
            workspace.wait(lambda: service.ready, seconds=60)
            headers = {
                "Authorization": f"Bearer {token}",
                "Accept": "application/json, text/event-stream",
            }
            answered = httpx.post(f"{url}{PATH}", json=CALL, headers=headers).json()
            reply = json.loads(as_json(assistant.ask("/near a thick rope")))
            assert answered["result"]["structuredContent"] == reply
            assert httpx.post(f"{url}{PATH}", json=CALL).status_code == 401
            missing = httpx.get(f"{url}/nothing")
            assert (missing.status_code, PATH in missing.text) == (404, True)
            ada = workspace.add_user("ada")
            channel = workspace.add_channel("quay", [ada], bot=False)
            assert workspace.command(ada, channel, "/near", "a thick rope").ok
        finally:
            service.stop(5)
            endpoint.close()


@pytest.mark.one_bot
def test_nothing_listens_for_agents_unless_it_is_switched_on(
    workspace: Workspace, data: Path
) -> None:
    workspace.install(manifest("", workspace.mode, "http://127.0.0.1/slack/events"))
    with closing(open_store(data)) as store:
        service = Service(
            settings_for(workspace, data), Assistant(store, ToyEmbedder()), workspace.mode
        )
        service.start()
        try:
            if workspace.mode == "socket":
                assert service.port == 0
            else:
                url = f"http://127.0.0.1:{service.port}{PATH}"
                assert httpx.post(url, json=CALL).status_code == 404
        finally:
            service.stop(5)
