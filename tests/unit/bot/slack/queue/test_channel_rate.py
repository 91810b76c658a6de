"""The rate of messages into one channel: a short burst, then one a second."""

from __future__ import annotations

from bot.slack.queue.channel_rate import BURST, ChannelRate
from bot.slack.queue.retry import backoff


def test_a_channel_gets_a_burst_and_then_one_message_a_second() -> None:
    now = [100.0]
    pace = ChannelRate(lambda: now[0])
    posted = list[float]()
    while len(posted) < BURST + 3:
        now[0] += pace.wait("C1")
        pace.posted("C1")
        posted.append(now[0] - 100)
    assert posted == [0.0] * BURST + [1.0, 2.0, 3.0]
    assert pace.wait("C2") == 0, "another channel does not wait"


def test_the_pauses_between_attempts_grow_to_30_seconds() -> None:
    assert [backoff(attempt) for attempt in range(1, 9)] == [1, 2, 4, 8, 16, 30, 30, 30]
    assert backoff(10**9) == 30
