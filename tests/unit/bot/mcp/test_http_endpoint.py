"""Agents ask over HTTP with a token; all other requests are refused before they are parsed."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from bot.assistant import Assistant
from bot.cli.console import to_text
from bot.identity import User
from bot.mcp.http_endpoint import MAX_BODY_BYTES, PATH, HttpEndpoint
from bot.mcp.tool_server import ToolServer
from bot.ops.rate_limit import RateLimiter
from bot.ops.web_server import WebServer
from bot.readers import Readers, parse_readers
from bot.replies.base import as_json
from index.errors import LedgerError
from tests.unit.bot.mcp.calls import text_of

pytestmark = pytest.mark.children  # a server

PUBLIC = "https://nearsay.example"
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
CALL = {
    "jsonrpc": "2.0",
    "id": 2,
    "method": "tools/call",
    "params": {"name": "define", "arguments": {"term": "tug"}},
}


class Served:
    """A server for the harbour, and a token for it."""

    def __init__(self, desk: Assistant) -> None:
        self.desk = desk
        self.tokens = desk.store.ledger.access_tokens
        self.token = self.new_token("member")
        self.endpoint = HttpEndpoint(ToolServer(desk, to_text), self.tokens.find, PUBLIC)
        self.web = WebServer({PATH: self.endpoint}, ("127.0.0.1", 0), 16)
        self.url = f"http://127.0.0.1:{self.web.port}{PATH}"

    def new_token(self, role: str) -> str:
        return self.tokens.create(f"a {role}", role)[1]

    def post(self, body: object, token: str | None = None, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {
            "Authorization": f"Bearer {token or self.token}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
        }
        return httpx.post(self.url, content=content, headers=given | headers, timeout=30)

    def close(self) -> None:
        self.web.close()
        self.endpoint.close()


@pytest.fixture
def served(desk: Assistant) -> Iterator[Served]:
    server = Served(desk)
    yield server
    server.close()


def structured(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    return response.json()["result"]["structuredContent"]


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_client_calls_the_tools_over_http(served: Served, mode: Any) -> None:
    async def talk() -> None:
        headers = {"Authorization": f"Bearer {served.token}"}
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(served.url, http_client=http)
            async with Client(transport, mode=mode) as client:
                assert len((await client.list_tools()).tools) == 6
                called = await client.call_tool("explain", {"text": "a tug and a VTS"})
                reply = served.desk.ask("explain: a tug and a VTS")
                assert called.structured_content == json.loads(as_json(reply))
                assert text_of(called) == to_text(reply)
                assert len((await client.list_resources()).resources) == 12

    anyio.run(talk)


def test_each_request_stands_alone(served: Served) -> None:
    assert structured(served.post(CALL))["entry"]["term"] == "Tugboat"
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: structured(served.post(CALL)), range(40)))
    assert {one["entry"]["term"] for one in found} == {"Tugboat"}


@pytest.mark.parametrize(
    "header",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nearsay_" + "x" * 43},
        {"Authorization": "Basic bmVhcnNheTp4"},
        {"Authorization": "Bearer \xe9" * 9},
    ],
)
def test_a_request_without_a_valid_token_is_refused_before_it_is_parsed(
    served: Served, header: dict[str, str]
) -> None:
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in header.items()]
    response = httpx.post(served.url, content=b"not JSON", headers=encoded)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert "nearsay token create" in response.text


def test_a_revoked_token_is_refused_at_once(served: Served) -> None:
    assert served.post(LIST).status_code == 200
    served.tokens.revoke("a member")
    assert served.post(LIST).status_code == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("nearsay.example", 200),
        ("NEARSAY.example:443", 200),
        ("localhost:3000", 200),
        ("[::1]:3000", 200),
        ("nearsay.example:8080", 421),
        ("evil.example", 421),
        ("nearsay.example.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("127.0.0.1:x", 421),
        ("", 421),
    ],
)
def test_the_host_must_be_the_public_one_or_this_machine(
    served: Served, host: str, status: int
) -> None:
    assert served.post(LIST, Host=host).status_code == status


def test_pages_of_other_sites_are_refused(served: Served) -> None:
    assert served.post(LIST, Origin="https://evil.example").status_code == 403
    assert served.post(LIST, Origin="null").status_code == 403
    assert served.post(LIST, Origin=PUBLIC).status_code == 200


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "OPTIONS", "HEAD"])
def test_other_methods_are_refused(served: Served, method: str) -> None:
    headers = {"Authorization": f"Bearer {served.token}"}
    response = httpx.request(method, served.url, headers=headers)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


def nested(levels: int) -> bytes:
    arguments = b'{"a":' * levels + b"1" + b"}" * levels
    return (
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"near","arguments":'
        + arguments
        + b"}}"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"\xff\xfe\x00",
        b"[]",
        b"[" * 50_000,
        b"null",
        b'"text"',
        b"{}",
        b'{"jsonrpc": "1.0", "id": 1, "method": "tools/list"}',
        b'{"jsonrpc": "2.0", "id": {}, "method": "tools/list"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": 7}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": []}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "near", '
        b'"arguments": {"text": "\\ud800"}}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "nope"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "resources/list", "params": {"cursor": "-1"}}',
        b'{"jsonrpc": "2.0", "id": 1e400, "method": "tools/list"}',
        nested(100),
        nested(20_000),
        json.dumps(
            CALL | {"params": {"name": "near", "arguments": {"text": "x" * 90_000}}}
        ).encode(),
    ],
    ids=range(20),
)
def test_bad_bodies_are_answered_with_an_error_and_the_next_one_is_served(
    served: Served, body: bytes
) -> None:
    response = served.post(body)
    assert response.status_code < 500
    assert "Traceback" not in response.text
    if response.status_code != 202:  # without a valid id, it is a notification
        answered = response.json()
        assert "error" in answered or answered["result"]["isError"]
    assert structured(served.post(CALL))["kind"] == "entry"


def test_a_large_body_and_large_headers_are_refused(served: Served) -> None:
    assert served.post(b"x" * (MAX_BODY_BYTES + 1)).status_code == 413
    assert served.post(LIST, Cookie="x" * 40_000).status_code == 431


def test_the_rights_of_the_role_decide_what_is_read(served: Served) -> None:
    served.desk.readers = Readers(parse_readers("harbour=members"))
    assert structured(served.post(CALL))["kind"] == "entry"
    refused = structured(served.post(CALL, served.new_token("guest")))
    assert refused["code"] == "not_readable"
    listing = LIST | {"method": "resources/list"}
    assert "error" in served.post(listing, served.new_token("public")).json()


@pytest.mark.parametrize("role", ["public", "guest", "member", "S0CREW", "admin"])
def test_only_tokens_of_members_and_admins_suggest_entries(served: Served, role: str) -> None:
    name, may = f"agent, {role}", role not in ("public", "guest")
    token = served.tokens.create(name, role)[1]
    listed = served.post(LIST, token).json()["result"]["tools"]
    assert ("suggest" in [tool["name"] for tool in listed]) == may
    arguments = {"term": "Jib", "definition": "A sail before the mast."}
    call = CALL | {"params": {"name": "suggest", "arguments": arguments}}
    suggested = structured(served.post(call, token))
    assert (suggested.get("code") == "not_allowed") != may
    waiting = served.desk.store.ledger.suggestions.open(9)
    assert [one.name for one in waiting] == ([name] if may else [])


def test_a_token_has_the_rate_limit_of_a_user(served: Served) -> None:
    served.desk.limits = RateLimiter(person=2)
    kinds = [structured(served.post(CALL))["kind"] for _ in range(3)]
    assert kinds == ["entry", "entry", "problem"]
    assert structured(served.post(CALL, served.new_token("admin")))["kind"] == "entry"


def test_without_the_ledger_a_request_is_put_off(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_secret: str) -> None:
        raise LedgerError("The ledger is locked.")

    monkeypatch.setattr(served.endpoint, "_find_token", locked)
    response = served.post(LIST)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")


def test_an_unexpected_error_shows_a_reference_only(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> User:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("bot.assistant.define", broken)
    response = served.post(CALL)
    assert structured(response)["code"] == "internal"
    assert "secret detail" not in response.text


def test_an_error_of_the_protocol_is_reported_with_a_reference(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    with monkeypatch.context() as patch:
        patch.setattr("bot.mcp.http_endpoint._Protocol.answer", broken)
        response = served.post(CALL)
    assert response.status_code == 500
    reference = response.text.rstrip(").").rpartition(" ")[2]
    assert reference in caplog.text
    assert "secret detail" not in response.text
    assert structured(served.post(CALL))["kind"] == "entry"
