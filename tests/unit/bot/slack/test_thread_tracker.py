"""Tests of the thread cache, and of reading threads from Slack."""

from collections.abc import Iterator

import pytest

from bot.slack.events import ThreadMessage
from bot.slack.queue.delivery import Delivery, Kind
from bot.slack.thread_tracker import ThreadTracker
from bot.slack.threads import BotReply, Threads, ThreadState
from index.search.answers.conversation import Conversation

BEGAN = 10_000.0
YOUNG = "11000.5"


class Slack(Threads):
    """A stand-in for Slack's threads that counts reads."""

    def __init__(self) -> None:
        self.state = ThreadState()
        self.reads = 0
        self.made: list[ThreadTracker] = []

    def recent(self, *_: object) -> ThreadState:
        self.reads += 1
        return self.state

    def tracker(self, *, shared: bool = False) -> ThreadTracker:
        self.made.append(ThreadTracker(self, lambda line: "buoy" in line, BEGAN, shared=shared))
        return self.made[-1]


def delivery_of(line: str, at: float, thread: str = YOUNG, kind: Kind = "reply") -> Delivery:
    ts = f"{at:.6f}"
    return Delivery(ts, kind, line, "", at, user="U1", channel="C1", message=ts, thread=thread)


@pytest.fixture
def slack() -> Iterator[Slack]:
    slack = Slack()
    yield slack
    for one in slack.made:
        one.stop()


def taken(tracker: ThreadTracker, *deliveries: Delivery) -> list[str]:
    """Return the keys of the deliveries addressed to the bot, in order."""
    found: list[str] = []
    for delivery in deliveries:
        tracker.decide(ThreadMessage(delivery), lambda one: found.append(one.key))
        tracker._reader.submit(lambda: None).result(5)  # wait for pending reads
    return found


def test_a_thousand_unaddressed_lines_cause_at_most_ten_thread_reads(slack: Slack) -> None:
    for shared in (False, True):
        slack.reads = 0
        lines = (delivery_of("what is a buoy?", 11_000 + at, f"{at}.5") for at in range(1_000))
        taken(slack.tracker(shared=shared), *lines)
        assert 5 <= slack.reads <= 10


def test_possible_follow_ups_cause_a_read_if_processes_share_a_database(slack: Slack) -> None:
    tracker = slack.tracker(shared=True)
    assert taken(tracker, delivery_of("why?", 11_030)) == []
    slack.state = ThreadState(
        (BotReply("11021.5", "11020.5", Conversation("x"), "U1"),), interrupted=False
    )
    assert taken(tracker, delivery_of("why?", 11_040)) == []  # a recent thread of other users
    assert taken(tracker, delivery_of("why?", 11_040 + 60)) == ["11100.000000"]
    assert slack.reads == 2
