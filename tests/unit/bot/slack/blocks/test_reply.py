"""Tests of the messages built from replies, and of the requests in their buttons."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.replies.base import Problem, Reply
from bot.slack.blocks.admin import KEEP, ROLL_BACK, progress_message
from bot.slack.blocks.answer import ASK, OPEN
from bot.slack.blocks.elements import MENU, Message
from bot.slack.blocks.explore import PIECE, tone_menu, tone_request
from bot.slack.blocks.feedback import HELPFUL, NOT_HELPFUL, SHARE_QUESTION, VOTE, with_vote
from bot.slack.blocks.reply import MORE, SHARE, WHY, RequestContext, message_of
from index.build.reindex import ReindexResult
from index.search.explore.explorations import Shift
from index.search.explore.tones import TONES
from index.search.results import Citation
from index.sources.files import Refusal
from tests.fake_slack.model import elements_in, texts_in
from tests.unit.bot.samples import KINDS, explored, reply, report
from tests.unit.bot.slack import (
    WORST,
    answer,
    buttons,
    dangers,
    faults_in_markup,
    faults_of,
    mentions,
    neighbours,
)
from tests.unit.bot.slack.samples import replies
from tests.unit.bot.slack.test_payloads import admins

SHORT = WORST["short"]
ID = "0123456789abcdef"
VOTES = [HELPFUL, NOT_HELPFUL]
PREFIXES = pytest.mark.parametrize("prefix", ["", "dev-", "a" * 20])


def request(text: str) -> Request:
    return Request("near", text, {"n": 5})


def actions_of(message: Message) -> dict[str, str]:
    """Return the values of the buttons and menu options, by label."""
    menus = [item for item in elements_in(list(message.blocks)) if item["action_id"] == MENU]
    items = [*buttons(message.blocks), *(option for menu in menus for option in menu["options"])]
    return {item["text"]["text"]: item["value"] for item in items}


def requests_of(found: Reply, prefix: str) -> list[tuple[str, Request | Problem]]:
    """Return the requests in a reply's buttons, with their action ids."""
    shown = buttons(message_of(found, RequestContext(prefix=prefix)).blocks)
    return [(item["action_id"], parse(item["value"], prefix)) for item in shown]


def test_reply_with_five_neighbours_fits_on_a_phone() -> None:
    message = message_of(
        neighbours(WORST["words"], 5, note=""), RequestContext(request("x"), question="0")
    )
    _, hits, found, votes = message.blocks
    lines = hits["text"]["text"].replace("*", "").splitlines()
    assert lines[:2] == [
        "harbour harbour harbour…  0.71 ▰▰▰▰▰▰▰▱▱▱",
        "harbour harbour harbour harbour harbour…",
    ]
    assert len(lines) == 10
    assert max(map(len, lines)) <= 45
    assert [item["type"] for item in found["elements"]] == ["button"] * 4 + ["overflow"]
    assert votes["type"] == "context_actions"


@pytest.mark.parametrize("prefix", ["", "dev-"])
@pytest.mark.parametrize(
    "line",
    [
        "/near thick rope",
        '/near thick rope in="Ground tackle" from=harbour n=7',
        "/near <!channel> & &lt; \"q\" 'q' `x`",
        "/near two\nlines",
        '/near rope in=«a "b" c»',
        "/near /define rope",
        "/define Ebb tide",
    ],
)
def test_share_and_show_10_buttons_repeat_the_request(line: str, prefix: str) -> None:
    asked = parse(line.replace("/", f"/{prefix}", 1), prefix)
    assert isinstance(asked, Request)
    message = message_of(neighbours(SHORT, 5), RequestContext(asked, prefix))
    value = {item["action_id"]: item["value"] for item in buttons(message.blocks)}
    assert parse(value[SHARE], prefix) == asked
    if asked.command == "near":
        options = actions_of(message)
        if f"Show {MORE}" in options:  # not offered if the query is too long
            more = replace(asked, options={**asked.options, "n": 10})
            assert parse(options[f"Show {MORE}"], prefix) == more
        assert parse(value[WHY], prefix) == replace(asked, options={**asked.options, "why": "yes"})


