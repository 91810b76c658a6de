"""Tests of the messages built from replies, and of the requests in their buttons."""

from dataclasses import replace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.commands.catalog import is_known
from bot.commands.help import help_for
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.replies.base import Problem, Reply
from bot.slack.blocks.admin import progress_message
from bot.slack.blocks.elements import LONGEST_VALUE, MENU, REQUEST_JSON, Message
from bot.slack.blocks.feedback import HELPFUL, NOT_HELPFUL, voted_line, with_votes
from bot.slack.blocks.reply import MORE, SHARE, WHY, RequestContext, message_of
from index.search.results import Citation
from index.sources.files import Refusal
from tests.fake_slack.model import elements_in, texts_in
from tests.unit.bot.samples import KINDS, reply, report
from tests.unit.bot.slack import WORST, buttons, dangers, faults_in_markup, faults_of
from tests.unit.bot.slack.samples import answer, mentions, neighbours
from tests.unit.bot.slack.test_payloads import admins

SHORT = WORST["short"]
ID = "0123456789abcdef"


def request(text: str) -> Request:
    return Request("near", text, {"n": 5})


def actions_of(message: Message) -> dict[str, str]:
    """Return the values of the buttons and menu options, by label."""
    menus = [item for item in elements_in(list(message.blocks)) if item["action_id"] == MENU]
    items = [*buttons(message.blocks), *(option for menu in menus for option in menu["options"])]
    return {item["text"]["text"]: item["value"] for item in items}


def offered(message: Message) -> str:
    """Return the label, action id and value of each button and menu option, one a line."""
    lines = []
    for item in elements_in(list(message.blocks)):
        votes = [item[side] for side in ("positive_button", "negative_button") if side in item]
        for one in [*item.get("options", ()), *votes] or [item]:
            label = one.get("text", {}).get("text")
            asks = "" if "confirm" not in item else f" ({item['confirm']['confirm']['text']}?)"
            lines.append(f"  {label} [{item['action_id']}] {one.get('value')}{asks}")
    return "\n".join(lines)


def generations() -> Any:
    """Return a list of a current, a damaged and two earlier intact generations."""
    found: Any = reply("generations", "x")
    states = {4: ("ready", True), 3: ("damaged", False), 2: ("ready", False), 1: ("ready", False)}
    lines = [
        replace(found.generations[0], name=f"g00000{at}", state=state, current=current)
        for at, (state, current) in states.items()
    ]
    return replace(found, generation="g000004", generations=tuple(lines))


SAMPLES: dict[str, Reply] = {
    **{kind: reply(kind, "x") for kind in KINDS},
    **{kind: admins(kind, "who guards it?") for kind in ("reindexed", "stats", "gaps")},
    "first reindex": replace(admins("reindexed", "x"), before=None),  # type: ignore[arg-type]
    "several generations": generations(),
    **{f"{count} neighbours": neighbours(SHORT, count) for count in (5, 20)},
    "reasons shown": neighbours(SHORT, 5, why=True),
    "nothing near": neighbours(SHORT, 5, sparse=True),
    "a question back": answer(SHORT, answered=False, citations=(), follow_ups=("x?", "y?")),
    "a list": answer(SHORT, citations=(Citation("entry-7", "x", ""),), follow_ups=()),
    "suggestions": Problem(code="usage", message="No.", suggestions=mentions(SHORT)),
}


def test_each_reply_offers_its_buttons(snapshot: SnapshotAssertion) -> None:
    asked = RequestContext(request("x"), question=ID)
    found = [f"{name}:\n{offered(message_of(one, asked))}" for name, one in SAMPLES.items()]
    assert "\n".join(found) == snapshot
    unlogged = RequestContext(request("x" * 2_000))  # too long for a button
    assert offered(message_of(neighbours(SHORT, 5), unlogged)) == snapshot


def test_requests_in_buttons_have_known_verbs_and_options() -> None:
    asked = RequestContext(request("x"))
    values = [
        value for one in SAMPLES.values() for value in actions_of(message_of(one, asked)).values()
    ]
    requests = [REQUEST_JSON.validate_json(value) for value in values if value.startswith("{")]
    assert len({(one.command, one.verb) for one in requests}) >= 10
    assert all(map(is_known, requests))


