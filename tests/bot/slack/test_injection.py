"""The check that the tests of liveness rest on sees what is live, and links are what they say.

That nothing live leaves in any reply is in `tests/bot/test_injection.py`.
"""

from __future__ import annotations

import pytest

from bot.slack.modals import modal_of
from index.entry import Reference
from index.text import is_web_address
from tests.bot.slack import WORST, dangers, entry_reply, strings


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "mailto:a@evil.test", "https://a.test/|<!channel>"),
        *("https://a.test/ <!here>", "https://a.test/><!here>", "https://a.test/\u202e"),
        "//a.test",
    ],
    ids=ascii,
)
def test_an_address_that_would_end_or_disguise_a_link_is_no_link(address: str) -> None:
    assert not is_web_address(address)  # so that an entry is read without it
    view = modal_of(entry_reply(WORST["short"], references=(Reference("x", None),)))
    assert dangers(view) == []
    assert not any("a.test/" in text for text in strings(view))


def payload_of(kind: str, text: str, **more: object) -> dict[str, object]:
    return {"type": kind, "text": text, **more}


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(payload_of("mrkdwn", "<!here>", verbatim=True), id="bracket"),
        pytest.param(payload_of("mrkdwn", "a & b", verbatim=True), id="ampersand"),
        pytest.param(payload_of("mrkdwn", "a &lt b", verbatim=True), id="half an entity"),
        pytest.param(payload_of("mrkdwn", "a"), id="not verbatim"),
        pytest.param(payload_of("plain_text", "a\u202eb"), id="bidi"),
        pytest.param(payload_of("plain_text", "a\x00b"), id="NUL"),
        pytest.param(payload_of("plain_text", "a\ud800b"), id="surrogate"),
        pytest.param({"type": "user", "user_id": "U1"}, id="mention"),
        pytest.param({"type": "broadcast", "range": "here"}, id="broadcast"),
        pytest.param({"type": "link", "url": "https://a.test"}, id="link"),
        pytest.param(
            payload_of("mrkdwn", "<https://evil.test|a>", verbatim=True), id="unknown address"
        ),
    ],
)
def test_the_check_itself_sees_what_is_live(payload: dict[str, object]) -> None:
    assert dangers([{"blocks": [payload]}], {"https://a.test"})