@pytest.mark.parametrize(
    ("found", "query", "offered"),
    [
        (neighbours(SHORT, 5), "x", {"Show 10", "Why?", "Share in channel"}),
        (neighbours(SHORT, 10), "x", {"Why?", "Share in channel"}),
        (neighbours(SHORT, 1), "x", {"Why?", "Share in channel"}),
        (neighbours(SHORT, 5, sparse=True), "x", {"Share in channel"}),
        (neighbours(SHORT, 5, why=True), "x", {"Show 10", "Share in channel"}),
        (neighbours(SHORT, 5), "x" * 2_000, set()),  # too long for a button
    ],
)
def test_only_applicable_buttons_are_offered(found: Reply, query: str, offered: set[str]) -> None:
    every = {"Show 10", "Why?", "Share in channel"}
    assert every & set(actions_of(message_of(found, RequestContext(request(query))))) == offered


@pytest.mark.parametrize("why", [False, True])
def test_why_button_shows_the_reason_for_the_match(why: bool) -> None:
    texts = texts_in(message_of(neighbours(SHORT, 2, why=why), RequestContext(request("x"))).blocks)
    matched = "by meaning · cosine 0.71, closer than 99.7% of pairs"
    assert any(matched in text for text in texts) is why


@pytest.mark.parametrize("count", [5, 10, 20])
def test_every_neighbour_can_be_opened(count: int) -> None:
    found = neighbours(SHORT, count)
    named = tuple(replace(one, term=one.id.title()) for one in found.neighbours)
    values = actions_of(message_of(replace(found, neighbours=named), RequestContext(request("x"))))
    opened = {f"Open Entry-{rank}": f"entry-{rank}" for rank in range(1, count + 1)}
    assert values | opened | {"More like Entry-1": "entry-1"} == values


@pytest.mark.parametrize(
    ("found", "actions"),
    [
        (
            answer(SHORT, 2, follow_ups=("why?", "how?")),
            [
                *((f"{OPEN}_0", "entry-1"), (f"{OPEN}_1", "entry-2")),
                *((f"{ASK}_0", "why?"), (f"{ASK}_1", "how?")),
            ],
        ),
        (
            answer(SHORT, answered=False, citations=(), follow_ups=("x?", "y?")),
            [(f"{ASK}_0", "x?"), (f"{ASK}_1", "y?"), ("suggest_definition", "x")],
        ),
        (
            answer(SHORT, citations=(Citation("entry-7", "x", ""),), follow_ups=()),
            [(f"{OPEN}_0", "entry-7")],
        ),
        (
            Problem(code="usage", message="No.", suggestions=mentions(SHORT)),
            [(f"{OPEN}_{at}", f"entry-{at}") for at in range(3)],
        ),
    ],
    ids=["answer", "a question back", "a list", "problem"],
)
def test_answer_has_buttons_for_its_sources_and_follow_ups(
    found: Reply, actions: Sequence[tuple[str, str]]
) -> None:
    shown = buttons(message_of(found, RequestContext(in_thread=True)).blocks)
    assert [(item["action_id"], item["value"]) for item in shown] == actions


def reindexed(**changes: Any) -> ReindexResult:
    done = reply("reindexed", "toy")
    assert isinstance(done, ReindexResult)
    return replace(done, **{"generation": "g000002", "before": "g000001"} | changes)


@PREFIXES
def test_admin_buttons_send_their_commands(prefix: str) -> None:
    back = Request("near-admin", "g000001", {"from": "g000002"}, "rollback")
    keep = Request("near-admin", "g000002", {}, "keep")
    assert requests_of(reindexed(), prefix) == [(KEEP, keep), (ROLL_BACK, back)]
    for before in (None, "g000002"):
        assert requests_of(reindexed(before=before), prefix) == [], "there is no other generation"
    use = Request("near-admin", "an-id = who guards it?", {}, "phrase")
    assert [made for _, made in requests_of(admins("stats", "who guards it?"), prefix)] == [use] * 5
    for kind, verb in {"saved": "undo", "removal": "remove", "history": "history"}.items():
        (_, first), *_ = requests_of(replies(SHORT)[kind], prefix)
        assert isinstance(first, Request)
        assert (first.verb, first.text, bool(first.options)) == (verb, "e" * 140, True)