def test_reply_with_five_neighbours_fits_on_a_phone() -> None:
    message = message_of(
        neighbours(WORST["words"], 5, note=""), RequestContext(request("x"), question="0")
    )
    title, hits, found, votes = message.blocks
    assert sum(map(len, texts_in([title]))) <= len("Near ") + 60
    lines = hits["text"]["text"].replace("*", "").splitlines()
    assert lines[:2] == [
        "1. harbour harbour harbour…  0.71",
        "harbour harbour harbour harbour harbour harbour harbour harbour…",
    ]
    assert len(lines) == 10
    assert max(map(len, lines[::2])) <= 45
    assert max(map(len, lines)) <= 90
    assert [item["type"] for item in found["elements"]] == ["button"] * 3 + ["overflow"]
    assert [len(votes["elements"]), votes["type"]] == [1, "context_actions"]


def test_a_hit_with_a_short_name_has_its_bar_in_the_same_line_on_a_phone() -> None:
    message = message_of(neighbours(lambda _: "a" * 24, 1, note=""), RequestContext(request("x")))
    line = message.blocks[1]["text"]["text"].splitlines()[0]
    assert line == f"1. *{'a' * 24}*  0.71 ▰▰▰▰▱"


@pytest.mark.parametrize(
    "line",
    [
        "/near thick rope",
        "/near we moor with a rope n=500",
        "/near thick rope n=3 n=4",
        '/near thick rope in="Ground tackle" from=harbour n=7',
        "/near <!channel> & &lt; \"q\" 'q' `x`",
        "/near two\nlines",
        '/near rope in=«a "b" c»',
        "/near /define rope",
        "/define Ebb tide",
    ],
)
def test_share_why_and_show_10_buttons_repeat_the_request(line: str) -> None:
    asked = parse(line)
    if isinstance(asked, Problem):  # a text that ends like an option, of a quoted message
        asked = Request("near", line.removeprefix("/near "))
    message = message_of(neighbours(SHORT, 5), RequestContext(asked, "dev-"))
    value = {item["action_id"]: item["value"] for item in buttons(message.blocks)}
    assert REQUEST_JSON.validate_json(value[SHARE]) == asked
    if asked.command == "near":
        more = replace(asked, options={**asked.options, "n": 10})
        assert REQUEST_JSON.validate_json(actions_of(message)[f"Show {MORE}"]) == more
        why = replace(asked, options={**asked.options, "why": "yes"})
        assert REQUEST_JSON.validate_json(value[WHY]) == why


@pytest.mark.parametrize(
    ("length", "kind"), [(103, "json"), (104, "line"), (135, "line"), (136, "")]
)
def test_show_10_carries_a_line_if_its_request_is_too_long(length: int, kind: str) -> None:
    asked = Request("near", "x" * length)
    options = actions_of(message_of(neighbours(SHORT, 5), RequestContext(asked, "dev-")))
    value = options.get(f"Show {MORE}", "")
    more = replace(asked, options={"n": 10})
    if kind == "json":
        assert REQUEST_JSON.validate_json(value) == more
    else:
        assert value == (f"/dev-near {asked.text} n=10" if kind else "")


@pytest.mark.parametrize("text", ["x" * 1_972, '"' * 986])
def test_request_too_long_for_a_button_is_not_offered(text: str) -> None:
    for query in (text, f"{text}x"):
        asked = RequestContext(Request("near", query))
        value = {item["action_id"]: item["value"] for item in message_buttons(asked)}
        assert (SHARE in value) is (query == text)
        assert len(value.get(SHARE, "x" * LONGEST_VALUE)) == LONGEST_VALUE


def message_buttons(asked: RequestContext) -> list[Any]:
    return buttons(message_of(neighbours(SHORT, 5, why=True), asked).blocks)


@pytest.mark.parametrize("why", [False, True])
def test_why_button_shows_the_reason_for_the_match(why: bool) -> None:
    texts = texts_in(message_of(neighbours(SHORT, 2, why=why), RequestContext(request("x"))).blocks)
    matched = "by meaning · cosine 0.71, closer than 99.7% of pairs"
    assert any(matched in text for text in texts) is why
    assert any(text.startswith("Each number combines the cosine") for text in texts) is why


def test_answer_has_one_button_per_cited_entry() -> None:
    places = [("voice", "Definition"), ("robot", ""), ("voice", "Pauses"), ("voice", "Pauses")]
    cited = tuple(Citation(entry, entry.title(), heading) for entry, heading in places)
    found = replace(answer(SHORT), citations=cited, follow_ups=())
    labels = [item["text"]["text"] for item in buttons(message_of(found, RequestContext()).blocks)]
    assert labels == ["Voice › Definition, Pauses", "Robot"]


def test_help_lists_its_examples_under_one_title() -> None:
    found = help_for(Request("help", "define"))
    text = message_of(found, RequestContext()).blocks[0]["text"]["text"]
    assert text.endswith("For example:\n/define RAG\n/define Zeppelin = A rigid airship.")


