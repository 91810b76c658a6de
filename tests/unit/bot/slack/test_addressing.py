"""Tests of recognizing thread messages that are addressed to the bot."""

import pytest

from bot.slack.addressing import FOLLOW_UP_S, MAX_AGE_S, MAX_LINE_LENGTH, LineContext, is_addressed
from tests.benchmarks.judged_threads import HALVES, answered, bundled_names, judged

# Authors: the user whom the bot answered last; the same user after messages by others; another user
# after such messages; another user right after the answer.
PARTNER = LineContext(partner=True, asked=True, interrupted=False, seconds=60, on_topic=False)
ASKER = LineContext(partner=True, asked=True, interrupted=True, seconds=60, on_topic=False)
OTHER = LineContext(partner=False, asked=False, interrupted=True, seconds=60, on_topic=False)
LISTENER = LineContext(partner=False, asked=False, interrupted=False, seconds=5, on_topic=False)


def on_topic(standing: LineContext, seconds: float = 60) -> LineContext:
    return LineContext(standing.partner, standing.asked, standing.interrupted, seconds, True)


@pytest.mark.parametrize(
    ("line", "standing"),
    [
        ("why?", PARTNER),
        ("how big should they be", PARTNER),
        ("can you give me an example?", PARTNER),
        ("tugboats", on_topic(PARTNER)),
        ("how is a tug steered?", on_topic(PARTNER, 2 * FOLLOW_UP_S)),
        ("what are bollards?", ASKER),
        ("does lowering the anchor stop tugs?", on_topic(ASKER)),
        ("is a tug a ship?", on_topic(OTHER)),
        ("nearsay, what about buoys?", OTHER),
        ("what about buoys, nearsay?", OTHER),
        ("hey nearsay what is a buoy", OTHER),
        ("and an example?", LISTENER),
    ],
)
def test_follow_ups_are_addressed_to_the_bot(line: str, standing: LineContext) -> None:
    assert is_addressed(line, standing)


@pytest.mark.parametrize(
    ("line", "standing"),
    [
        ("could you review my PR?", PARTNER),
        ("does that work for Thursday?", PARTNER),
        ("thanks!", PARTNER),
        ("", PARTNER),
        ("how big are they?", LineContext(True, True, False, 2 * FOLLOW_UP_S, False)),
        ("how big are they?", ASKER),
        ("how many of us are coming?", on_topic(ASKER)),
        ("is the tug back?", on_topic(ASKER)),
        ("is the tug back?", on_topic(OTHER)),
        ("is a tug a ship?", OTHER),
        ("where is it moored, this tug?", on_topic(OTHER)),
        ("what is a tug?", on_topic(PARTNER, MAX_AGE_S + 1)),
        ("what is a tug? " + "x" * MAX_LINE_LENGTH, on_topic(PARTNER)),
        ("nearsay told me nonsense", OTHER),
        ("is nearsay any good?", OTHER),
        ("and when is lunch?", LISTENER),
    ],
)
def test_lines_between_users_are_not_addressed_to_the_bot(line: str, standing: LineContext) -> None:
    assert not is_addressed(line, standing)


@pytest.mark.parametrize("half", HALVES)
def test_few_lines_between_users_and_most_follow_ups_are_answered(half: str) -> None:
    lines = judged(half)
    spoken = dict.fromkeys(("people", "bot", "mention"), 0)
    for line, speaks in zip(lines, answered(lines, bundled_names(), "follow"), strict=True):
        spoken[line.kind] += speaks
    number = {kind: sum(line.kind == kind for line in lines) for kind in spoken}
    assert spoken["people"] <= 0.02 * number["people"]
    assert spoken["bot"] >= 0.85 * number["bot"]
    assert spoken["mention"] == number["mention"]
