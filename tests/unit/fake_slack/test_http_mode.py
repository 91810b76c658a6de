"""HTTP mode: signatures, retries, and the errors of failed commands."""

import pytest

from tests.fake_slack import Settings, Workspace
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


def test_an_event_is_dropped_after_its_last_retry() -> None:
    settings = Settings(ack=0.2, retry_delays=(0.0, 0.0, 0.0))
    with Workspace(mode="http", settings=settings) as workspace:
        ada, general = workspace.add_user("ada"), workspace.add_channel("general")
        workspace.say(ada, general, "hello")
        workspace.settle()
        [delivery] = workspace.deliveries()
    assert [a.error for a in delivery.attempts] == ["connection_failed"] * 4
    assert delivery.error == "connection_failed"
    assert not delivery.ok


def test_a_slow_reply_times_out_and_the_event_is_retried(app: Receiver) -> None:
    app.delay = 0.7
    app.workspace.say(app.ada, app.workspace.dm(app.ada), "hello")
    app.workspace.wait(lambda: len(app.raw) == 2)
    app.delay = 0.0
    app.workspace.settle()
    attempts = [attempt.error for attempt in app.workspace.deliveries()[0].attempts]
    assert attempts[0] == "http_timeout"
    assert attempts[-1] is None


def test_a_delivery_may_be_lost_or_duplicated(app: Receiver) -> None:
    app.workspace.drop_events(1)
    app.workspace.say(app.ada, app.workspace.dm(app.ada), "hello")
    app.workspace.settle()
    [delivery] = app.workspace.deliveries()
    assert [a.error for a in delivery.attempts] == ["http_timeout", None]
    assert len(app.raw) == 1
    app.workspace.redeliver(delivery, "http_timeout")
    assert [body["event_id"] for body in app.payloads] == [delivery.id] * 2


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
