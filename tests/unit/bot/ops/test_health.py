"""Health probes: their replies, and that they listen on the loopback address only."""

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from bot.ops.health import Health


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
