"""HTTP mode: the signature, retries, and the errors of failed commands."""

import pytest

from tests.fake_slack import signature
from tests.unit.fake_slack.receiver import Receiver


def test_the_signature_of_the_documented_example_matches() -> None:
    """The example is from docs.slack.dev/authentication/verifying-requests-from-slack."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    assert signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == (
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )


def test_an_event_is_retried_until_it_is_acknowledged(app: Receiver) -> None:
    app.status = 500
    app.workspace.say(app.ada, app.workspace.dm(app.ada), "hello")
    app.workspace.wait(lambda: any(one.attempts for one in app.workspace.deliveries()))
    app.status = 200
    app.workspace.settle()
    [delivery] = app.workspace.deliveries()
    assert delivery.ok
    assert delivery.attempts[0].error == "http_error"
    assert "x-slack-retry-num" not in app.headers[0]
    assert app.headers[1]["x-slack-retry-num"] == "1"
    assert app.headers[1]["x-slack-retry-reason"] == "http_error"
    assert app.payloads[0] == app.payloads[1]


def test_a_slow_reply_times_out_and_the_app_can_refuse_retries(app: Receiver) -> None:
    app.delay = 0.7
    app.workspace.say(app.ada, app.workspace.dm(app.ada), "hello")
    app.workspace.wait(lambda: len(app.raw) == 2)
    app.delay, app.status, app.more = 0.0, 500, {"X-Slack-No-Retry": "1"}
    app.workspace.settle()
    attempts = [attempt.error for attempt in app.workspace.deliveries()[0].attempts]
    assert attempts[0] == "http_timeout"
    assert attempts[-1] == "http_error"
    assert len(attempts) < 4


@pytest.mark.parametrize(
    ("status", "delay", "error"),
    [
        (404, 0, "http_client_error"),
        (500, 0, "http_service_error"),
        (200, 0.7, "operation_timeout"),
    ],
)
def test_a_failed_command_shows_its_error_and_is_not_retried(
    app: Receiver, status: int, delay: float, error: str
) -> None:
    app.status, app.delay = status, delay
    delivery = app.workspace.command(app.ada, app.general, "/near")
    assert delivery.error == error
    assert len(delivery.attempts) == 1
    assert f'"{error}"' in app.workspace.notices(app.ada)[0].text
    app.workspace.request_url = None
    assert app.workspace.command(app.ada, app.general, "/near").error == "dispatch_failed"
