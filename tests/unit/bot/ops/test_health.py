"""Health probes: their replies, and that they listen on the loopback address only."""

import http.client
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from bot.ops.health import TIMEOUT_S, Health, is_ours


@pytest.fixture
def state() -> dict[str, bool]:
    return {"warm": True, "connected": True}


@pytest.fixture
def health(state: dict[str, bool]) -> Iterator[Health]:
    conditions = {"warm": lambda: state["warm"], "connected": lambda: state["connected"]}
    served = Health(0, conditions)
    yield served
    served.close()


def get(health: Health, path: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{health.port}{path}", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"{}")


@pytest.mark.parametrize("name", ["warm", "connected"])
def test_readyz_returns_503_while_a_condition_does_not_hold(
    health: Health, state: dict[str, bool], name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    ready = {"ready": True, "warm": True, "connected": True}
    assert get(health, "/readyz") == (200, ready)
    state[name] = False
    assert get(health, "/readyz") == (503, ready | {"ready": False, name: False})
    assert get(health, "/healthz") == (200, {"healthy": True})
    assert capfd.readouterr() == ("", ""), "probes are not logged"
    del state[name]  # a condition that raises does not hold
    assert get(health, "/readyz") == (503, ready | {"ready": False, name: False})


def test_other_paths_return_404(health: Health) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{health.port}/metrics", timeout=5) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert b"# TYPE nearsay_requests_total counter" in answer.read()
    for path in ("/", "/healthz/", "/../healthz", "/healthz%00"):
        assert get(health, path) == (404, {"paths": ["/healthz", "/readyz", "/metrics"]})


def test_the_server_listens_on_loopback_and_refuses_a_port_in_use(health: Health) -> None:
    with socket.socket() as other, pytest.raises(OSError, match="refused"):
        other.connect(("127.0.0.2", health.port))
    with pytest.raises(OSError, match="in use"):
        Health(health.port, {})


@pytest.mark.parametrize(
    ("host", "given", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1:3001", True),
        ("127.0.0.1", "LOCALHOST", True),
        ("127.0.0.1", "[::1]:3001", True),
        ("127.0.0.1", "rebound.example", False),
        ("127.0.0.1", "10.0.0.5:3001", False),
        ("127.0.0.1", "bot:3001", False),
        ("127.0.0.1", "", False),
        ("0.0.0.0", "10.0.0.5:3001", True),
        ("0.0.0.0", "[fd00::1]:3001", True),
        ("0.0.0.0", "bot:3001", True),
        ("0.0.0.0", "rebound.example:3001", False),
        ("0.0.0.0", "127.0.0.1.rebound.example", False),
        ("bot.internal", "bot.internal:3001", True),
    ],
)
def test_a_host_header_must_name_this_server(host: str, given: str, allowed: bool) -> None:
    assert is_ours(given, host) is allowed


def test_a_browser_under_another_name_is_refused(health: Health) -> None:
    asked = http.client.HTTPConnection("127.0.0.1", health.port, timeout=5)
    asked.request("GET", "/metrics", headers={"Host": "rebound.example"})
    answer = asked.getresponse()
    assert (answer.status, b"nearsay_" in answer.read()) == (421, False)
    asked.close()


def test_the_server_listens_where_the_setting_says() -> None:
    served = Health(0, {}, "127.0.0.2")
    try:
        with urllib.request.urlopen(f"http://127.0.0.2:{served.port}/healthz", timeout=5) as answer:
            assert answer.status == 200
    finally:
        served.close()


def test_a_request_that_does_not_arrive_is_dropped(
    health: Health, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert TIMEOUT_S <= 10
    monkeypatch.setattr("bot.ops.health._Handler.timeout", 0.1)
    with socket.create_connection(("127.0.0.1", health.port), timeout=5) as half:
        half.sendall(b"GET /met")
        began = time.monotonic()
        assert half.recv(10) == b""
        assert time.monotonic() - began < 3
