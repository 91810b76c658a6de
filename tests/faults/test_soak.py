"""Send twenty requests a second for a long time, with reindexes, killed builds and dropped sockets.

Nothing is lost or sent twice, nothing is slow outside outages, and memory use stays constant.
"""

import json
import os
import random
import signal
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.slack.manifest import manifest
from index.indexing.reindex import SourceContent, reindex
from tests.fake_slack import Channel, User, WaitTimeoutError, Workspace
from tests.fake_slack import Settings as Limits
from tests.faults import processes
from tests.faults.content import QuickToy, changed, entries_of, first_state, write
from tests.faults.conversing import connection
from tests.support.command_line import two_pages
from tests.support.stores import open_store

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"),
]

RATE = 20  # requests a second
CHANNELS = 60  # enough channels that each receives at most one message a second
SUBJECTS = 500  # different questions, so that the cache of the toy embedder is soon full
FILES = 4  # files in the glossary
SEED = 20_261_126
LIMITS = Limits(retry_delays=(0.5, 5.0, 15.0), response_url_uses=5)
ACKNOWLEDGED, ANSWERED = 0.1, 1.0  # seconds, 99th percentiles
MIN_JUDGED_S = 60  # runs of at least this many seconds must meet these limits
MIN_BUILT_SHARE = 0.3  # share of reindexes that succeed; half lose their builder
MAX_MEMORY_RATIO = 1.05  # allowed memory, as a multiple of that in the first part


@dataclass
class SoakRequest:
    """A request: its time, and the identifiers of its answers."""

    at: float
    number: int
    root: str = ""  # the timestamp of a question in a thread; empty for a command
    taken: bool = True  # whether Slack received an acknowledgement
    used: list[float] = field(default_factory=list)  # arrival times of its answers


@dataclass
class Outage:
    """The start and end of an outage of the sockets."""

    begun: float
    ended: float = float("inf")


@dataclass
class Soak:
    """A workspace with a bot, and the faults injected into them."""

    workspace: Workspace
    bot: processes.Running
    ada: User
    channels: Sequence[Channel]
    sources: Path
    asked: list[SoakRequest] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, seconds: float) -> None:
        """Ask for `seconds` while faults are injected, and wait for the last answers."""
        others = [threading.Thread(target=work) for work in (self._disturb, self._record_memory)]
        for thread in others:
            thread.start()
        began = time.monotonic()
        with ThreadPoolExecutor(32) as people:
            for number in range(int(seconds * RATE)):
                time.sleep(max(0.0, began + number / RATE - time.monotonic()))
                people.submit(self._ask, number)
        self.over.set()
        for thread in others:
            thread.join()
        self.workspace.settle(60)
        with suppress(WaitTimeoutError):
            self.workspace.wait(lambda: not self.unanswered(), seconds=60)
        time.sleep(2)  # to catch a duplicate answer

    def _ask(self, number: int) -> None:
        asked = SoakRequest(time.time(), number)
        channel = self.channels[number % len(self.channels)]
        subject = number % SUBJECTS
        if number % 2:
            text = f"{self.workspace.mention} who looks after hawser {subject}?"
            asked.root = self.workspace.say(self.ada, channel, text).ts
        else:
            typed = self.workspace.command(self.ada, channel, "/near", f"thick rope {subject}")
            asked.taken = typed.ok
            path = urlsplit(str(typed.payload["response_url"])).path
            asked.used = self.workspace.state.response_urls[path].used
        self.asked.append(asked)

    def _disturb(self) -> None:
        chance, state = random.Random(SEED), first_state(FILES)
        ways = [self._drop_sockets, self._kill_builder]
        for round_number in range(10**6):
            state = changed(state, 1, chance.randrange(10**6))
            write(self.sources, state)
            self.workspace.command(self.ada, self.channels[0], "/near-admin", "reindex")
            self.done["reindexes"] += 1
            if self.over.wait(chance.uniform(0.2, 2.0)):
                return
            ways[round_number % len(ways)]()
            if self.over.wait(10):
                return

    def _drop_sockets(self) -> None:
        outage = Outage(time.time())
        self.done["sockets dropped"] += self.workspace.drop_sockets()
        self.outages.append(outage)
        time.sleep(0.2)
        self.workspace.wait(lambda: self.workspace.sockets, seconds=30)
        outage.ended = time.time()

    def _kill_builder(self) -> None:
        """Kill all build processes of the bot."""
        for pid in self.bot.survivors(0):
            if _parent(pid) not in (self.bot.process.pid, os.getpid()):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                self.done["builders killed"] += 1

    def _record_memory(self) -> None:
        """Record the bot's resident memory in MB, each second."""
        status = Path(f"/proc/{self.bot.process.pid}/status")
        while not self.over.wait(1):
            for line in status.read_text().splitlines():
                if line.startswith("VmRSS:"):
                    self.memory.append(int(line.split()[1]) / 1024)

    def unanswered(self) -> list[SoakRequest]:
        """Return the requests that were acknowledged but not answered."""
        acknowledged = {d.event.get("ts") for d in self.workspace.deliveries() if d.event and d.ok}
        in_threads = answers_of(self.workspace)
        for asked in self.asked:
            if asked.root:
                asked.taken = asked.root in acknowledged
                asked.used = in_threads.get(asked.root, [])
        return [asked for asked in self.asked if asked.taken and not asked.used]

    def is_disturbed(self, asked: SoakRequest) -> bool:
        """Return whether the sockets were unavailable within 1.5 s of a request."""
        return any(one.begun - 1.5 <= asked.at <= one.ended + 1.5 for one in self.outages)


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100)[98] if len(values) > 1 else max(values, default=0.0)


