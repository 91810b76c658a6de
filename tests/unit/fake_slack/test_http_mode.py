"""HTTP mode: retries, and the errors of failed commands."""

from dataclasses import replace

import pytest

from tests.unit.fake_slack.receiver import Receiver


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


@pytest.mark.parametrize(
    ("status", "delay", "error"),
    [
        (404, 0, "http_client_error"),
        (500, 0, "http_service_error"),
        (200, 0.4, "operation_timeout"),
    ],
)
def test_a_failed_command_shows_its_error_and_is_not_retried(
    app: Receiver, status: int, delay: float, error: str
) -> None:
    app.status, app.delay = status, delay
    if delay:
        app.workspace.settings = replace(app.workspace.settings, ack=0.1)
    delivery = app.workspace.command(app.ada, app.general, "/near")
    assert delivery.error == error
    assert len(delivery.attempts) == 1
    assert f'"{error}"' in app.workspace.notices(app.ada)[0].text
    app.workspace.request_url = None
    assert app.workspace.command(app.ada, app.general, "/near").error == "dispatch_failed"
