"""Forged and malformed HTTP requests, each with its expected status code."""

import contextlib
import socket
import time
from urllib.parse import urlencode

import pytest

from tests.slack.talking import quiet, sent_messages
from tests.slack.team import Team

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
COMMAND = urlencode({"command": "/near", "text": "rope", "trigger_id": "1.2", "user_id": "U1"})
STAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"

# HTTP requests: the body, headers in place of a valid signature (None: unsigned), and the accepted
# status codes.
REQUESTS: tuple[tuple[str, bytes, dict[str, str] | None, set[int]], ...] = (
    ("an empty body", b"", FORM, {400}),
    ("unsigned", COMMAND.encode(), None, {401}),
    ("a wrong signature", COMMAND.encode(), FORM | {SIGNATURE: "v0=" + "0" * 64}, {401}),
    ("a signature that is not ASCII", COMMAND.encode(), FORM | {SIGNATURE: "v0=é"}, {401}),
    ("signed at another time", COMMAND.encode(), FORM | {STAMP: "1"}, {401}),
    ("signed at abc", COMMAND.encode(), FORM | {STAMP: "abc"}, {401}),
    ("signed at a number of 5,000 digits", COMMAND.encode(), FORM | {STAMP: "1" * 5_000}, {401}),
    ("a null event", b'{"type": "event_callback", "event": null}', JSON, {400}),
    ("invalid JSON", b"{", JSON, {400}),
    ("a JSON list", b"[]", JSON, {400}),
    ("JSON with NaN", b'{"type": NaN, "event": {"ts": NaN}}', JSON, {200, 400, 404}),
    ("JSON 100,000 deep", b"[" * 100_000, JSON, {400}),
    ("invalid UTF-8, unsigned", b"\xff\xfe\x80", None, {401}),
    ("2 MB", b"x" * 2_000_000, FORM, {413}),
    ("no command", b"text=rope", FORM, {200, 400, 404}),
    ("a null payload", b"payload=null", FORM, {400}),
)
MODES = ["http"]


@pytest.mark.parametrize(
    ("body", "headers", "statuses"), [pytest.param(*row[1:], id=row[0]) for row in REQUESTS]
)
def test_malformed_request_gets_the_expected_status(
    team: Team, body: bytes, headers: dict[str, str] | None, statuses: set[int]
) -> None:
    signed = FORM if headers is None else team.workspace.sign(body) | headers
    assert team.workspace.post_raw(body, signed).status in statuses
    quiet(team)
    assert not sent_messages(team)
    assert "Hawser" in team.ask("/near thick rope").text, "the next request is answered"


@pytest.mark.parametrize("seconds", [-301, 86_400])
def test_request_with_another_timestamp_is_refused(team: Team, seconds: float) -> None:
    headers = team.workspace.sign(COMMAND, time.time() + seconds) | FORM
    assert team.workspace.post_raw(COMMAND, headers).status == 401


def test_request_is_accepted_once_and_only_with_its_signed_body(own_team: Team) -> None:
    assert own_team.workspace.verify_url(), "Slack can verify the address"
    body = f"{COMMAND}&round={time.time_ns()}"
    headers = own_team.workspace.sign(body) | FORM
    assert own_team.workspace.post_raw(body + "x", headers).status == 401
    statuses = [own_team.workspace.post_raw(body, headers).status for _ in range(3)]
    assert statuses == [200, 401, 401]
    later = own_team.workspace.sign(body, time.time() - 5) | FORM
    assert own_team.workspace.post_raw(body, later).status == 200, "Slack signs a retry again"


@pytest.mark.parametrize(
    "length", ["Content-Length: 100000000", "Transfer-Encoding: chunked"], ids=["length", "chunked"]
)
def test_hundred_megabyte_body_is_refused_without_reading_it(team: Team, length: str) -> None:
    with socket.create_connection(("127.0.0.1", team.service.port), timeout=5) as connection:
        head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{length}\r\n\r\n"
        connection.sendall(head.encode())
        if "chunked" in length:
            with contextlib.suppress(OSError):  # the connection may be closed already
                for _ in range(100):
                    connection.sendall(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
                connection.sendall(b"0\r\n\r\n")
        assert b" 413 " in connection.recv(100)


def test_half_open_connections_do_not_keep_slack_out(team: Team) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(300):
            half = held.enter_context(socket.create_connection(("127.0.0.1", team.service.port)))
            half.sendall(b"POST /slack/events HTTP/1.1\r\nContent-Le")
        began = time.monotonic()
        assert "Hawser" in team.ask("/near thick rope").text
        assert time.monotonic() - began < 3
