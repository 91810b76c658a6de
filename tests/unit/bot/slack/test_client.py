"""Slack's quota of calls to each method."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack import client
from bot.slack.api_errors import error_code, is_retryable, retry_delay
from bot.slack.client import LONGEST_WAIT_S, PER_MINUTE, Quota


def test_calls_beyond_the_quota_of_a_method_wait_or_are_retried_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, waits = [1_000.0], list[float]()
    monkeypatch.setattr(client, "reach", client.Reachability())
    monkeypatch.setattr("bot.slack.client.time.monotonic", lambda: now[0])
    monkeypatch.setattr("bot.slack.client.time.sleep", waits.append)
    quota = Quota()
    for _ in range(PER_MINUTE["conversations.replies"]):
        quota.take("conversations.replies")
    assert max(waits) < 0.001
    with pytest.raises(SlackApiError) as caught:
        quota.take("conversations.replies")
    assert error_code(caught.value) == "ratelimited"
    assert is_retryable(caught.value)
    assert retry_delay(caught.value) == 2
    for _ in range(100):
        quota.take("chat.postMessage")  # limited by channel
    quota.take("chat.update")  # has a quota of its own
    now[0] += 0.5
    quota.take("conversations.replies")
    assert 0 < waits[-1] <= LONGEST_WAIT_S
    now[0] += 60
    for _ in range(PER_MINUTE["conversations.replies"] - 1):
        quota.take("conversations.replies")
    assert client.reach.refused_since is None, "Slack was not asked"
