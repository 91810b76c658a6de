"""Bad inputs at every entry point, each with its expected result.

Three tables: lines that a user can type, and events and buttons that Slack delivers over HTTP and
over a socket. Malformed HTTP requests are in `test_bad_requests`.
"""

import json
import logging
import re
import time
from typing import Any

import pytest

from bot.cli.chat import answer_lines
from bot.identity import User
from tests.fake_slack import Channel
from tests.fake_slack.records import Delivery
from tests.slack.talking import answers, mention, quiet, sent_messages
from tests.slack.team import Team
from tests.unit.bot.slack import faults_in_markup, is_hidden

NOBODY_ADMIN = User("U1")

ROPE = r"1\. Hawser|1 +Hawser|The closest is Hawser"
NEAR = r"Near \"|Nothing here is near \""
EMPTY = r"needs a text\."
GONE = "no longer in the index"
OLD = "older version"
TOO_LONG = "at most 8,000 are allowed"
N = "n must be a whole number from 1 to 20"
T = "t must be a number above 0, up to 100"
UNKNOWN = "There is no entry"

# Typed lines: test id, line, expected text in the reply.
LINES: tuple[tuple[str, str, str], ...] = (
    ("a command without text", "/near", EMPTY),
    ("NUL inside", "/near thick\x00 rope", ROPE),
    ("zero-width only", "/near \u200b\u200d\ufeff", EMPTY),
    ("tag characters only", "/near \U000e0041\U000e0042", EMPTY),
    ("a lone surrogate", "/near thick rope \ud800", ROPE),
    ("bidi isolates", "/near \u2066thick rope\u2069", ROPE),
    ("40,000 characters", "/near " + "rope " * 7_999, TOO_LONG),
    ("10,000 emoji", "/near " + "🧭" * 10_000, TOO_LONG),
    ("a channel mention", "/near <!channel> thick rope", NEAR),
    ("a disguised link", "/near <http://evil.test|thick rope>", NEAR),
    ("javascript:", "/near javascript:alert(1)", NEAR),
    ("escaped twice", "/near &amp;lt;!channel&amp;gt; thick rope", NEAR),
    ("terminal escapes", "/near \x1b[31mthick rope\x1b]0;title\x07", NEAR),
    ("line breaks", "/near thick rope\r\n/near-admin reindex", ROPE),
    ("NaN as a number", "/near rope n=NaN", N),
    ("a number of 400 digits", "/near rope n=" + "9" * 400, NEAR),
    ("temperature NaN", "/latent wander rope t=NaN", T),
    ("an unknown option", "/near thick rope x=1", NEAR),
    ("an unknown category", "/near rope in=nowhere", 'There is no category "nowhere"'),
    ("a path as a term", "/define ../../etc/passwd", UNKNOWN),
    ("a pattern as a term", "/define (a+)+$", UNKNOWN),
    ("an id of 30,000 letters", "/define " + "x" * 30_000, TOO_LONG),
    ("an arrow only", "/latent path ->", "two texts with an arrow between them"),
)
MODES = ["http", pytest.param("socket", marks=pytest.mark.slow)]


def is_harmless(text: str) -> bool:
    """Whether a text has no active markup and no hidden characters."""
    return not faults_in_markup(text) and not any(map(is_hidden, text))


@pytest.mark.parametrize(("line", "says"), [pytest.param(*row[1:], id=row[0]) for row in LINES])
def test_typed_line_gets_the_expected_reply(
    team: Team, quay: Channel, line: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assistant = team.assistant
    answer_lines([line], lambda typed: assistant.ask(typed, NOBODY_ADMIN), json=False)
    shown = "".join(capsys.readouterr())
    assert re.search(says, " ".join(shown.split())), shown[:500]
    assert not any(map(is_hidden, shown))
    if "\ud800" in line:
        return  # Slack does not let users type it
    ephemeral = team.ask(line, team.ben)
    assert re.search(says, ephemeral.text), ephemeral.text[:500]
    assert is_harmless(ephemeral.text)
    root = mention(team, quay, line)
    (answer,) = answers(team, root)
    # In a message, text in angle brackets is a name or a link.
    assert re.search(says, answer.text) or "<" in line or says == EMPTY, answer.text[:500]
    assert is_harmless(answer.text)


def event(team: Team, **fields: Any) -> dict[str, Any]:
    """Return the payload of a mention by ben; fields set to ABSENT are omitted."""
    said: dict[str, Any] = {
        "type": "app_mention",
        "user": team.ben.id,
        "text": f"{team.workspace.mention} thick rope",
        "channel": team.channel.id,
        "channel_type": "channel",
        "team": team.workspace.identity.team_id,
        "ts": f"{time.time():.6f}",
    } | fields
    return {
        "type": "event_callback",
        "team_id": team.workspace.identity.team_id,
        "event_id": f"Ev{time.time_ns()}",
        "event": {name: value for name, value in said.items() if value is not ABSENT},
    }


ABSENT = object()
BOT = {"bot_id": "B0OTHER", "bot_profile": {"id": "B0OTHER"}}

# Message events: the replaced fields and the expected number of answers.
EVENTS: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("valid", {}, 1),
    ("a mention without text", {"text": "MENTION"}, 1),
    ("no text", {"text": ABSENT, "type": "message"}, 0),
    ("no channel", {"channel": ABSENT}, 0),
    ("null timestamp", {"ts": None}, 0),
    ("timestamp NaN", {"ts": "NaN"}, 0),
    ("thread timestamp abc", {"thread_ts": "abc"}, 0),
    ("null user", {"user": None}, 0),
    ("no user", {"user": ABSENT}, 0),
    ("a message from another bot", BOT, 0),
    ("our own message", {"user": "BOT"}, 0),
    ("a user joins", {"subtype": "channel_join"}, 0),
    ("a message from a bot", {"subtype": "bot_message"}, 0),
    ("an edit of nothing", {"type": "message", "subtype": "message_changed"}, 0),
    (
        "an edit at abc",
        {
            "type": "message",
            "subtype": "message_changed",
            "message": {"user": "U1", "text": "MENTION hi", "ts": "1.0", "edited": {"ts": "abc"}},
            "previous_message": {"user": "U1", "text": "hi", "ts": "1.0"},
        },
        0,
    ),
    ("a null file", {"files": [None], "channel": "D0BEN", "type": "message"}, 0),
    ("a half-megabyte id", {"user": "U" + "X" * 500_000}, 0),
    ("half a megabyte of text", {"text": "MENTION " + "rope " * 100_000}, 1),
    ("deep blocks", {"blocks": json.loads("[" * 300 + "]" * 300)}, 1),
)


