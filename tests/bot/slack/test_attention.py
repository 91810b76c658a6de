"""What the bot remembers of threads, and when it has to read one from Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.slack.attention import Attention
from bot.slack.heard import Overheard
from bot.slack.queue.delivery import Delivery, Kind
from bot.slack.scene import Posted, Scene
from index.space.thread import Thread

BEGAN = 10_000.0
OLD, YOUNG = "9000.5", "11000.5"


class Slack:
    """Stands in for the threads in Slack; counts how often one is read."""

    def __init__(self) -> None:
        self.scene = Scene()
        self.read = 0

    def recent(self, *_: object) -> Scene:
        self.read += 1
        return self.scene


def said(line: str, at: float, thread: str = YOUNG, kind: Kind = "reply") -> Delivery:
    ts = f"{at:.6f}"
    return Delivery(ts, kind, line, "", at, user="U1", channel="C1", message=ts, thread=thread)


@pytest.fixture
def slack() -> Slack:
    return Slack()


Make = Callable[..., Attention]


@pytest.fixture
def make(slack: Slack) -> Iterator[Make]:
    made: list[Attention] = []

    def begin(*, shared: bool = False) -> Attention:
        made.append(
            Attention(slack, lambda line: "buoy" in line, BEGAN, shared=shared)  # type: ignore[arg-type]
        )
        return made[-1]

    yield begin
    for one in made:
        one.stop()


def taken(attention: Attention, *deliveries: Delivery) -> list[str]:
    """The keys of what is for the bot, in order."""
    found: list[str] = []
    for delivery in deliveries:
        attention.decide(Overheard(delivery), lambda one: found.append(one.key))
        attention._reader.submit(lambda: None).result(5)  # what was to be read has been
    return found


def test_a_thread_since_the_start_is_never_read(make: Make, slack: Slack) -> None:
    attention = make()
    assert taken(attention, said("what is a buoy?", 11_010)) == []
    attention.note(said("what is a buoy?", 11_020, kind="question"))
    assert taken(attention, said("why?", 11_030), said("thanks", 11_040)) == ["11030.000000"]
    assert slack.read == 0


def test_an_older_thread_of_the_bot_goes_on(make: Make, slack: Slack) -> None:
    thread = Thread("what is a buoy?")
    slack.scene = Scene((Posted("9900.5", "9890.5", thread, "U1"),), interrupted=False)
    attention = make()
    lines = [said("how big is it?", 10_010, OLD), said("and why?", 10_020, OLD)]
    assert taken(attention, *lines) == [line.key for line in lines]
    edit = said("how small is it?", 10_010, OLD, kind="edit")
    assert taken(attention, edit, said("x", 9_950, OLD, kind="edit")) == [edit.key]


def test_people_who_spoke_meanwhile_are_seen_in_an_older_thread(make: Make, slack: Slack) -> None:
    answer = Posted("9900.5", "9890.5", Thread("what is a buoy?"), "U1")
    slack.scene = Scene((answer,), interrupted=True)
    assert taken(make(), said("how big is it?", 10_010, OLD)) == []
    assert taken(make(), said("how big is a buoy?", 10_010, OLD)) == ["10010.000000"]


def test_half_an_hour_after_the_start_only_a_topic_makes_it_read(make: Make, slack: Slack) -> None:
    later = BEGAN + 2_000
    assert taken(make(), said("how big is it?", later, OLD)) == []
    assert slack.read == 0
    taken(make(), said("how big is a buoy?", later, OLD))
    assert slack.read == 1


def test_a_thousand_lines_of_others_cost_ten_calls_at_most(make: Make, slack: Slack) -> None:
    for shared in (False, True):
        slack.read = 0
        lines = (said("what is a buoy?", 11_000 + at, f"{at}.5") for at in range(1_000))
        taken(make(shared=shared), *lines)
        assert 5 <= slack.read <= 10


def test_what_was_read_for_the_bot_is_not_counted(make: Make, slack: Slack) -> None:
    slack.scene = Scene((Posted("9900.5", "9890.5", Thread("x"), "U1"),), interrupted=False)
    lines = [said("why?", 10_010 + at, f"90{at:02}.5") for at in range(30)]
    assert taken(make(), *lines) == [line.key for line in lines]


def test_where_others_answer_too_each_possible_follow_up_is_looked_up(
    make: Make, slack: Slack
) -> None:
    attention = make(shared=True)
    assert taken(attention, said("why?", 11_030)) == []
    slack.scene = Scene((Posted("11021.5", "11020.5", Thread("x"), "U1"),), interrupted=False)
    assert taken(attention, said("why?", 11_040)) == []  # a thread of others, a moment ago
    assert taken(attention, said("why?", 11_040 + 60)) == ["11100.000000"]
    assert slack.read == 2


def test_a_question_that_is_being_answered_is_known_though_slack_has_no_answer_yet(
    make: Make, slack: Slack
) -> None:
    attention = make(shared=True)
    attention.note(said("what is a buoy?", 11_020, kind="question"))
    assert taken(attention, said("why?", 11_021)) == ["11021.000000"]
    assert slack.read == 1
