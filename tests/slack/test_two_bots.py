"""Two bots in one workspace, on one Chroma server and one PostgreSQL database: each delivery is
answered once, even if a bot or the Chroma server fails."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from index.indexing.reindex import SourceContent, reindex
from tests.fake_slack import Channel, Message, Workspace
from tests.slack.team import LIMITS, Team, serving
from tests.support.entries import harbour
from tests.support.proxy import Fault
from tests.support.server_mode import ServerMode, server_mode
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

SEED = 20_261_126
BURST_SIZE = 12  # requests made while one bot is killed
PAUSE_S = 0.06  # seconds between two requests
TAKE_OVER_S = 25.0  # seconds within which the other bot answers them
MAX_REPLY_S = 5.0  # seconds within which every request has a reply, possibly an error


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerMode]:
    if ServerMode.active is not None:
        yield ServerMode.active
        return
    with server_mode(tmp_path_factory.mktemp("servers")) as mode:
        yield mode


@pytest.fixture
def data(servers: ServerMode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Provide the harbour index, with its vectors on the server; the second bot starts empty."""
    monkeypatch.setattr(servers, "apart", True)
    store = open_store(tmp_path / "data")
    reindex(store, SourceContent(harbour()), ToyEmbedder())
    store.close()
    return tmp_path / "data"


@contextmanager
def two_bots(mode: str, data: Path) -> Iterator[tuple[Team, Channel]]:
    """Serve two bots, and create a channel with both of them."""
    with Workspace(mode=mode, settings=LIMITS) as workspace, serving(workspace, data) as team:  # type: ignore[arg-type]
        yield team, workspace.add_channel("quay", [team.ada, team.ben])


def answers_to(team: Team, question: Message) -> int:
    """Count the bot's messages whose metadata names a question."""
    with team.workspace.state.lock:
        messages = list(team.workspace.state.messages[question.channel])
    payloads = [message.metadata["event_payload"] for message in messages if message.metadata]
    return sum(payload["question"] == question.ts for payload in payloads)


def replies_to(team: Team, number: int) -> int:
    """Count the replies to a command, which repeat it."""
    shown = team.workspace.ephemerals(team.ada, team.channel)
    return sum(f'"thick rope {number}"' in message.text for message in shown)


def test_both_bots_answer_and_each_delivery_is_answered_once(mode: str, data: Path) -> None:
    with two_bots(mode, data) as (team, quay):
        asked = [
            team.workspace.say(team.ben, quay, f"{team.workspace.mention} what is a hawser {at}?")
            for at in range(6)
        ]
        for at in range(6):
            assert "Hawser" in team.ask(f"/near thick rope {at}").text
        team.quiet()
        for at in (6, 7):  # deliveries alternate between the two
            assert "Hawser" in team.ask(f"/near thick rope {at}").text
        team.quiet()
        assert [answers_to(team, question) for question in asked] == [1] * 6
        assert [replies_to(team, at) for at in range(8)] == [1] * 8
        servers = ServerMode.active
        assert servers is not None
        assert servers.answering(data) == 2, "both bots received deliveries"


@pytest.mark.parametrize(
    "fault",
    [
        "gone",
        "deaf",
        *(pytest.param(fault, marks=pytest.mark.slow) for fault in ("slow", "drips", "resets")),
    ],
)
def test_unavailable_chroma_server_is_reported_in_time(
    fault: Fault, servers: ServerMode, data: Path
) -> None:
    with two_bots("http", data) as (team, quay):
        assert "Hawser" in team.ask("/near thick rope").text
        servers.proxy.fault = fault
        try:
            for _ in range(4):  # two each
                began = time.monotonic()
                reply = team.ask("/near thick rope").text
                assert time.monotonic() - began < MAX_REPLY_S
                assert "Chroma server" in reply
                assert "does not answer" in reply
                assert "contact the people who run the bot" in reply
            assert "Hawser" in team.ask("/define hawser").text
            question = team.workspace.say(
                team.ben, quay, f"{team.workspace.mention} who sails at dawn?"
            )
            team.workspace.wait(lambda: answers_to(team, question), seconds=MAX_REPLY_S)
        finally:
            servers.proxy.fault = "none"
            servers.proxy.cut()
        team.workspace.wait(
            lambda: all("Hawser" in team.ask("/near thick rope").text for _ in range(2)) or None,
            seconds=10,
        )


def test_startup_waits_for_the_chroma_server(servers: ServerMode, data: Path) -> None:
    servers.proxy.fault = "gone"

    def come() -> None:
        servers.proxy.fault = "none"

    coming = threading.Timer(2, come)
    coming.start()
    began = time.monotonic()
    with two_bots("http", data) as (team, _):  # a ready bot has loaded its index
        assert time.monotonic() - began > 2
        assert "Hawser" in team.ask("/near thick rope").text


@pytest.mark.parametrize("kills", [1, pytest.param(10, marks=pytest.mark.slow)])
def test_killing_one_of_two_bots_neither_loses_nor_duplicates_answers(
    mode: str, kills: int, servers: ServerMode, data: Path
) -> None:
    chance = random.Random(f"{SEED} {mode}")
    waits: list[float] = []
    for number in range(kills):
        with two_bots(mode, data) as (team, quay):
            checks: list[Callable[[], int]] = []
            threaded: list[Message] = []
            dies = chance.randrange(1, BURST_SIZE)
            for at in range(BURST_SIZE):
                if at == dies:
                    time.sleep(chance.uniform(0, PAUSE_S))
                    assert servers.second is not None
                    servers.second.kill()
                    killed = time.monotonic()
                if at % 3 == 2:
                    number_of = number * BURST_SIZE + at
                    command = team.workspace.command(
                        team.ada, team.channel, "/near", f"thick rope {number_of}"
                    )
                    if command.ok:  # otherwise the user was notified of the failure
                        checks.append(partial(replies_to, team, number_of))
                else:
                    where = quay if at % 3 else team.workspace.dm(team.ben)
                    called = f"{team.workspace.mention} " if at % 3 else ""
                    said = f"{called}who looks after hawser {at}?"
                    question = team.workspace.say(team.ben, where, said)
                    threaded.append(question)
                    checks.append(partial(answers_to, team, question))
                time.sleep(PAUSE_S)
            for check in checks:
                team.workspace.wait(check, seconds=TAKE_OVER_S)
            waits.append(time.monotonic() - killed)
            team.workspace.settle()
            time.sleep(0.5)  # to catch a duplicate answer
            assert [answers_to(team, question) for question in threaded] == [1] * len(threaded)
    print(f"{mode}: {kills} kills; the last answer came {max(waits):.1f} s after one")
