"""A minimal app that records Slack's HTTP requests and returns the responses set by a test."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from tests.fake_slack import Channel, User, Workspace

JSON = dict[str, Any]
COMMANDS = ("/near", "/loud")
MODAL: JSON = {
    "type": "modal",
    "callback_id": "question",
    "title": {"type": "plain_text", "text": "Question"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "text",
            "label": {"type": "plain_text", "text": "Your question"},
            "element": {"type": "plain_text_input", "action_id": "typed"},
        }
    ],
}
BUTTON: JSON = {"type": "button", "action_id": "more", "value": "page-2"}
BUTTONS: list[JSON] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Near* it"}},
    {
        "type": "actions",
        "block_id": "more",
        "elements": [BUTTON | {"text": {"type": "plain_text", "text": "More"}}],
    },
]


def manifest_for(mode: str) -> JSON:
    """Return the app's manifest for a mode."""
    shortcuts = [
        {"name": "Look it up", "type": "message", "callback_id": "look_up", "description": "Looks"},
        {"name": "Ask", "type": "global", "callback_id": "ask", "description": "Asks"},
    ]
    scopes = ["app_mentions:read", "channels:history", "chat:write", "commands", "files:write"]
    return {
        "display_information": {"name": "Sample"},
        "features": {
            "bot_user": {"display_name": "Sample", "always_online": True},
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "slash_commands": [{"command": name, "description": "A command"} for name in COMMANDS],
            "shortcuts": shortcuts,
        },
        "oauth_config": {"scopes": {"bot": [*scopes, "im:history"]}},
        "settings": {
            "event_subscriptions": {
                "bot_events": ["app_home_opened", "app_mention", "message.channels", "message.im"]
            },
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": mode == "socket",
        },
    }


@dataclass
class Receiver:
    """The app in its workspace, with ada and a channel. `bodies` and `headers` are those of the
    received requests."""

    workspace: Workspace
    ada: User
    general: Channel
    status: int = 200
    answer: Any = None
    delay: float = 0.0
    raw: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def payloads(self) -> list[JSON]:
        """The received payloads, parsed from forms or JSON."""
        return [_read(body) for body in self.raw]


def _read(body: bytes) -> JSON:
    if body.startswith(b"{"):
        return dict(json.loads(body))
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return dict(json.loads(form["payload"])) if "payload" in form else dict(form)


@contextmanager
def receiving(workspace: Workspace) -> Iterator[Receiver]:
    """Serve the app over HTTP during the block."""
    ada = workspace.add_user("ada", is_admin=True)
    app = Receiver(workspace, ada, workspace.add_channel("general", [ada]))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            app.headers.append({name.lower(): value for name, value in self.headers.items()})
            app.raw.append(body)
            time.sleep(app.delay)
            content = b"" if app.answer is None else json.dumps(app.answer).encode()
            self.send_response(app.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    workspace.request_url = f"http://127.0.0.1:{server.server_port}/slack/events"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield app
    finally:
        server.shutdown()
        server.server_close()