def deliver(team: Team, envelope: Any, name: str, payload: dict[str, Any]) -> Delivery:
    """Deliver a payload, wait until it is handled, and return the delivery."""
    delivery = Delivery(envelope, name, payload, team.ben.id, "")
    team.workspace.dispatch(delivery)
    team.workspace.wait(lambda: delivery.done, seconds=10)
    quiet(team)
    return delivery


def filled_in(team: Team, value: Any) -> Any:
    """Return `value` with the placeholders BOT and MENTION replaced."""
    if isinstance(value, dict):
        return {key: filled_in(team, item) for key, item in value.items()}
    if isinstance(value, str):
        bot = team.workspace.bot_user_id
        return bot if value == "BOT" else value.replace("MENTION", team.workspace.mention)
    return value


@pytest.mark.parametrize(("fields", "count"), [pytest.param(*row[1:], id=row[0]) for row in EVENTS])
def test_event_gets_the_expected_number_of_answers(
    team: Team,
    quay: Channel,
    fields: dict[str, Any],
    count: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = len(sent_messages(team))
    delivery = deliver(team, "events_api", "message", event(team, **filled_in(team, fields)))
    assert delivery.ok, delivery.error
    assert len(sent_messages(team)) - before == count
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []
    assert not team.service._inbox.take_unanswered()


def test_repeated_event_is_answered_once(team: Team, quay: Channel) -> None:
    before, payload = len(sent_messages(team)), event(team)
    for _ in range(3):
        deliver(team, "events_api", "app_mention", payload | {"event_id": f"Ev{time.time_ns()}"})
    assert len(sent_messages(team)) - before == 1


def button(action_id: str, value: Any = "", **fields: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "block_id": "b", "value": value} | fields


# Old and malformed buttons: the action, other payload fields, and the expected text (empty: no
# reply).
BUTTONS: tuple[tuple[str, Any, dict[str, Any], str], ...] = (
    ("a button that no longer exists", button("no_such_button"), {}, OLD),
    ("no request", button("why", '{"command":"near","text":5}'), {}, OLD),
    ("another type", button("why", '{"command":"near","text":"x","options":{"n":"x"}}'), {}, OLD),
    ("a request of a later version", button("why", '{"command":"far","text":"x"}'), {}, OLD),
    ("a removed entry", button("near_1", "no-such-entry"), {}, GONE),
    ("no value", button("near_1", None), {}, EMPTY),
    ("a value of 100,000 letters", button("near_1", "x" * 100_000), {}, TOO_LONG),
    ("a vote on nothing", button("helpful", "no-such-question"), {}, "no longer stored"),
    ("no message", button("ask_0", "thick rope"), {"message": None, "channel": None}, ""),
    ("no user", button("near_1", "hawser"), {"user": ABSENT}, NEAR),
    ("a broken page", button("turn_page_1", "no page"), {}, "did not open"),
    ("a broken choice", button("tone:", "x"), {}, OLD),
)


@pytest.mark.parametrize(
    ("action", "fields", "says"), [pytest.param(*row[1:], id=row[0]) for row in BUTTONS]
)
def test_malformed_or_outdated_button_gets_the_expected_reply(
    team: Team,
    action: Any,
    fields: dict[str, Any],
    says: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    typed = team.workspace.command(team.ben, team.channel, "/near", "rope")
    quiet(team)
    before = len(sent_messages(team))
    payload: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": team.ben.id, "name": "ben", "team_id": team.workspace.identity.team_id},
        "team": {"id": team.workspace.identity.team_id},
        "channel": {"id": team.channel.id, "name": "general"},
        "container": {"type": "message", "message_ts": "1.2"},
        "message": {"ts": "1.2", "text": "an old timestamp"},
        "trigger_id": f"{time.time_ns()}.1",
        "response_url": typed.payload["response_url"],
        "actions": [action],
    } | fields
    payload = {name: value for name, value in payload.items() if value is not ABSENT}
    delivery = deliver(team, "interactive", "block_actions", payload)
    assert delivery.ok, delivery.error

    def said() -> list[str]:
        calls = sent_messages(team)[before:]
        return [str(call.args.get("text")) for call in calls if "view" not in call.args]

    texts = team.workspace.wait(said, seconds=10) if says else said()
    assert bool(texts) is bool(says), texts
    assert all(re.search(says, text) for text in texts), texts
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []
