"""Messages keep to Slack's limits at the worst input, and their buttons ask what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from bot.commands.help import help_for
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.replies import Check, Diagnosis, Help, NewThread, Problem, Reply
from bot.slack.answer_blocks import OPEN
from bot.slack.blocks import MORE, SHARE, WHY, Asked, message_of
from bot.slack.elements import MENU, Message
from index.entry import Related, Section, Sense
from index.reindex import Plan, Reindexed
from index.space.results import Citation
from tests.bot.slack import (
    WORST,
    answer,
    buttons,
    dangers,
    entry_reply,
    faults_in_markup,
    mentions,
    neighbour,
    neighbours,
    senses,
)
from tests.workspace.blockkit_rules import check_message
from tests.workspace.blockkit_validators import NAMES
from tests.workspace.model import elements_in, texts_in

Text = Callable[[int], str]
ALL_TEXT = 13_000  # Slack refuses messages somewhere above (FACTS: bolt-js#2509)
MANY = 10**8


def request(text: str) -> Request:
    return Request("near", text, {"n": 5})


def fits(message: Message) -> None:
    """Asserts all that Slack asks of a message."""
    blocks = list(message.blocks)
    assert list(check_message(blocks)) == []
    assert sum(map(len, texts_in(blocks))) <= ALL_TEXT
    assert 0 < len(message.text) <= 4_000
    assert message.text.strip()
    for item in buttons(blocks):
        assert 0 < len(item["value"]) <= 2_000
        assert 0 < len(item["text"]["text"]) <= 75
    for block in blocks:
        ids = [element["action_id"] for element in elements_in([block])]
        assert len(ids) == len(set(ids))


def problem(text: Text) -> Problem:
    return Problem(code="usage", message=text(8_000), hint=text(8_000), suggestions=mentions(text))


REPLIES: dict[str, Callable[[Text], Reply]] = {
    "20 neighbours": neighbours,
    "1 neighbour": lambda text: neighbours(text, 1, note=""),
    "no neighbours": lambda text: neighbours(text, 0),
    "sparse": lambda text: neighbours(text, sparse=True),
    "sparse, nothing at all": lambda text: neighbours(text, 0, sparse=True, note=""),
    "named": lambda text: neighbours(
        text, 0, neighbours=(neighbour(text, 1, match="exact", similarity=1.0),)
    ),
    "entry": entry_reply,
    "entry with senses": lambda text: entry_reply(
        text, senses=senses(text), sections=(Section(text(300), text(3_000)),), faq=()
    ),
    "entry, long reasons": lambda text: entry_reply(
        text,
        related=tuple(Related(text(300), text(3_000)) for _ in range(60)),
        sections=tuple(Section(text(300), text(3_000)) for _ in range(8)),
        faq=(),
    ),
    "answer": answer,
    "answer, short questions to ask next": lambda text: answer(
        text, 1, follow_ups=tuple(text(60) for _ in range(3))
    ),
    "list": lambda text: answer(
        text, citations=tuple(Citation(f"entry-{at}", text(300), "") for at in range(25))
    ),
    "decline": lambda text: answer(text, 0, follow_ups=()),
    "decline, nothing at all": lambda text: answer(text, 0, follow_ups=(), nearest=()),
    "new thread": lambda _: NewThread(),
    "problem": problem,
    "plan": lambda text: Plan(
        generation=None,
        model=text(120),
        added=MANY,
        changed=MANY,
        removed=MANY,
        unchanged=MANY,
    ),
    "reindexed": lambda text: Reindexed(
        generation="g000001",
        before="g000001",
        model=text(120),
        added=MANY,
        changed=MANY,
        removed=MANY,
        unchanged=MANY,
        embedded=MANY,
        reused=MANY,
        seconds=1e6,
    ),
    "diagnosis": lambda text: Diagnosis(
        checks=tuple(Check(text(30), "error", text(1_000), text(1_000)) for _ in range(30))
    ),
}


def test_two_validators_of_others_are_asked() -> None:
    assert len(NAMES) == 2


@cache
def worst(kind: str, name: str) -> Reply:
    """The reply of that kind with that text in all its fields."""
    return REPLIES[kind](WORST[name])


@pytest.mark.parametrize("name", WORST)
@pytest.mark.parametrize("kind", REPLIES)
def test_a_message_is_within_slacks_limits_and_has_nothing_live(kind: str, name: str) -> None:
    text = WORST[name]
    for asked in (
        Asked(request(text(8_000)), "", text(300), question="0123456789abcdef"),
        Asked(Request("ask", text(8_000)), in_thread=True, asked_by=text(300)),
    ):
        message = message_of(worst(kind, name), asked)
        assert dangers(list(message.blocks)) == []
        assert faults_in_markup(message.text) == []
        fits(message)


@pytest.mark.parametrize("prefix", ["", "dev-", "a" * 25])
@pytest.mark.parametrize("about", ["", "near", "define", "help"])
def test_the_real_help_fits(prefix: str, about: str) -> None:
    told = help_for(Request("help", about), prefix)
    assert isinstance(told, Help)
    fits(message_of(told, Asked(Request("help", about), prefix)))


EMPTY: dict[str, Any] = {
    "category": "",
    "aliases": (),
    "sections": (),
    "example": "",
    "related": (),
    "faq": (),
    "references": (),
    "source": "",
}


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(entry_reply(WORST["short"], 0, **EMPTY), id="entry"),
        pytest.param(
            entry_reply(WORST["short"], 0, **EMPTY | {"senses": (Sense("a"), Sense("b"))}),
            id="entry with senses",
        ),
        pytest.param(
            entry_reply(WORST["short"], 0, **EMPTY | {"related": (Related("Buoy", ""),)}),
            id="related without a reason",
        ),
        pytest.param(
            neighbours(
                WORST["short"],
                0,
                note="",
                model="",
                neighbours=(neighbour(WORST["short"], 1, aliases=(), category="", source=""),),
            ),
            id="neighbour",
        ),
        pytest.param(Problem(code="usage", message="No."), id="problem"),
    ],
)
def test_fields_that_are_not_given_leave_no_empty_block(found: Reply) -> None:
    fits(message_of(found, Asked(request("x"))))


def test_five_hits_fit_a_phone() -> None:
    """Two lines a hit; with the heading and the buttons, at most 16 lines of 45 characters."""
    message = message_of(neighbours(WORST["words"], 5, note=""), Asked(request("x"), question="0"))
    _, hits, ways, votes = message.blocks
    lines = hits["text"]["text"].replace("*", "").splitlines()
    assert lines[0] == "harbour harbour harbour…  0.71 ▰▰▰▰▰▰▰▱▱▱"
    assert lines[1] == "harbour harbour harbour harbour harbour…"
    assert len(lines) == 10
    assert max(map(len, lines)) <= 45
    kinds = [element["type"] for element in ways["elements"]]
    assert kinds == ["button"] * 4 + ["overflow"]
    assert votes["type"] == "context_actions"


def test_one_screen_of_an_entry_is_short() -> None:
    message = message_of(entry_reply(WORST["words"]), Asked(request("x")))
    lines = sum(
        -(-len(line) // 45) for text in texts_in(message.blocks) for line in text.splitlines()
    )
    assert lines <= 48, "at the worst, with the buttons"
    assert [b["text"]["text"] for b in buttons(message.blocks)] == [
        *("Whole entry", "What's near it?", "Share in channel")
    ]


LINES = [
    pytest.param("/near thick rope", id="plain"),
    pytest.param("/near thick rope n=3", id="n"),
    pytest.param('/near thick rope in="Ground tackle" from=harbour n=7', id="all options"),
    pytest.param("/near rope n=3 n=4", id="n twice"),
    pytest.param("/near <!channel> & &lt; \"q\" 'q' `x`", id="marks"),
    pytest.param("/near two\nlines", id="lines"),
    pytest.param("/near help n=3", id="help as a text"),
    pytest.param('/near rope in=«a "b" c»', id="quotes in a value"),
    pytest.param("/near rope in=“a b”", id="curly quotes"),
    pytest.param("/near /define rope", id="a command as a text"),
    pytest.param("/define Ebb tide", id="define"),
]


@pytest.mark.parametrize("prefix", ["", "dev-"])
@pytest.mark.parametrize("line", LINES)
def test_share_and_show_10_ask_the_same_again(line: str, prefix: str) -> None:
    asked = parse(line.replace("/", f"/{prefix}", 1), prefix)
    assert isinstance(asked, Request)
    message = message_of(neighbours(WORST["short"], 5), Asked(asked, prefix))
    value = {item["action_id"]: item["value"] for item in buttons(message.blocks)}
    assert parse(value[SHARE], prefix) == asked
    more = Request(asked.command, asked.text, {**asked.options, "n": 10})
    if asked.command == "near":
        options = ways(message)
        if f"Show {MORE}" in options:  # what is too long for an option is not offered
            assert parse(options[f"Show {MORE}"], prefix) == more
        why = Request(asked.command, asked.text, {**asked.options, "why": "yes"})
        assert parse(value[WHY], prefix) == why


def ways(message: Message) -> dict[str, str]:
    """The values of the buttons and of the menu, by their labels."""
    menus = [item for item in elements_in(list(message.blocks)) if item["action_id"] == MENU]
    items = [*buttons(message.blocks), *(option for menu in menus for option in menu["options"])]
    return {item["text"]["text"]: item["value"] for item in items}


def labels(found: Reply, asked: Asked) -> list[str]:
    return list(ways(message_of(found, asked)))


def test_show_10_is_offered_only_while_there_is_more_to_show() -> None:
    asked = Asked(request("x"))
    assert "Show 10" in labels(neighbours(WORST["short"], 5), asked)
    assert "Show 10" not in labels(neighbours(WORST["short"], 10), asked)
    assert "Show 10" not in labels(neighbours(WORST["short"], 1), asked)
    assert "Show 10" not in labels(neighbours(WORST["short"], 5, sparse=True), asked)
    assert "Show 10" not in labels(neighbours(WORST["short"], 5), Asked())


def test_what_matched_is_shown_where_that_was_asked_for_and_offered_where_not() -> None:
    plain, told = neighbours(WORST["short"], 2), neighbours(WORST["short"], 2, why=True)
    matched = "by meaning · cosine 0.71, closer than 99.7% of pairs"
    for found, shown in ((plain, False), (told, True)):
        texts = texts_in(message_of(found, Asked(request("x"))).blocks)
        assert any(matched in text for text in texts) is shown
        assert ("Why?" in labels(found, Asked(request("x")))) is not shown


def test_what_is_too_long_for_a_button_is_not_offered_cut() -> None:
    offered = labels(neighbours(WORST["short"], 5), Asked(request("x" * 2_000)))
    assert not {"Show 10", "Share in channel"} & set(offered)


def test_every_hit_can_be_opened() -> None:
    found = neighbours(WORST["short"], 20)
    found = replace(
        found, neighbours=tuple(replace(one, term=one.id.title()) for one in found.neighbours)
    )
    for count in (5, 10, 20):
        few = replace(found, neighbours=found.neighbours[:count])
        values = ways(message_of(few, Asked(request("x"))))
        for rank in range(1, count + 1):
            assert values[f"Open Entry-{rank}"] == f"entry-{rank}"
        assert values["More like Entry-1"] == "entry-1"


def test_a_problems_suggestions_are_buttons_of_their_own() -> None:
    message = message_of(problem(WORST["short"]), Asked())
    assert [(item["action_id"], item["value"]) for item in buttons(message.blocks)] == [
        (f"{OPEN}_{at}", f"entry-{at}") for at in range(3)
    ]
