"""HTTP mode: signatures, retries, url_verification, and requests that are not Slack's."""

from __future__ import annotations

import time
from collections.abc import Callable

from slack_bolt import BoltResponse
from slack_sdk.signature import SignatureVerifier

from tests.test_workspace.sample_app import HttpApp, manifest_for
from tests.workspace import Settings, Workspace, signature


def test_the_published_example_has_its_published_signature() -> None:
    """From docs.slack.dev/authentication/verifying-requests-from-slack."""
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


def test_every_delivery_is_signed(http_app: HttpApp) -> None:
    workspace = http_app.workspace
    delivery = workspace.command(http_app.ada, http_app.general, "/near", "ä & ö")
    body, _ = workspace.body_of(delivery)
    headers = http_app.headers[0]
    verifier = SignatureVerifier(workspace.signing_secret)
    stamp = headers["x-slack-request-timestamp"][0]
    assert abs(time.time() - int(stamp)) < 5
    assert verifier.is_valid(body, stamp, headers["x-slack-signature"][0])
    assert headers["content-type"] == ["application/x-www-form-urlencoded"]


def test_forged_unsigned_and_replayed_requests(http_app: HttpApp) -> None:
    workspace = http_app.workspace
    delivery = workspace.command(http_app.ada, http_app.general, "/near", "x")
    body, content_type = workspace.body_of(delivery)
    kind = {"Content-Type": content_type}
    assert workspace.post_raw(body, kind | workspace.sign(body)).status == 200
    assert workspace.post_raw(body, kind).status == 401
    assert workspace.post_raw(body + b"&x=1", kind | workspace.sign(body)).status == 401
    old = workspace.sign(body, time.time() - 600)
    assert workspace.post_raw(body, kind | old).status == 401
    workspace.settle()
    assert len(http_app.seen) == 2


def test_the_request_url_is_verified(http_app: HttpApp) -> None:
    assert http_app.workspace.verify_url("a challenge")


def test_an_event_is_sent_again_until_it_is_acknowledged(http_app: HttpApp) -> None:
    workspace = http_app.workspace
    port = http_app.port
    http_app.stop_serving()
    message = workspace.say(http_app.ada, http_app.general, f"{workspace.mention} hello")
    workspace.wait(lambda: workspace.deliveries("app_mention")[0].attempts)
    http_app.serve(port)
    workspace.wait(lambda: workspace.replies(message))
    workspace.settle()
    [delivery] = workspace.deliveries("app_mention")
    assert delivery.ok
    assert len(delivery.attempts) > 1
    assert delivery.attempts[0].error == "connection_failed"
    retry = next(h for h in http_app.headers if "x-slack-retry-num" in h)
    assert retry["x-slack-retry-reason"] == ["connection_failed"]


def test_an_event_is_given_up_after_its_last_retry() -> None:
    settings = Settings(ack=0.2, retry_delays=(0.0, 0.0, 0.0))
    with Workspace(mode="http", settings=settings) as workspace:
        ada, general = workspace.add_user("ada"), workspace.add_channel("general")
        workspace.say(ada, general, "hello")
        workspace.settle()
        [delivery] = workspace.deliveries()
    assert [a.error for a in delivery.attempts] == ["connection_failed"] * 4
    assert delivery.error == "connection_failed"
    assert not delivery.ok


def test_a_slow_answer_is_a_time_out(http_app: HttpApp) -> None:
    workspace = http_app.workspace

    @http_app.bolt.middleware
    def sleepy(body: dict[str, object], next_: Callable[[], object]) -> None:
        if body.get("event_id"):
            time.sleep(1.2)
        next_()

    workspace.say(http_app.ada, workspace.dm(http_app.ada), "hello")
    workspace.wait(lambda: len(workspace.deliveries()[0].attempts) >= 2)
    first, second = workspace.deliveries()[0].attempts[:2]
    assert first.error == "http_timeout"
    assert second.number == 1


def test_the_app_can_refuse_retries(http_app: HttpApp) -> None:
    workspace = http_app.workspace

    @http_app.bolt.middleware
    def refuse(body: dict[str, object], next_: Callable[[], object]) -> object:
        if body.get("event_id"):
            return BoltResponse(status=500, headers={"X-Slack-No-Retry": "1"})
        return next_()

    workspace.say(http_app.ada, workspace.dm(http_app.ada), "hello")
    workspace.settle()
    [delivery] = workspace.deliveries()
    assert [a.error for a in delivery.attempts] == ["http_error"]


def test_a_delivery_of_which_only_the_retry_arrives(http_app: HttpApp) -> None:
    workspace = http_app.workspace
    workspace.lose(1)
    message = workspace.say(http_app.ada, http_app.general, f"{workspace.mention} hello")
    workspace.wait(lambda: workspace.replies(message))
    workspace.settle()
    mentions = [body for name, body in http_app.seen if name == "app_mention"]
    assert len(mentions) == 1
    [delivery] = workspace.deliveries("app_mention")
    assert [a.error for a in delivery.attempts] == ["http_timeout", None]


def test_the_same_event_can_be_delivered_twice(http_app: HttpApp) -> None:
    workspace = http_app.workspace
    workspace.say(http_app.ada, http_app.general, f"{workspace.mention} hello")
    workspace.settle()
    [delivery] = workspace.deliveries("app_mention")
    workspace.redeliver(delivery, "http_timeout")

    def mentions() -> list[str]:
        return [body["event_id"] for name, body in http_app.seen if name == "app_mention"]

    workspace.wait(lambda: mentions() == [delivery.id, delivery.id])


def test_commands_say_why_they_failed(http_app: HttpApp) -> None:
    workspace = http_app.workspace
    workspace.install(manifest_for("http"))
    http_app.stop_serving()
    delivery = workspace.command(http_app.ada, http_app.general, "/near")
    assert delivery.error == "dispatch_failed"
    http_app.serve(http_app.port)
    workspace.request_url = f"http://127.0.0.1:{http_app.port}/elsewhere"
    assert workspace.command(http_app.ada, http_app.general, "/near").error == "http_client_error"
