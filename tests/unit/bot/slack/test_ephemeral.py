"""Tests that ephemeral notices are not repeated within a period."""

from typing import Any

from bot.slack.ephemeral import EphemeralNotices
from tests.unit.bot.slack import failure


def test_notice_is_posted_once_per_user_and_period_and_errors_are_ignored() -> None:
    sent, now = [], [0.0]

    class Slack:
        def chat_postEphemeral(self, *, user: str, thread_ts: str | None, **_: Any) -> None:  # noqa: N802
            sent.append((user, thread_ts))
            raise failure("user_not_in_channel")

    there = EphemeralNotices(Slack(), lambda: now[0])  # type: ignore[arg-type]
    for person in ("U1", "U1", "U2", ""):
        there.post(person, "busy", "Later, please.", "C1", "1.2", every=10)
    there.post("U1", "guests", "You are welcome.", "C1", every=10)
    there.post("U1", "nowhere", "Later, please.", "")
    assert sent == [("U1", "1.2"), ("U2", "1.2"), ("U1", None)]
    now[0] = 10.5
    there.post("U1", "busy", "Later, please.", "C1", every=10)
    assert len(sent) == 4
