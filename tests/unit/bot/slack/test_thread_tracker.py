"""What the bot remembers of threads, and when it has to read one from Slack."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.slack.events import Overheard
from bot.slack.queue.delivery import Delivery, Kind
from bot.slack.thread_state import BotReply, ThreadState
from bot.slack.thread_tracker import ThreadTracker
from bot.slack.threads import Threads
from index.search.answers.conversation import Conversation

BEGAN = 10_000.0
OLD, YOUNG = "9000.5", "11000.5"


class Slack(Threads):
    """Stands in for the threads in Slack; counts how often one is read."""

    def __init__(self) -> None:
        self.scene = ThreadState()
        self.reads = 0
        self.made: list[ThreadTracker] = []

    def recent(self, *_: object) -> ThreadState:
        self.reads += 1
        return self.scene

    def attention(self, *, shared: bool = False) -> ThreadTracker:
        self.made.append(ThreadTracker(self, lambda line: "buoy" in line, BEGAN, shared=shared))
        return self.made[-1]


def said(line: str, at: float, thread: str = YOUNG, kind: Kind = "reply") -> Delivery:
    ts = f"{at:.6f}"
    return Delivery(ts, kind, line, "", at, user="U1", channel="C1", message=ts, thread=thread)


@pytest.fixture
def slack() -> Iterator[Slack]:
    slack = Slack()
    yield slack
    for one in slack.made:
        one.stop()


def taken(attention: ThreadTracker, *deliveries: Delivery) -> list[str]:
    """The keys of what is for the bot, in order."""
    found: list[str] = []
    for delivery in deliveries:
        attention.decide(Overheard(delivery), lambda one: found.append(one.key))
        attention._reader.submit(lambda: None).result(5)  # what was to be read has been
    return found


def test_a_thread_since_the_start_is_never_read(slack: Slack) -> None:
    attention = slack.attention()
    assert taken(attention, said("what is a buoy?", 11_010)) == []
    attention.note(said("what is a buoy?", 11_020, kind="question"))
    assert taken(attention, said("why?", 11_030), said("thanks", 11_040)) == ["11030.000000"]
    assert slack.reads == 0


def test_an_older_thread_of_the_bot_goes_on(slack: Slack) -> None:
    thread = Conversation("what is a buoy?")
    slack.scene = ThreadState((BotReply("9900.5", "9890.5", thread, "U1"),), interrupted=False)
    attention = slack.attention()
    lines = [said("how big is it?", 10_010, OLD), said("and why?", 10_020, OLD)]
    assert taken(attention, *lines) == [line.key for line in lines]
    edit = said("how small is it?", 10_010, OLD, kind="edit")
    assert taken(attention, edit, said("x", 9_950, OLD, kind="edit")) == [edit.key]


def test_people_who_spoke_meanwhile_are_seen_in_an_older_thread(slack: Slack) -> None:
    answer = BotReply("9900.5", "9890.5", Conversation("what is a buoy?"), "U1")
    slack.scene = ThreadState((answer,), interrupted=True)
    assert taken(slack.attention(), said("how big is it?", 10_010, OLD)) == []
    assert taken(slack.attention(), said("how big is a buoy?", 10_010, OLD)) == ["10010.000000"]


def test_half_an_hour_after_the_start_only_a_topic_makes_it_read(slack: Slack) -> None:
    later = BEGAN + 2_000
    assert taken(slack.attention(), said("how big is it?", later, OLD)) == []
    assert slack.reads == 0
    taken(slack.attention(), said("how big is a buoy?", later, OLD))
    assert slack.reads == 1


def test_a_thousand_lines_of_others_cost_ten_calls_at_most(slack: Slack) -> None:
    for shared in (False, True):
        slack.reads = 0
        lines = (said("what is a buoy?", 11_000 + at, f"{at}.5") for at in range(1_000))
        taken(slack.attention(shared=shared), *lines)
        assert 5 <= slack.reads <= 10


def test_what_was_read_for_the_bot_is_not_counted(slack: Slack) -> None:
    slack.scene = ThreadState(
        (BotReply("9900.5", "9890.5", Conversation("x"), "U1"),), interrupted=False
    )
    lines = [said("why?", 10_010 + at, f"90{at:02}.5") for at in range(30)]
    assert taken(slack.attention(), *lines) == [line.key for line in lines]


def test_where_others_answer_too_each_possible_follow_up_is_looked_up(slack: Slack) -> None:
    attention = slack.attention(shared=True)
    assert taken(attention, said("why?", 11_030)) == []
    slack.scene = ThreadState(
        (BotReply("11021.5", "11020.5", Conversation("x"), "U1"),), interrupted=False
    )
    assert taken(attention, said("why?", 11_040)) == []  # a thread of others, a moment ago
    assert taken(attention, said("why?", 11_040 + 60)) == ["11100.000000"]
    assert slack.reads == 2


def test_a_question_that_is_being_answered_is_known_though_slack_has_no_answer_yet(
    slack: Slack,
) -> None:
    attention = slack.attention(shared=True)
    attention.note(said("what is a buoy?", 11_020, kind="question"))
    assert taken(attention, said("why?", 11_021)) == ["11021.000000"]
    assert slack.reads == 1
