"""Deliveries acknowledged before a kill are answered within a minute of the next start.

Messages are answered exactly once, commands at least once.
"""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import pytest

from bot.slack.manifest import manifest
from tests.fake_slack import Channel, Message, User, Workspace
from tests.fake_slack import Settings as Limits
from tests.faults import processes
from tests.faults.conversing import connection
from tests.support.chroma_server import free_port

MAX_ANSWER_S = 60  # seconds until an answer after a restart
SEED = 20_261_125
# Slack's second retry comes after the bot has restarted and before Slack gives up.
LIMITS = Limits(retry_delays=(0.0, 15.0, 15.0))
MESSAGE_MOMENTS = (
    "before the delivery is recorded",  # not acknowledged: Slack sends it again
    "after the delivery is recorded",
    "before the assistant answers",
    "after the assistant answers",
    "before a message is posted",
    "while a message is posted",
    "after a message is posted",
    "after the answer is recorded",
)
COMMAND_MOMENTS = (
    "after the delivery is recorded",
    "before the assistant answers",
    "after the assistant answers",
    "before a reply is sent",
    "while a reply is sent",
    "after a reply is sent",
    "after the answer is recorded",
)
PLAN = [
    (kind, moment)
    for kind, moments in (
        ("mention", MESSAGE_MOMENTS),
        ("direct message", MESSAGE_MOMENTS),
        ("command", COMMAND_MOMENTS),
    )
    for moment in moments
]


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace with the user ada and a channel of which the bot is a member."""

    workspace: Workspace
    ada: User
    channel: Channel

    def ask(self, kind: str, number: int) -> Callable[[], int]:
        """Ask a new question; return a function that counts its answers."""
        if kind == "command":
            self.workspace.command(self.ada, self.channel, "/near", f"thick rope {number}")
            return lambda: self._replies(number)
        where = self.channel if kind == "mention" else self.workspace.dm(self.ada)
        called = f"{self.workspace.mention} " if kind == "mention" else ""
        text = f"{called}who looks after hawser {number}?"
        question = self.workspace.say(self.ada, where, text)
        return lambda: self._answers(question)

    def _answers(self, question: Message) -> int:
        """Return the number of bot messages whose metadata refers to a question."""
        with self.workspace.state.lock:
            messages = list(self.workspace.state.messages[question.channel])
        payloads = [message.metadata["event_payload"] for message in messages if message.metadata]
        return sum(payload["question"] == question.ts for payload in payloads)

    def _replies(self, number: int) -> int:
        """Return the number of replies to a command; each reply repeats the command."""
        shown = self.workspace.ephemerals(self.ada, self.channel)
        return sum(f'"thick rope {number}"' in message.text for message in shown)


@contextmanager
def running(workspace: Workspace, data: Path, port: int) -> Iterator[processes.Running]:
    """Yield the bot once it is ready, and kill it after the block."""
    bot = processes.start("conversing", data, connection(workspace, port))
    try:
        assert next(bot.lines).strip() == "ready"
        yield bot
    finally:
        bot.kill()


@pytest.mark.parametrize("mode", ["socket", pytest.param("http", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "count",
    [
        pytest.param(1, id="few"),
        pytest.param(25, id="many", marks=pytest.mark.slow),
    ],
)
def test_pending_deliveries_are_answered_after_a_killed_bot_restarts(
    mode: str, count: int, harbour_directory: Path, tmp_path: Path
) -> None:
    data, port = tmp_path / "data", free_port()
    shutil.copytree(harbour_directory, data)
    plan = random.Random(f"{SEED} {mode}").sample(PLAN, len(PLAN))
    asked: list[tuple[str, Callable[[], int]]] = []
    waits: list[float] = []
    with Workspace(mode=mode, settings=LIMITS) as workspace:  # type: ignore[arg-type]
        workspace.request_url = f"http://127.0.0.1:{port}/slack/events"
        workspace.install(manifest("", mode, workspace.request_url))  # type: ignore[arg-type]
        ada = workspace.add_user("ada")
        team = Team(workspace, ada, workspace.add_channel("quay", [ada]))
        for number, (kind, moment) in enumerate([*islice(cycle(plan), count), ("", "")]):
            started = time.monotonic()
            with running(workspace, data, port) as bot:
                if asked:
                    workspace.wait(asked[-1][1], seconds=MAX_ANSWER_S)
                    waits.append(time.monotonic() - started)
                    workspace.settle(
                        MAX_ANSWER_S
                    )  # also to catch duplicates of unacknowledged deliveries
                if kind:
                    bot.order(moment)
                    asked.append((kind, team.ask(kind, number)))
                    assert bot.process.wait(20) < 0, f"{kind}: the bot was not killed {moment}"
                else:
                    time.sleep(1)  # to catch a duplicate answer
    said = [answers() for kind, answers in asked if kind != "command"]
    typed = [answers() for kind, answers in asked if kind == "command"]
    print(
        f"{mode}: {count} kills, {len(said)} questions answered once, {len(typed)} commands with "
        f"{sum(typed) - len(typed)} doubles; the last after {max(waits):.1f} s"
    )
    assert said == [1] * len(said)
    assert min(typed, default=1) >= 1
