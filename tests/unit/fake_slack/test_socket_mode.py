"""Socket Mode: tickets, several connections, half-open connections, retries."""

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import websocket
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fake_slack import Settings, Workspace

JSON = dict[str, Any]


@pytest.fixture
def sockets() -> Iterator[Workspace]:
    """Provide a workspace in Socket Mode without an app, with a short acknowledgement timeout."""
    settings = Settings(ack=0.3, retry_delays=(0.0, 0.0), ping=0.1)
    with Workspace(mode="socket", settings=settings) as workspace:
        workspace.add_user("ada")
        workspace.add_channel("general")
        yield workspace


Connect = Callable[[], "websocket.WebSocket"]


@pytest.fixture
def connect(sockets: Workspace) -> Iterator[Connect]:
    opened: list[websocket.WebSocket] = []

    def connect() -> websocket.WebSocket:
        client = WebClient(base_url=sockets.api_url)
        url = client.apps_connections_open(app_token=sockets.app_token)["url"]
        opened.append(websocket.create_connection(url, timeout=3))
        return opened[-1]

    yield connect
    for socket in opened:
        socket.shutdown()  # type: ignore[no-untyped-call]


def receive(socket: websocket.WebSocket) -> JSON:
    message: JSON = json.loads(socket.recv())
    return message


def test_an_unacknowledged_event_is_sent_again(sockets: Workspace, connect: Connect) -> None:
    socket = connect()
    receive(socket)
    sockets.say("ada", "general", "hi")
    envelopes = [receive(socket) for _ in range(3)]
    assert [e["retry_attempt"] for e in envelopes] == [0, 1, 2]
    assert [e["retry_reason"] for e in envelopes] == ["", "timeout", "timeout"]
    assert len({e["envelope_id"] for e in envelopes}) == 3
    assert len({e["payload"]["event_id"] for e in envelopes}) == 1
    sockets.settle()
    assert sockets.deliveries()[0].error == "timeout"


def test_a_ticket_opens_one_socket(sockets: Workspace) -> None:
    client = WebClient(base_url=sockets.api_url)
    url = client.apps_connections_open(app_token=sockets.app_token)["url"]
    websocket.create_connection(url, timeout=3).close()
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(url, timeout=3)


def test_each_payload_is_sent_to_one_of_ten_sockets(sockets: Workspace, connect: Connect) -> None:
    sockets.settings = Settings()  # all ten payloads are sent before the first is acknowledged
    opened = [connect() for _ in range(10)]
    for number, socket in enumerate(opened, 1):
        assert receive(socket)["num_connections"] == number
    eleventh = connect()
    assert receive(eleventh) == {
        "type": "disconnect",
        "reason": "too_many_websockets",
        "debug_info": {"host": "applink-loopback"},
    }
    for _ in range(10):
        sockets.say("ada", "general", "hi")
    for socket in opened:
        envelope = receive(socket)
        socket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
    sockets.settle()
    assert all(d.ok and len(d.attempts) == 1 for d in sockets.deliveries())


def test_half_open_socket_ignores_pings_and_payloads(sockets: Workspace, connect: Connect) -> None:
    socket = connect()
    receive(socket)
    sockets.make_half_open()
    sockets.say("ada", "general", "hi")
    socket.ping("there?")
    socket.settimeout(0.4)
    # The server may have sent earlier pings.
    got = []
    with contextlib.suppress(websocket.WebSocketTimeoutException):
        while True:
            got.append(socket.recv_data(control_frame=True)[0])
    assert set(got) <= {websocket.ABNF.OPCODE_PING}
    sockets.settle()
    assert sockets.deliveries()[0].error == "timeout"


def test_http_mode_refuses_sockets(workspace: Workspace, client: WebClient) -> None:
    with pytest.raises(SlackApiError, match="socket_mode_not_enabled"):
        client.apps_connections_open(app_token=workspace.app_token)
