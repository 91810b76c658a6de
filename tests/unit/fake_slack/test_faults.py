"""Tests of injected faults."""

import http.client
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from tests.fake_slack import Channel, User, Workspace


@pytest.mark.parametrize(
    ("retry_after", "header"),
    [(7, "7"), (0.5, "0.5"), (10**12, "1000000000000"), ("soon", "soon"), (None, None)],
)
def test_a_rate_limit_fault_has_the_given_retry_after_header(
    workspace: Workspace, client: WebClient, retry_after: float | str | None, header: str | None
) -> None:
    workspace.fault("auth.test", status=429, retry_after=retry_after)
    with pytest.raises(SlackApiError) as limited:
        client.auth_test()
    assert limited.value.response.status_code == 429
    assert limited.value.response["error"] == "ratelimited"
    assert limited.value.response.headers.get("Retry-After") == header
    client.auth_test()


def test_a_retry_after_header_may_be_a_date(workspace: Workspace, client: WebClient) -> None:
    date = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    workspace.fault("auth.test", status=429, retry_after=date)
    with pytest.raises(SlackApiError) as limited:
        client.auth_test()
    assert parsedate_to_datetime(limited.value.response.headers["Retry-After"]) == date


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


def test_an_error_code_lasts_until_it_is_cleared(workspace: Workspace, client: WebClient) -> None:
    with workspace.fault("*", error="fatal_error", times=None) as fault:
        for _ in range(3):
            with pytest.raises(SlackApiError, match="fatal_error"):
                client.auth_test()
    assert fault.hits == 3
    client.auth_test()


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


def test_faults_apply_to_response_urls_and_uploads(
    workspace: Workspace, ada: User, general: Channel, client: WebClient
) -> None:
    url = workspace.command(ada, general, "/x").payload["response_url"]
    workspace.fault("response_url", status=500)
    assert WebhookClient(url, retry_handlers=[]).send(text="x").status_code == 500
    assert WebhookClient(url).send(text="y").status_code == 200
    assert [m.text for m in workspace.ephemerals(ada, general)] == ["y"]
    workspace.fault("upload", status=500)
    with pytest.raises(Exception, match="500"):
        client.files_upload_v2(channel=general.id, filename="a.txt", content="x")
