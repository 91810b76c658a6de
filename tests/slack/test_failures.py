"""Slack failures: no answer is lost or sent twice, and other channels are not delayed."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fake_slack import Message, Workspace
from tests.slack.talking import bot_replies, mention, new_channel, quiet
from tests.slack.team import Team, serving

SEED = 20_261_126

# Transient faults, which delay the answer.
TRANSIENT: dict[str, dict[str, Any]] = {
    "429, number": {"status": 429, "retry_after": 1},
    "429, huge": {"status": 429, "retry_after": 10**12},
    "500": {"status": 500},
    "503, thrice": {"status": 503, "times": 3},
    "closed": {"close": True},
    "closed once it was heard": {"close": True, "after": True},
    "late": {"delay": 1.0},
    "no answer": {"hang": True},
    "no answer once it was heard": {"hang": True, "after": True},
    "internal_error": {"error": "internal_error"},
    "token_revoked": {"error": "token_revoked"},
}
# Permanent faults: the bot cannot post an answer.
PERMANENT = ("channel_not_found", "restricted_action")
# Shortened timeouts. Delayed answers stay within them: the bot cannot tell whether a late
# command reply arrived.
SHORT_TIMEOUTS = {
    "bot.slack.api_errors.MAX_RETRY_AFTER_S": 1.0,
    "bot.slack.queue.retry.LONGEST": 0.3,
    "bot.slack.response_url.TIMEOUT_S": 2,
    "bot.slack.client.CALL_TIMEOUT_S": 1,
}
MODES = ["http"]


@pytest.fixture(scope="module")
def options() -> dict[str, object]:
    return {"constants": SHORT_TIMEOUTS}


def asked_in_a_thread(team: Team, number: int) -> Callable[[], int]:
    """Mention the bot; return a function that counts the answers."""
    root = mention(team, new_channel(team), f"who looks after hawser {number}?")
    return lambda: len(bot_replies(team, root))


def asked_by_command(team: Team, number: int) -> Callable[[], int]:
    """Type a command; return a function that counts its replies, which repeat the query."""
    assert team.workspace.command(team.ada, team.channel, "/near", f"thick rope {number}").ok

    def replies() -> int:
        shown = team.workspace.ephemerals(team.ada, team.channel)
        return sum(f'"thick rope {number}"' in message.text for message in shown)

    return replies


def wait_for_one(team: Team, answers: Callable[[], int]) -> None:
    """Wait for exactly one answer."""
    team.workspace.wait(answers, seconds=20)
    quiet(team)
    assert answers() == 1


@pytest.mark.parametrize("fault", TRANSIENT)
def test_question_in_a_thread_is_answered_once(team: Team, fault: str) -> None:
    met = team.workspace.fault("chat.postMessage", **TRANSIENT[fault])
    wait_for_one(team, asked_in_a_thread(team, 1))
    assert met.hits == TRANSIENT[fault].get("times", 1)


def test_failure_to_read_a_thread_does_not_stop_an_answer(team: Team) -> None:
    for fault in ("500", "closed", "429, huge"):
        team.workspace.fault("conversations.replies", **TRANSIENT[fault])
        wait_for_one(team, asked_in_a_thread(team, 1))


@pytest.mark.parametrize(
    "fault", [name for name, fault in TRANSIENT.items() if "after" not in fault and name != "late"]
)
def test_command_is_answered_once_despite_faults(team: Team, fault: str) -> None:
    met = team.workspace.fault("response_url", **TRANSIENT[fault])
    wait_for_one(team, asked_by_command(team, 1))
    assert met.hits == TRANSIENT[fault].get("times", 1)


def test_text_is_sent_when_slack_refuses_the_blocks(team: Team) -> None:
    for method in ("response_url", "chat.postMessage"):
        team.workspace.fault(method, error="invalid_blocks")
    reply = team.ask("/near a thick rope for mooring or towing")
    root = mention(team, new_channel(team), "who looks after a hawser?")
    (answer,) = team.workspace.wait(lambda: bot_replies(team, root), seconds=10)
    assert "Hawser" in reply.text
    assert "harbour master" in answer.text
    assert not reply.blocks + answer.blocks


@pytest.mark.parametrize("code", PERMANENT)
def test_reply_is_abandoned_after_a_permanent_fault(team: Team, code: str) -> None:
    team.workspace.fault("chat.postMessage", error=code)
    answers = asked_in_a_thread(team, 1)
    quiet(team)
    assert answers() == 0
    again = asked_in_a_thread(team, 2)
    team.workspace.wait(again, seconds=10)


@pytest.mark.one_bot  # each process orders only its own deliveries
def test_throttled_channel_keeps_its_order_and_does_not_delay_other_channels(team: Team) -> None:
    slow, quick = new_channel(team), new_channel(team)
    first = mention(team, slow, "what is a hawser?")
    team.workspace.wait(lambda: bot_replies(team, first), seconds=10)
    throttled = team.workspace.fault("chat.postMessage", status=429, retry_after=1, times=3)
    roots = []
    for number in range(12):
        roots.append(mention(team, slow, f"who looks after hawser {number}?"))
        team.workspace.settle()  # Slack may deliver simultaneous messages in any order
    team.workspace.wait(lambda: throttled.hits == 1, seconds=10)
    throttled.clear()
    elsewhere = mention(team, quick, "what is a tugboat?")
    team.workspace.wait(lambda: bot_replies(team, elsewhere), seconds=5)
    assert not bot_replies(team, roots[-1]), "the other channel is not delayed"
    team.workspace.wait(lambda: bot_replies(team, roots[-1]), seconds=15)
    posted = [bot_replies(team, root) for root in roots]
    assert [len(answers) for answers in posted] == [1] * len(roots)
    order = [float(answers[0].ts) for answers in posted]
    assert order == sorted(order)


@pytest.mark.parametrize(
    "count", [pytest.param(12, id="few"), pytest.param(300, id="many", marks=pytest.mark.slow)]
)
def test_random_faults_neither_lose_nor_duplicate_answers(team: Team, count: int) -> None:
    chance = random.Random(SEED)
    names = [name for name in TRANSIENT if count > 20 or "no answer" not in name]
    asked: list[tuple[str, Callable[[], int]]] = []
    hits: list[Any] = []
    for number in range(count):
        fault, in_thread = chance.choice(names), chance.random() < 0.5
        method = "chat.postMessage" if in_thread else "response_url"
        if not in_thread and "heard" in fault:
            fault = "500"  # the bot cannot tell whether a command reply arrived
        hits.append(team.workspace.fault(method, **TRANSIENT[fault]))
        ask = asked_in_a_thread if in_thread else asked_by_command
        asked.append((fault, ask(team, 1_000 * count + number)))
        if len(asked) % 6 == 0:
            quiet(team)
    quiet(team)
    counts = [answers() for _, answers in asked]
    met = sum(fault.hits for fault in hits)
    lost, doubled = counts.count(0), sum(count > 1 for count in counts)
    print(f"{met} faults met by {count} questions: {lost} lost, {doubled} doubled")
    assert met >= count * 0.9
    assert (lost, doubled) == (0, 0)


def test_pending_answer_survives_a_restart(workspace: Workspace, data: Path) -> None:
    with serving(workspace, data, constants=SHORT_TIMEOUTS) as team:
        outage = workspace.fault("*", status=503, times=None)
        root: Message = mention(team, new_channel(team), "what is a hawser?")
        typed = asked_by_command(team, 5)
        workspace.wait(lambda: outage.hits > 5, seconds=10)
    outage.clear()
    with serving(workspace, data, constants=SHORT_TIMEOUTS) as team:
        workspace.wait(lambda: bot_replies(team, root) and typed(), seconds=10)
        quiet(team)
        assert (len(bot_replies(team, root)), typed()) == (1, 1)
