"""A small Bolt app that uses most of what the workspace offers, served in either mode."""

from __future__ import annotations

import threading
import time
from socketserver import ThreadingMixIn
from types import TracebackType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from tests.workspace import Channel, User, Workspace

JSON = dict[str, Any]


def manifest_for(mode: str) -> JSON:
    """The app's manifest for a mode."""
    commands = ("/near", "/slow", "/loud", "/broken")
    return {
        "display_information": {"name": "Sample"},
        "features": {
            "bot_user": {"display_name": "Sample", "always_online": True},
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "slash_commands": [
                {"command": name, "description": "A command", "should_escape": False}
                for name in commands
            ],
            "shortcuts": [
                {
                    "name": "Look it up",
                    "type": "message",
                    "callback_id": "look_up",
                    "description": "Looks a message up",
                },
                {
                    "name": "Ask",
                    "type": "global",
                    "callback_id": "ask",
                    "description": "Asks a question",
                },
            ],
        },
        "oauth_config": {
            "scopes": {
                "bot": [
                    "app_mentions:read",
                    "channels:history",
                    "chat:write",
                    "commands",
                    "files:write",
                    "im:history",
                ]
            }
        },
        "settings": {
            "event_subscriptions": {
                "bot_events": ["app_home_opened", "app_mention", "message.channels", "message.im"]
            },
            "interactivity": {"is_enabled": True, "message_menu_options_url": "https://x.test/"},
            "socket_mode_enabled": mode == "socket",
        },
    }


BUTTONS: list[JSON] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Near* it"}},
    {
        "type": "actions",
        "block_id": "more",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "More"},
                "action_id": "more",
                "value": "page-2",
            },
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "Ask"},
                "action_id": "ask",
            },
        ],
    },
]


def modal(title: str = "Question") -> JSON:
    return {
        "type": "modal",
        "callback_id": "question",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "notify_on_close": True,
        "blocks": [
            {
                "type": "input",
                "block_id": "text",
                "label": {"type": "plain_text", "text": "Your question"},
                "element": {"type": "plain_text_input", "action_id": "typed"},
            },
            {
                "type": "input",
                "block_id": "from",
                "optional": True,
                "label": {"type": "plain_text", "text": "Source"},
                "element": {"type": "external_select", "action_id": "source"},
            },
            {
                "type": "input",
                "block_id": "told",
                "optional": True,
                "dispatch_action": True,
                "label": {"type": "plain_text", "text": "More"},
                "element": {
                    "type": "plain_text_input",
                    "action_id": "told",
                    "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
                },
            },
        ],
    }