@PREFIXES
def test_earlier_intact_generations_have_a_rollback_button(prefix: str) -> None:
    found: Any = reply("generations", "x")
    states = {4: ("ready", True), 3: ("damaged", False), 2: ("ready", False), 1: ("ready", False)}
    lines = [
        replace(found.generations[0], name=f"g00000{at}", state=state, current=current)
        for at, (state, current) in states.items()
    ]
    found = replace(found, generation="g000004", generations=tuple(lines))
    assert requests_of(found, prefix) == [
        (f"{ROLL_BACK}_{at}", Request("near-admin", name, {"from": "g000004"}, "rollback"))
        for at, name in enumerate(("g000002", "g000001"))
    ]
    shown = buttons(message_of(found, RequestContext()).blocks)
    assert all(item["confirm"]["confirm"]["text"] == "Roll back" for item in shown)


def test_skipped_records_are_counted_with_the_first_reason_but_no_path() -> None:
    refused = (Refusal("/srv/secret/words.csv", 3, "no definition", "Add one."),) * 5
    source = replace(report("words"), refused=refused)
    text = message_of(reindexed(sources=(source,)), RequestContext()).blocks[0]["text"]["text"]
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


def feedback(found: Reply, asked: RequestContext) -> list[str]:
    shown: list[str] = []
    for item in elements_in(list(message_of(found, asked).blocks)):
        if item["action_id"] == VOTE:
            values = [item[f"{side}_button"]["value"] for side in ("positive", "negative")]
            assert values == [f"{vote} {ID}" for vote in VOTES]
            shown += VOTES
        elif item["action_id"] in (*VOTES, SHARE_QUESTION):
            assert item["value"] == ID
            shown.append(item["action_id"])
    return shown


@pytest.mark.parametrize(
    ("kinds", "question", "shown"),
    [
        (("neighbours", "entry", "senses", "answer"), ID, VOTES),
        (("sparse", "declined"), ID, [SHARE_QUESTION, *VOTES]),
        (("problem",), ID, [SHARE_QUESTION]),
        (("plan", "status", "help", "new thread", "forgotten"), ID, []),
        (KINDS, "", []),
    ],
    ids=["found", "nothing found", "unknown name", "no answer", "not logged"],
)
def test_logged_answers_have_feedback_buttons(
    kinds: tuple[str, ...], question: str, shown: list[str]
) -> None:
    for kind in kinds:
        for in_modal in (False, True):
            asked = RequestContext(question=question, in_modal=in_modal)
            assert (kind, feedback(reply(kind, "x"), asked)) == (kind, shown)


@pytest.mark.parametrize("in_modal", [False, True])
def test_new_vote_replaces_the_previous_one(in_modal: bool) -> None:
    blocks = list(
        message_of(reply("answer", "x"), RequestContext(question=ID, in_modal=in_modal)).blocks
    )
    for vote, line in ((HELPFUL, "Marked as helpful."), (NOT_HELPFUL, "Marked as not helpful.")):
        blocks = with_vote(blocks, vote)
        assert [text for text in texts_in(blocks) if text.startswith("Marked")] == [line]
    assert faults_of(Message("x", blocks)) == []
    assert with_vote([], HELPFUL)


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(
    "prompt",
    [
        *("a rope", "x" * 2 * PIECE, "help", "a + b tone=loud", "ends: in:", '<!here> & "q"'),
        "x" * (PIECE - 1) + " y",
    ],
)
def test_chosen_tone_repeats_the_prompt_in_that_tone(prompt: str, tone: str) -> None:
    moved = explored("shift", "x")
    assert isinstance(moved, Shift)
    (block,) = tone_menu(replace(moved, before=prompt, tone=""))
    assert faults_of(Message("x", [block])) == []
    (menu,) = block["elements"]
    option = next(option for option in menu["options"] if option["value"] == tone)
    chosen = {"action_id": menu["action_id"], "block_id": block["block_id"]}
    request = tone_request({"actions": [chosen | {"selected_option": option}]})
    assert request == Request("latent", prompt, {"tone": tone}, verb="shift")
    for other in ("", "x" * (2 * PIECE + 1)):
        assert tone_menu(replace(moved, before=other)) == [], "it does not fit into the menu"


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"action_id": "tone:", "block_id": "tone:", "selected_option": {"value": "premium"}},
        {"action_id": "tone:", "block_id": "tone:a rope", "selected_option": {"value": "loud"}},
        {"action_id": "tone:", "block_id": "tone:a rope", "selected_option": None},
    ],
)
def test_forged_tone_is_ignored(action: dict[str, Any]) -> None:
    assert tone_request({"actions": [action]}) is None


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
