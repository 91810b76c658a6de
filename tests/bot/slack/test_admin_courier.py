"""What needs more than one answer, and how each way of answering ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.actors import Actor
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.replies import Problem, Reply
from bot.slack import admin_courier, live_message
from bot.slack.admin_courier import AdminCourier
from bot.slack.elements import Message
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from index.export.exported import Exported
from index.rollback import RolledBack
from tests.bot.samples import reply
from tests.bot.slack.test_live_message import Slack, failure

ADA = Actor("U1", admin=True, name="ada")
BEN = Actor("U2", name="ben")
REINDEX = Request("near-admin", "", {}, "reindex")
DELIVERY = Delivery(
    "1.2", "command", "/near-admin reindex", "https://a.test", time.time(), user="U1", channel="C1"
)


class Desk:
    """Gives one reply to everything, after it has told how far it is."""

    def __init__(self, answer: Reply, *, tells: bool = True) -> None:
        self.answer = answer
        self.tells = tells
        self.asked: list[tuple[Request, Actor]] = []

    def handle(self, request: Request, actor: Actor, progress: Any = lambda *_: None) -> Reply:
        self.asked.append((request, actor))
        if self.tells:
            progress("embedding", 1, 2)
            time.sleep(0.1)
        return self.answer

    def pinned(self, request: Request) -> Request:
        return replace(request, options={"from": "g000002"})


class Files(Slack):
    """Slack with uploads."""

    uploaded: Any = None

    def files_upload_v2(self, **upload: Any) -> None:
        self._keep("upload", upload["channel"], "", None)
        self.uploaded = upload


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the asker alone is told before the end; at a pace that a test can wait for."""
    found: list[str] = []
    monkeypatch.setattr(live_message, "EVERY", 0.05)
    monkeypatch.setattr(admin_courier, "tell", lambda _, text: found.append(text))
    return found


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    opened = Inbox.in_file(tmp_path / "inbox.sqlite3")
    opened.record(DELIVERY)
    yield opened
    opened.close()


def courier(desk: Desk, slack: Slack, inbox: Inbox) -> AdminCourier:
    return AdminCourier(desk, slack, "", inbox)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "message", "takes"),
    [
        ("reindex", "", True),
        ("reindex words --full", "", True),
        ("reindex cancel", "", False),
        ("reindex --dry-run", "", False),
        ("export as=csv", "", True),
        ("rollback", "", True),
        ("rollback g000001", "1.2", True),
        ("keep g000002", "1.2", True),
        ("keep", "", False),
        ("log", "1.2", False),
        ("status", "1.2", False),
    ],
)
def test_it_takes_what_needs_more_than_one_answer(
    inbox: Inbox, line: str, message: str, *, takes: bool
) -> None:
    request = parse(f"/near-admin {line}")
    assert isinstance(request, Request)
    delivery = replace(DELIVERY, message=message)
    assert courier(Desk(reply("kept", "x")), Slack(), inbox).takes(request, delivery) is takes
    assert not courier(Desk(reply("kept", "x")), Slack(), inbox).takes(
        Request("near", "x"), replace(DELIVERY, message="1.2")
    )


def test_what_does_not_begin_is_only_answered(inbox: Inbox) -> None:
    slack = Slack()
    busy = Desk(Problem(code="store_busy", message="Somebody builds."), tells=False)
    message = courier(busy, slack, inbox).answer(DELIVERY, REINDEX, ADA)
    assert isinstance(message, Message)
    assert message.text == "Somebody builds."
    assert slack.sent == []


def test_going_back_is_kept_as_done_from_what_is_current(inbox: Inbox) -> None:
    desk = Desk(RolledBack(generation="g000001", model="toy", before="g000002", entries=3))
    courier(desk, Slack(), inbox).answer(DELIVERY, Request("near-admin", "", {}, "rollback"), ADA)
    (kept,) = inbox.waiting()
    assert kept.request == desk.asked[0][0]
    assert desk.asked[0][0].options == {"from": "g000002"}


def exported(folder: Path) -> Exported:
    folder.mkdir()
    (folder / "words.csv").write_text("term\n")
    return Exported(
        generation="g000002",
        model="toy",
        form="csv",
        path=str(folder / "words.csv"),
        entries=3,
        files=1,
    )


EXPORT = Request("near-admin", "", {"as": "csv"}, "export")


@pytest.mark.parametrize(
    "slack",
    [Files(None, failure("internal_error")), Files(None, TimeoutError()), Files(closed=("U1",))],
    ids=["refused", "broken off", "no direct message"],
)
def test_an_export_that_cannot_be_sent_stays_and_is_told(
    inbox: Inbox, tmp_path: Path, slack: Files
) -> None:
    desk = Desk(exported(tmp_path / "one"))
    message = courier(desk, slack, inbox).answer(DELIVERY, EXPORT, ADA)
    assert message is not None
    assert message.text.startswith("The export could not be sent to you.")
    assert (tmp_path / "one" / "words.csv").is_file()
