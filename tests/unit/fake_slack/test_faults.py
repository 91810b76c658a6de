"""Injected faults take effect; otherwise, the tests that inject them would prove nothing."""

import http.client
import time

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fake_slack import Channel, Workspace


def test_a_rate_limit_fault_has_the_given_retry_after_header(
    workspace: Workspace, client: WebClient
) -> None:
    workspace.fault("auth.test", status=429, retry_after=7)
    with pytest.raises(SlackApiError) as limited:
        client.auth_test()
    assert limited.value.response.status_code == 429
    assert limited.value.response["error"] == "ratelimited"
    assert limited.value.response.headers.get("Retry-After") == "7"
    client.auth_test()


def test_a_server_error_applies_to_the_given_number_of_calls_of_one_method(
    workspace: Workspace, general: Channel, client: WebClient
) -> None:
    fault = workspace.fault("chat.postMessage", status=503, times=2)
    for _ in range(2):
        client.auth_test()
        with pytest.raises(SlackApiError):
            client.chat_postMessage(channel=general.id, text="x")
    client.chat_postMessage(channel=general.id, text="y")
    assert fault.hits == 2
    assert [m.text for m in workspace.messages(general)] == ["y"]
    errors = [c.error for c in workspace.calls("chat.postMessage")]
    assert errors == ["fault:503", "fault:503", None]


def test_a_connection_may_close_after_the_call_takes_effect(
    workspace: Workspace, general: Channel, client: WebClient
) -> None:
    """An app that retries such a call posts the message twice."""
    workspace.fault("chat.postMessage", close=True)
    workspace.fault("chat.postMessage", close=True, after=True)
    for _ in range(2):
        with pytest.raises((OSError, http.client.HTTPException)):
            client.chat_postMessage(channel=general.id, text="once")
    assert [m.text for m in workspace.messages(general)] == ["once"]


def test_a_reply_may_be_delayed_or_missing(workspace: Workspace, client: WebClient) -> None:
    workspace.fault("auth.test", delay=0.2)
    began = time.monotonic()
    client.auth_test()
    assert time.monotonic() - began >= 0.2
    workspace.fault("auth.test", hang=True)
    client.timeout = 0.2  # type: ignore[assignment]
    with pytest.raises(OSError, match="timed out"):
        client.auth_test()
