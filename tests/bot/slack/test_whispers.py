"""What one person is told, and not again and again."""

from __future__ import annotations

from typing import Any

from bot.slack.whispers import Whispers
from tests.bot.slack.test_live_message import failure


class Slack:
    """Stands in for Slack; says no when it is `against` it."""

    def __init__(self, *, against: bool = False) -> None:
        self.told: list[dict[str, Any]] = []
        self.against = against

    def chat_postEphemeral(self, **message: Any) -> None:  # noqa: N802
        self.told.append(message)
        if self.against:
            raise failure("user_not_in_channel")


def test_the_same_is_told_once_in_a_while_to_each() -> None:
    slack, now = Slack(), [0.0]
    there = Whispers(slack, lambda: now[0])  # type: ignore[arg-type]
    for person in ("U1", "U1", "U2"):
        there.tell(person, "busy", "Later, please.", "C1", "1.2", every=10)
    there.tell("U1", "guests", "You are welcome.", "C1", every=10)
    assert [(told["user"], told["thread_ts"]) for told in slack.told] == [
        ("U1", "1.2"),
        ("U2", "1.2"),
        ("U1", None),
    ]
    now[0] = 10.5
    there.tell("U1", "busy", "Later, please.", "C1", every=10)
    assert len(slack.told) == 4


def test_whom_slack_does_not_let_be_told_is_not_told() -> None:
    slack = Slack(against=True)
    there = Whispers(slack)  # type: ignore[arg-type]
    there.tell("U1", "busy", "Later, please.", "C1")
    assert len(slack.told) == 1
    there.tell("", "busy", "Later, please.", "C1")
    there.tell("U1", "busy", "Later, please.", "")
    assert len(slack.told) == 1
