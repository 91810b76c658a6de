"""Which replies in a thread ask something, when nobody is called."""

from __future__ import annotations

import pytest

from bot.slack.attention import asks


@pytest.mark.parametrize(
    "text",
    [
        "why 3?",
        "why does it do that",
        "and how does it differ from fine-tuning",
        "ok, but what is a token",
        "can it be prevented",
        "is that the same",
        "more",
        "and an example please",
        "closer to 2",
        "without hallucination",
        "in simpler words",
        "show all terms",
        "so it forgets?",
    ],
)
def test_questions_and_short_instructions_ask(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "thanks, that is clear now",
        "I will tell them",
        "what a day",
        "can somebody bring the minutes",
        "more people than we thought came to the meeting in the big hall on Monday",
        "sounds good",
        "",
        "we should ask the port",
    ],
)
def test_what_people_tell_each_other_does_not(text: str) -> None:
    assert not asks(text)
