"""A notice is posted once per user and period; one that Slack refuses does not count."""

from types import SimpleNamespace
from typing import Any

from bot.slack.ephemeral import EphemeralNotices


def test_refused_notice_is_posted_the_next_time() -> None:
    calls: list[str] = []

    def post(*, text: str, **_: Any) -> None:
        calls.append(text)
        if len(calls) == 1:
            raise OSError("the connection is broken")

    client: Any = SimpleNamespace(chat_postEphemeral=post)
    notices = EphemeralNotices(client)
    for text in ("first", "second", "third"):
        notices.post("U1", "guests", text, "C1", every=60)
    assert calls == ["first", "second"]