def answers_of(workspace: Workspace) -> dict[str, list[float]]:
    """Return the times of the answers to each question in a thread, by the question's timestamp."""
    found: dict[str, list[float]] = {}
    with workspace.state.lock:
        messages = [message for there in workspace.state.messages.values() for message in there]
    for message in messages:
        if message.bot_id and message.metadata:
            question = str(message.metadata["event_payload"]["question"])
            found.setdefault(question, []).append(float(message.ts))
    return found


def reindex_outcomes(data: Path) -> Counter[str]:
    """Read the outcomes of the reindexes from the ledger."""
    with closing(open_store(data)) as store:
        records = [one for one in store.ledger.audit.last(10**6) if one.action == "reindex"]
    return Counter(f"reindexes {record.outcome}" for record in records)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [4, 1_200])
def test_requests_under_load_and_faults_are_answered_once_and_in_time(
    tmp_path: Path, seconds: int
) -> None:
    data, sources = tmp_path / "data", tmp_path / "sources"
    two_pages(tmp_path)
    write(sources, first_state(FILES))
    store = open_store(data)
    reindex(store, SourceContent(entries_of(first_state(FILES))), QuickToy())
    store.close()
    with Workspace(mode="socket", settings=LIMITS) as workspace:
        workspace.install(manifest("", "socket", ""))
        ada = workspace.add_user("ada")
        channels = [workspace.add_channel(f"quay-{at}", [ada]) for at in range(CHANNELS)]
        others = {
            "sources": str(sources),
            "bundled": str(tmp_path / "bundled"),
            "admin": [ada.id],
        }
        bot = processes.start("conversing", data, connection(workspace), json.dumps(others))
        said = threading.Thread(target=bot.process.stderr.read, daemon=True)  # type: ignore[union-attr]
        said.start()
        try:
            assert next(bot.lines).strip() == "ready"
            trial = Soak(workspace, bot, ada, channels, sources)
            trial.run(seconds)
            trial.done |= reindex_outcomes(data)
            judge(trial, seconds)
        finally:
            bot.kill()


def judge(trial: Soak, seconds: float) -> None:
    """Print the results, and fail if they exceed the limits."""
    lost = len(trial.unanswered())
    doubled = sum(len(asked.used) > 1 for asked in trial.asked)
    waits = [
        asked.used[0] - asked.at
        for asked in trial.asked
        if asked.used and not trial.is_disturbed(asked)
    ]
    acknowledged = [sent.seconds for sent in trial.workspace.deliveries() if sent.ok]
    untaken = sum(not asked.taken for asked in trial.asked)
    fifth = max(1, len(trial.memory) // 5)
    first = statistics.median(trial.memory[fifth : 2 * fifth] or trial.memory)
    last = statistics.median(trial.memory[-fifth:])
    print(
        f"\n{seconds} s, {len(trial.asked)} requests, {untaken} of them never acknowledged; "
        f"{dict(trial.done)}\n"
        f"lost {lost}, doubled {doubled}\n"
        f"acknowledged in {p99(acknowledged) * 1000:.0f} ms (p99 of {len(acknowledged)})\n"
        f"answered in {p99(waits):.2f} s (p99 of {len(waits)} outside outages)\n"
        f"memory {first:.0f} MB, at the end {last:.0f} MB"
    )
    assert (lost, doubled) == (0, 0)
    if seconds >= MIN_JUDGED_S:
        assert p99(acknowledged) < ACKNOWLEDGED
        assert p99(waits) < ANSWERED
        assert trial.done["reindexes done"] > MIN_BUILT_SHARE * trial.done["reindexes"]
        assert last < MAX_MEMORY_RATIO * first
