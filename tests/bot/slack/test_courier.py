"""Sending to a response_url: what arrives, what is tried again, and what is given up."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.desk import Desk
from bot.slack.admin_courier import AdminCourier
from bot.slack.admins import Admins
from bot.slack.agent import Agent
from bot.slack.courier import Courier
from bot.slack.editing.edit_courier import EditCourier
from bot.slack.editing.live_courier import LiveCourier
from bot.slack.editing.review_courier import ReviewCourier
from bot.slack.elements import Message
from bot.slack.map_courier import MapCourier
from bot.slack.notes import Notes
from bot.slack.pace import Pace
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.response_url import send
from bot.slack.thread_courier import ThreadCourier
from bot.slack.threads import Threads
from bot.slack.vote_courier import VoteCourier
from bot.slack.whispers import Whispers
from bot.slack.work import Expensive, Later
from index.space.latent.spaces import EmbeddedSpace
from index.store import Store
from tests.support.toy import ToyEmbedder

MESSAGE = Message("the text", [{"type": "divider"}])


@dataclass
class ResponseUrl:
    """A response_url that gives the next of `answers` (status, body, headers), and then `ok`; an
    answer of None closes the connection."""

    url: str
    answers: list[tuple[int, str, dict[str, str]] | None] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)

    def will_answer(self, status: int, body: str, **headers: str) -> None:
        self.answers.append((status, body, {k.replace("_", "-"): v for k, v in headers.items()}))


@pytest.fixture
def slack() -> Iterator[ResponseUrl]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.received.append(json.loads(body))
            answer = there.answers.pop(0) if there.answers else (200, "ok", {})
            if answer is None:
                self.close_connection = True
                return
            status, text, headers = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there = ResponseUrl(f"http://127.0.0.1:{server.server_port}/commands/T1/1/x")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield there
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("in_channel", "kind"), [(False, "ephemeral"), (True, "in_channel")])
def test_a_message_goes_with_its_text_to_whom_it_is_for(
    slack: ResponseUrl, kind: str, *, in_channel: bool
) -> None:
    assert send(slack.url, MESSAGE, in_channel=in_channel) is None
    assert slack.received == [
        {
            "text": "the text",
            "blocks": [{"type": "divider"}],
            "response_type": kind,
            "replace_original": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
    ]


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    "body", ['{"ok":false,"error":"invalid_blocks"}', "invalid_blocks"], ids=["JSON", "words"]
)
def test_when_blocks_are_refused_the_text_goes_alone(
    slack: ResponseUrl, status: int, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.will_answer(status, body)
    assert send(slack.url, MESSAGE, in_channel=False) is None
    first, second = slack.received
    assert first["blocks"]
    assert second["text"] == "the text"
    assert "blocks" not in second
    assert "invalid_blocks" in caplog.text


@pytest.mark.parametrize("code", ["internal_error", "ratelimited", "token_revoked"])
def test_what_passes_is_tried_again_whole(slack: ResponseUrl, code: str) -> None:
    slack.will_answer(200, json.dumps({"ok": False, "error": code}))
    assert send(slack.url, MESSAGE, in_channel=False) == 0
    assert send(slack.url, MESSAGE, in_channel=False) is None
    assert [message["blocks"] for message in slack.received] == [MESSAGE.blocks] * 2


@pytest.mark.parametrize("body", ["ok", '{"ok":true}', '{"ok": true}\n'])
def test_slacks_ways_of_saying_ok_are_understood(slack: ResponseUrl, body: str) -> None:
    slack.will_answer(200, body)
    assert send(slack.url, MESSAGE, in_channel=False) is None
    assert len(slack.received) == 1


@pytest.mark.parametrize("code", ["used_url", "expired_url"])
def test_a_url_that_takes_no_more_is_not_tried_again(
    slack: ResponseUrl, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.will_answer(404, json.dumps({"ok": False, "error": code}))
    assert send(slack.url, MESSAGE, in_channel=False) is None
    assert len(slack.received) == 1
    assert code in caplog.text


def test_what_is_refused_with_blocks_and_without_is_given_up(
    slack: ResponseUrl, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        slack.will_answer(400, "no")
    with caplog.at_level(logging.ERROR):
        assert send(slack.url, MESSAGE, in_channel=False) is None
    assert len(slack.received) == 2
    assert "400" in caplog.text


@pytest.mark.parametrize(
    ("status", "after", "seconds"),
    [
        (429, "7", 7),
        (429, "0.2", 0.2),
        (429, "2.5", 2.5),
        (429, "soon", 0),
        (429, "1000000000000", 600),
        (429, "Wed, 21 Oct 2015 07:28:00 GMT", 0),
        (429, None, 0),
        (500, None, 0),
        (503, "20", 20),
    ],
)
def test_what_slack_does_not_take_for_now_says_when_to_try_again(
    slack: ResponseUrl, status: int, after: str | None, seconds: float
) -> None:
    slack.will_answer(status, "no", **({"Retry_After": after} if after else {}))
    started = time.monotonic()
    assert send(slack.url, MESSAGE, in_channel=False) == seconds
    assert time.monotonic() - started < 0.5, "whoever waits keeps no thread"
    assert len(slack.received) == 1, "the text alone would fare no better"


def test_a_connection_that_breaks_is_tried_again(slack: ResponseUrl) -> None:
    slack.answers.append(None)
    assert send(slack.url, MESSAGE, in_channel=False) is None
    assert len(slack.received) == 2


def test_who_says_nothing_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.response_url.SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        started = time.monotonic()
        assert send(f"http://127.0.0.1:{deaf.getsockname()[1]}/x", MESSAGE, in_channel=False) == 0
        assert 1 <= time.monotonic() - started < 2


def test_a_dead_server_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as closed:
        url = f"http://127.0.0.1:{closed.server_port}/x"
    started = time.monotonic()
    assert send(url, MESSAGE, in_channel=False) == 0
    assert time.monotonic() - started < 10
    assert "could not be sent" in caplog.text


@pytest.mark.parametrize("url", ["", "no url", "ftp://a.test/x", "http://", "file:///"], ids=repr)
def test_what_is_no_address_raises_nothing(url: str, caplog: pytest.LogCaptureFixture) -> None:
    assert send(url, MESSAGE, in_channel=False) in (None, 0)
    assert "a reply could not be sent" in caplog.text, "and nothing was opened"


def test_a_reply_goes_nowhere_else(slack: ResponseUrl) -> None:
    slack.will_answer(307, "there", Location=f"{slack.url}/elsewhere")
    slack.will_answer(307, "there", Location=f"{slack.url}/elsewhere")
    assert send(slack.url, MESSAGE, in_channel=False) is None
    assert [message.get("blocks") for message in slack.received] == [MESSAGE.blocks, None]


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    opened = Inbox.in_file(tmp_path / "inbox.sqlite3")
    yield opened
    opened.close()


def courier(desk: Desk, inbox: Inbox) -> Courier:
    """A courier for people who are no admins."""
    client = WebClient()
    notes = Notes(desk.memory)
    threads = Threads(client, "U1")
    live = LiveCourier(client, desk.store)
    reviews = ReviewCourier(desk.editing, client, "", Admins(()))
    return Courier(
        desk,
        inbox,
        "",
        Admins(()),
        AdminCourier(desk, client, "", inbox),
        EditCourier(desk, inbox, live, reviews),
        ThreadCourier(
            desk,
            inbox,
            threads,
            notes,
            Agent(desk, client),
            MapCourier(client),
            Whispers(client),
            Pace(),
        ),
        VoteCourier(desk.memory, inbox, client),
        MapCourier(client),
        None,  # type: ignore[arg-type]  # nothing is sent
        notes,
    )


def delivery(slack: ResponseUrl, line: str, shared_by: str | None = None) -> Delivery:
    return Delivery("1.2", "command", line, slack.url, time.time(), shared_by)


def test_an_answer_that_arrived_is_noted(slack: ResponseUrl, desk: Desk, inbox: Inbox) -> None:
    asked = delivery(slack, "/near thick rope for towing")
    inbox.record(asked)
    courier(desk, inbox).answer(asked)
    assert "Hawser" in slack.received[0]["text"]
    assert slack.received[0]["response_type"] == "ephemeral"
    assert inbox.waiting() == []


@pytest.mark.parametrize(("many", "messages"), [(3, 2), (10_000, 1)])
def test_who_waits_for_much_to_be_embedded_is_told_so_once(
    slack: ResponseUrl,
    harbour_store: Store,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
    many: int,
    messages: int,
) -> None:
    monkeypatch.setattr("bot.slack.courier.MANY", many)
    monkeypatch.setattr("index.embedding.AT_ONCE", 5)
    desk = Desk(
        harbour_store, ToyEmbedder(), others=[EmbeddedSpace(ToyEmbedder("other"), harbour_store)]
    )
    asked = delivery(slack, "/latent models a rope", shared_by="ada")
    outcome = courier(desk, inbox).answer(asked)
    assert isinstance(outcome, Expensive)
    assert slack.received == [], "nothing is worked out before its turn"
    outcome.job()
    *waiting, answer = slack.received
    assert len(slack.received) == messages
    assert all("passages first" in message["text"] for message in waiting)
    assert all(message["response_type"] == "ephemeral" for message in waiting)
    assert "2 models" in answer["text"]
    assert answer["response_type"] == "in_channel"


def test_an_answer_that_did_not_arrive_still_waits_and_is_sent_again(
    slack: ResponseUrl, desk: Desk, inbox: Inbox
) -> None:
    slack.will_answer(500, "no")
    asked = delivery(slack, "/near thick rope for towing")
    inbox.record(asked)
    later = courier(desk, inbox).answer(asked)
    assert isinstance(later, Later)
    assert 1 <= later.seconds <= 1.1
    assert inbox.waiting() == [asked]
    assert later.job() is None
    assert [item["text"] for item in slack.received[1:]] == [slack.received[0]["text"]]
    assert inbox.waiting() == []


def test_an_answer_that_is_too_late_is_given_up(
    slack: ResponseUrl, desk: Desk, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    slack.will_answer(500, "no")
    asked = replace(delivery(slack, "/near thick rope"), received=time.time() - 30 * 60)
    assert courier(desk, inbox).answer(asked) is None
    assert "given up" in caplog.text


def test_what_cannot_be_worked_off_does_not_come_again(
    slack: ResponseUrl, desk: Desk, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    asked = replace(delivery(slack, "/near thick rope"), kind="question", channel="C1", message="x")
    inbox.record(asked)
    bot = courier(desk, inbox)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bot._thread_courier, "_work_off", lambda *_: float("no number"))
        assert bot.answer(asked) is None
    assert "no number" in caplog.text
    assert inbox.waiting() == []


def test_what_is_shared_goes_to_the_channel_with_its_sharers_name(
    slack: ResponseUrl, desk: Desk, inbox: Inbox
) -> None:
    courier(desk, inbox).answer(delivery(slack, "/define tug", "ada"))
    (sent,) = slack.received
    assert sent["response_type"] == "in_channel"
    assert "Shared by ada" in json.dumps(sent["blocks"])


@pytest.mark.parametrize("line", ["", "/", "/near", "/nothing", "/near " + "x" * 40_000])
def test_every_line_has_a_message(desk: Desk, inbox: Inbox, line: str) -> None:
    message = courier(desk, inbox).message(Delivery("1.2", "command", line, "", 0))
    assert message is not None
    assert message.text.strip()
    assert message.blocks