def test_question_above_its_answer_is_not_repeated_in_the_place() -> None:
    cited = (Citation("voice", "Voice", "How loud?"),)
    text = "Voice: A sound.\n\nHow loud?\nVery."
    found = replace(answer(SHORT), text=text, citations=cited, follow_ups=())
    blocks = message_of(found, RequestContext()).blocks
    (shown,) = buttons(blocks)
    assert shown["text"]["text"] == "Voice › Questions"
    sections = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    assert sections == ["Voice: A sound.\n\n*How loud?*\nVery."]


@pytest.mark.parametrize("sparse", [False, True])
def test_nearest_entries_are_offered_unless_nothing_is_near(sparse: bool) -> None:
    found = replace(answer(SHORT), answered=False, citations=(), follow_ups=(), sparse=sparse)
    message = message_of(found, RequestContext())
    assert ("Nearest entries: " in str(message.blocks)) is not sparse
    assert any(item["action_id"] == "open_entry_0" for item in buttons(message.blocks)) != sparse


def test_no_line_of_the_generations_is_a_title() -> None:
    first = message_of(generations(), RequestContext()).blocks[0]
    assert "*" not in first["text"]["text"]


@pytest.mark.parametrize("prefix", ["", "dev-"])
def test_commands_in_hints_are_whole(prefix: str) -> None:
    hint = "List them with: /near-admin generations\nShow one with: /define x and/or /near y"
    found = message_of(
        Problem(code="not_found", message="No.", hint=hint), RequestContext(prefix=prefix)
    )
    whole = (
        f"List them with: /{prefix}near-admin generations\n"
        f"Show one with: /{prefix}define x and/or /{prefix}near y"
    )
    assert whole in found.text
    assert whole in found.blocks[0]["text"]["text"]


def test_skipped_records_are_counted_with_the_first_reason_but_no_path() -> None:
    refused = (Refusal("/srv/secret/words.csv", 3, "no definition", "Add one."),) * 5
    done: Any = admins("reindexed", "x")
    done = replace(done, sources=(replace(report("words"), refused=refused),))
    text = message_of(done, RequestContext()).blocks[0]["text"]["text"]
    assert "words: 5 skipped, the first words.csv: no definition. Add one." in text
    assert "/srv/secret" not in text


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (("", 0, 0, 0.0), "starting"),
        (
            ("embedding", 187, 1_212, 10.0),
            "embedding passages 187 of 1,212 ▰▰▱▱▱▱▱▱▱▱ 19 a second, 55 s left",
        ),
        (
            ("embedding", 187, 1_212, 200.0),
            "embedding passages 187 of 1,212 ▰▰▱▱▱▱▱▱▱▱ 0.9 a second, 18 min left",
        ),
        (("writing", 9, 9, 3.0), "writing the index 9 of 9 ▰▰▰▰▰▰▰▰▰▰"),
        (("other <things>", 1, 1, 3.0), "other &lt;things&gt;"),
    ],
)
def test_progress_shows_a_bar_counts_rate_and_time_left(
    now: tuple[str, int, int, float], expected: str
) -> None:
    message = progress_message(*now)
    assert message.text == f"Reindexing: {expected}"
    assert faults_of(message) == []


@pytest.mark.parametrize("in_modal", [False, True])
def test_new_vote_replaces_the_previous_one(in_modal: bool) -> None:
    blocks = list(
        message_of(reply("answer", "x"), RequestContext(question=ID, in_modal=in_modal)).blocks
    )
    for vote, line in ((HELPFUL, "Marked as helpful."), (NOT_HELPFUL, "Marked as not helpful.")):
        blocks = with_votes(blocks, voted_line(vote))
        assert [text for text in texts_in(blocks) if text.startswith("Marked")] == [line]
    assert faults_of(Message("x", blocks)) == []
    assert with_votes([], "x")


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "mrkdwn", "text": "<!here>", "verbatim": True},
        {"type": "mrkdwn", "text": "a &lt b", "verbatim": True},
        {"type": "mrkdwn", "text": "<https://evil.test|a>", "verbatim": True},
        {"type": "mrkdwn", "text": "a"},
        {"type": "plain_text", "text": "a\u202eb"},
        {"type": "user", "user_id": "U1"},
        {"type": "link", "url": "https://a.test"},
    ],
    ids=ascii,
)
def test_markup_check_finds_active_markup(payload: dict[str, object]) -> None:
    assert dangers([{"blocks": [payload]}], {"https://a.test"})
    assert faults_in_markup("<https://evil.test|a>", {"https://a.test"})
