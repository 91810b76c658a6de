"""Tests of the browser page: its data and actions, and the escaping of text."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

from tests.fake_slack import Channel, User, Workspace
from tests.unit.fake_slack.block_samples import actions, button, modal, text_input
from tests.unit.fake_slack.receiver import BUTTONS, MODAL, Receiver, manifest_for

JSON = dict[str, Any]
ROOT = Path(__file__).parents[3]
PAGE = ROOT / "tests" / "fake_slack" / "page"


def get(workspace: Workspace, path: str, **headers: str) -> tuple[bytes, Any]:
    request = Request(workspace.base_url + path, headers=headers)
    with urlopen(request, timeout=5) as response:
        return response.read(), response.headers


def state(workspace: Workspace, user: User) -> JSON:
    body: JSON = json.loads(get(workspace, f"/page/state?user={user.id}")[0])
    return body


def act(workspace: Workspace, user: User, kind: str, **what: Any) -> JSON:
    body = json.dumps({"kind": kind, "user": user.id} | what).encode()
    headers = {"Content-Type": "application/json"}
    request = Request(f"{workspace.base_url}/page/act", data=body, headers=headers)
    with urlopen(request, timeout=5) as response:
        answer: JSON = json.loads(response.read())
    return answer


def test_the_page_is_self_contained(workspace: Workspace) -> None:
    html, headers = get(workspace, "/")
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    named = re.findall(r'(?:src|href)="/(page/[^"]+)"', html.decode())
    assert len(named) >= 5
    for path in (*named, *(f"page/{p.name}" for p in PAGE.iterdir())):
        assert get(workspace, f"/{path}")[0]
    with pytest.raises(HTTPError):
        get(workspace, "/page/..%2f__main__.py")


@pytest.mark.parametrize("path", sorted(PAGE.iterdir()), ids=lambda p: p.name)
def test_page_scripts_neither_write_markup_nor_load_resources(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval("):
        assert forbidden not in text
    assert not re.search(r"""(src|href|import|url\()\s*[=(]?\s*["']?(https?:)?//""", text)


def test_only_local_requests_are_served(workspace: Workspace) -> None:
    with pytest.raises(HTTPError, match="403"):
        get(workspace, "/page/state", Host="attacker.test")
    request = Request(f"{workspace.base_url}/page/act", data=b"kind=say")
    with pytest.raises(HTTPError, match="415"):
        urlopen(request, timeout=5)


def test_a_user_sees_their_own_messages(
    workspace: Workspace, ada: User, general: Channel, client: WebClient
) -> None:
    grace = workspace.add_user("grace")
    private = workspace.add_channel("private", [grace], private=True)
    client.chat_postEphemeral(channel=general.id, user=ada.id, text="only you")
    shown = state(workspace, ada)
    assert private.id not in [c["id"] for c in shown["channels"]]
    [message] = shown["messages"][general.id]
    assert message["text"] == "only you"
    assert message["ephemeral"] is True
    assert general.id not in state(workspace, grace)["messages"]


def test_actions_on_the_page_are_sent_to_the_app(app: Receiver, client: WebClient) -> None:
    workspace, ada, general = app.workspace, app.ada, app.general
    workspace.install(manifest_for("http"))
    act(workspace, ada, "say", channel=general.id, text="/near a puppy")
    assert app.payloads[-1]["text"] == "a puppy"
    client.chat_postMessage(channel=general.id, text="hi", blocks=BUTTONS)
    ts = workspace.messages(general)[-1].ts
    act(workspace, ada, "click", channel=general.id, ts=ts, action="more")
    client.views_open(trigger_id=app.payloads[-1]["trigger_id"], view=MODAL)
    [view] = workspace.views(ada)
    refused = act(workspace, ada, "submit", view=view.id, values={})
    assert refused == {"ok": False, "error": "'Your question' must be filled in"}
    app.answer = {"response_action": "errors", "errors": {"text": "not that"}}
    act(workspace, ada, "submit", view=view.id, values={"text": {"typed": "wrong"}})
    assert state(workspace, ada)["views"][0]["errors"] == {"text": "not that"}
    app.answer = None
    act(workspace, ada, "close", view=view.id)
    assert state(workspace, ada)["views"] == []
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": BUTTONS})
    assert state(workspace, ada)["home"]["blocks"]
    act(workspace, ada, "say", channel=general.id, text="/nowhere")
    assert state(workspace, ada)["notices"][-1]["code"] == "invalid_command"


def test_page_users_can_type_edit_upload_and_choose(
    workspace: Workspace, ada: User, general: Channel, client: WebClient
) -> None:
    act(workspace, ada, "say", channel=general.id, text="one")
    [message] = workspace.messages(general)
    act(workspace, ada, "edit", channel=general.id, ts=message.ts, text="two")
    act(workspace, ada, "say", channel=general.id, text="reply", thread_ts=message.ts)
    assert [m.text for m in workspace.messages(general, message)] == ["two", "reply"]
    content = base64.b64encode(b"a,b").decode()
    act(workspace, ada, "upload", channel=general.id, name="a.csv", content=content, text="file")
    [file] = workspace.messages(general)[1].files
    assert get(workspace, f"/page/file/{file['id']}")[0] == b"a,b"
    posted = client.chat_postMessage(channel=general.id, text="x", blocks=[actions(button())])
    gone = act(workspace, ada, "click", channel=general.id, ts=posted["ts"], action="nothing")
    assert gone["ok"] is False
    trigger = workspace.command(ada, general, "/x").payload["trigger_id"]
    submit = {"type": "plain_text", "text": "Send"}
    client.views_open(trigger_id=trigger, view=modal(text_input(), submit=submit))
    [view] = state(workspace, ada)["views"]
    block_id = view["blocks"][0]["block_id"]
    act(workspace, ada, "submit", view=view["id"], values={block_id: {"t": "typed"}})
    sent = workspace.deliveries("view_submission")[0].payload["view"]
    assert sent["state"]["values"][block_id]["t"]["value"] == "typed"


def test_the_event_stream_reports_changes(workspace: Workspace) -> None:
    with urlopen(f"{workspace.base_url}/page/stream", timeout=5) as stream:
        first = stream.readline()
        workspace.add_user("grace")
        stream.readline()
        assert stream.readline() != first


def test_the_page_can_be_started_from_the_command_line(tmp_path: Path) -> None:
    env = tmp_path / "loopback.env"
    arguments = [sys.executable, "-m", "tests.fake_slack", "--port", "0", "--env", str(env)]
    # without the tests' PYTHONPATH, as when a user starts it
    running = subprocess.Popen(
        arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert running.stdout is not None
        assert running.stderr is not None
        lines = [running.stdout.readline() for _ in range(4)]
        named = dict(line.strip().split("=", 1) for line in lines)
        assert "http://127.0.0.1:" in running.stderr.readline()
        assert env.read_text(encoding="utf-8") == "".join(lines)
        client = WebClient(named["SLACK_BOT_TOKEN"], named["SLACK_API_URL"])
        assert client.auth_test()["ok"]
        assert named["SLACK_APP_TOKEN"].startswith("xapp-")
        assert named["SLACK_SIGNING_SECRET"]
    finally:
        os.kill(running.pid, signal.SIGTERM)
        running.communicate(timeout=10)
    assert running.returncode == 0