class Runner:
    """A workspace with the app on it. `seen` is what the listeners were given, in order."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.seen: list[tuple[str, JSON]] = []
        self.headers: list[dict[str, Any]] = []
        self.ada: User = workspace.add_user("ada")
        self.general: Channel = workspace.add_channel("general")
        self.round = 0
        # One attempt a call: what a fault does must not be mended by the client.
        client = WebClient(
            token=workspace.bot_token, base_url=workspace.api_url, timeout=5, retry_handlers=[]
        )
        self.client = client
        self.bolt = App(client=client, signing_secret=workspace.signing_secret)
        self._listen(self.bolt)

    def __enter__(self) -> Any:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    def renew(self) -> None:
        """Begin a test that shares the app with others: new people, an empty record."""
        self.round += 1
        self.ada = self.workspace.add_user(f"ada{self.round}")
        self.general = self.workspace.add_channel(f"general{self.round}", [self.ada])
        self.workspace.settle()
        self.workspace.forget()
        self.seen.clear()
        self.headers.clear()

    def _see(self, name: str, body: JSON) -> None:
        self.seen.append((name, body))

    def _listen(self, bolt: App) -> None:
        @bolt.middleware
        def headers(req: Any, next_: Any) -> None:
            self.headers.append(dict(req.headers))
            next_()

        @bolt.command("/near")
        def near(ack: Any, respond: Any, body: JSON) -> None:
            ack()
            self._see("/near", body)
            respond(text=f"near {body['text']}", blocks=BUTTONS)

        @bolt.command("/slow")
        def slow(ack: Any, body: JSON) -> None:
            self._see("/slow", body)
            time.sleep(1.3)
            ack("too late")

        @bolt.command("/loud")
        def loud(ack: Any) -> None:
            ack(text="for all", response_type="in_channel")

        @bolt.command("/broken")
        def broken(ack: Any) -> None:
            ack(blocks=[{"type": "header", "text": {"type": "mrkdwn", "text": "no"}}])

        @bolt.event("app_mention")
        def mention(event: JSON, body: JSON, say: Any) -> None:
            self._see("app_mention", body)
            say(text=f"answer to {event['text']}", thread_ts=event.get("thread_ts", event["ts"]))

        @bolt.event("message")
        def message(body: JSON) -> None:
            self._see("message", body)

        @bolt.event("app_home_opened")
        def home(body: JSON, event: JSON, client: WebClient) -> None:
            self._see("app_home_opened", body)
            client.views_publish(user_id=event["user"], view={"type": "home", "blocks": BUTTONS})

        @bolt.action("more")
        def more(ack: Any, body: JSON, respond: Any) -> None:
            ack()
            self._see("more", body)
            if "response_url" in body:
                respond(text="page 2", replace_original=True)

        @bolt.action("ask")
        def ask(ack: Any, body: JSON, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=modal())

        @bolt.shortcut("ask")
        def ask_shortcut(ack: Any, body: JSON, client: WebClient) -> None:
            ack()
            self._see("ask", body)
            client.views_open(trigger_id=body["trigger_id"], view=modal())

        @bolt.shortcut("look_up")
        def look_up(ack: Any, body: JSON, respond: Any) -> None:
            ack()
            self._see("look_up", body)
            respond(text=f"about {body['message']['text']}")

        @bolt.options("source")
        def source(ack: Any, body: JSON) -> None:
            self._see("source", body)
            text = {"type": "plain_text", "text": f"{body['value']}…"}
            ack(options=[{"text": text, "value": "s1"}])

        @bolt.action("told")
        def told(ack: Any, body: JSON) -> None:
            ack()
            self._see("told", body)

        @bolt.view("question")
        def question(ack: Any, view: JSON, body: JSON) -> None:
            self._see("question", body)
            match view["state"]["values"]["text"]["typed"]["value"]:
                case "wrong":
                    ack(response_action="errors", errors={"text": "not that"})
                case "again":
                    ack(response_action="update", view=modal("Again"))
                case "deeper":
                    ack(response_action="push", view=modal("Deeper"))
                case "clear":
                    ack(response_action="clear")
                case "no view":
                    ack(response_action="update", view={"type": "modal"})
                case _:
                    ack()

        @bolt.view_closed("question")
        def closed(ack: Any, body: JSON) -> None:
            ack()
            self._see("closed", body)


class SocketApp(Runner):
    """The app in Socket Mode."""

    def __enter__(self) -> SocketApp:
        self.handler = SocketModeHandler(
            self.bolt, self.workspace.app_token, web_client=self.client, ping_interval=0.4
        )
        self.handler.connect()  # type: ignore[no-untyped-call]
        self.workspace.wait(lambda: self.workspace.sockets)
        return self

    def __exit__(self, *error: object) -> None:
        # Closed from this side, websocket-client may sit in a select for ten seconds; and its
        # threads stop faster when all are told before the first is waited for.
        client = self.handler.client
        client.auto_reconnect_enabled = False
        for thread in (
            client.current_session_runner,
            client.current_app_monitor,
            client.message_processor,
        ):
            thread.event.set()
        self.workspace.drop_sockets()
        self.workspace.wait(lambda: not client.is_connected())
        self.handler.close()  # type: ignore[no-untyped-call]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return


class HttpApp(Runner):
    """The app behind a request URL."""

    def __enter__(self) -> HttpApp:
        self.serve(0)
        return self

    def __exit__(self, *error: object) -> None:
        self.stop_serving()

    def serve(self, port: int) -> None:
        handler = SlackRequestHandler(self.bolt, path="/slack/events")
        self.server = make_server("127.0.0.1", port, handler, _Server, _Quiet)
        self.port = self.server.server_port
        self.workspace.request_url = f"http://127.0.0.1:{self.port}/slack/events"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()

    def stop_serving(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
