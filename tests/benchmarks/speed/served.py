"""`nearsay serve` over HTTP as a contender: a signed request in, the reply at its response_url."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar, cast

from tests.benchmarks.speed import names
from tests.benchmarks.speed.contender import Question, Way, resident
from tests.benchmarks.speed.environment import child_environment
from tests.benchmarks.speed.loopback import HOST, Loopback
from tests.benchmarks.speed.place import Place
from tests.benchmarks.speed.times import Batch
from tests.benchmarks.speed.worker import ContenderFailed

LONGEST_START = 180.0  # seconds
LONGEST_STOP = 15.0
LOOK = 0.01  # seconds between two looks at whether it is ready

Result = TypeVar("Result")


class Served:
    """The service of one place in a process of its own, with a Slack on the loopback address."""

    name = names.SERVED

    def __init__(self, place: Place) -> None:
        """Starts it and waits until it is ready, which took `seconds_to_ready`. Raises
        `ContenderFailed` when it does not become so."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        secret = secrets.token_hex(16)
        self._slack = Loopback(secret)
        self._do(self._slack.start())
        self._keys = (f"{secrets.token_hex(8)}-{number}" for number in itertools.count(1))
        self._port, ops = _free_ports()
        settings = {
            "NEARSAY_DATA_DIR": str(place.data),
            "NEARSAY_MODEL": place.model.name,
            "NEARSAY_BACKEND": place.model.backend,
            "NEARSAY_HOST": HOST,
            "NEARSAY_PORT": str(self._port),
            "NEARSAY_OPS_PORT": str(ops),
            "NEARSAY_PERSON_RATE": "0",  # one who asks stands for all
            "NEARSAY_WORKSPACE_RATE": "0",
            "SLACK_API_URL": self._slack.url,
            "SLACK_BOT_TOKEN": f"xoxb-{secrets.token_hex(8)}",
            "SLACK_SIGNING_SECRET": secret,
        }
        begun = time.perf_counter()
        with (place.folder / "serve.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve", "--mode", "http"],
                cwd=place.folder,
                env=child_environment(settings),
                stdout=log,
                stderr=log,
            )
        try:
            self._wait_until_ready(ops)
        except BaseException:
            self.end()
            raise
        self.seconds_to_ready = time.perf_counter() - begun

    def ask(self, way: Way, questions: Sequence[object], at_once: int = 1) -> Batch:
        batch = self._do(self._ask(way, cast(Sequence[Question], questions), at_once))
        if not batch.seconds:
            raise ContenderFailed("nearsay serve answered none of many questions.", "See the log.")
        return batch

    def memory(self) -> int | None:
        return resident(self._process.pid)

    def end(self) -> None:
        """It is gone after this."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(LONGEST_STOP)
        self._process.kill()
        self._process.wait()
        self._loop.call_soon_threadsafe(self._slack.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _ask(self, way: Way, questions: Sequence[Question], at_once: int) -> Batch:
        """Asks them from so many who wait for their reply before they ask again."""
        waiting = iter(questions)
        seconds: list[float] = []
        acknowledged: list[float] = []
        lost = 0

        async def one_after_another(waiting: Iterator[Question]) -> None:
            nonlocal lost
            for question in waiting:
                within = f" in={question.category}" if way == "filtered" else ""
                try:
                    ack, reply = await self._slack.command(
                        self._port, "/near", question.text + within, next(self._keys)
                    )
                except (OSError, TimeoutError):
                    lost += 1
                else:
                    acknowledged.append(ack)
                    seconds.append(reply)

        begun = time.perf_counter()
        await asyncio.gather(*(one_after_another(waiting) for _ in range(at_once)))
        return Batch(seconds, time.perf_counter() - begun, acknowledged, lost)

    def _wait_until_ready(self, ops: int) -> None:
        deadline = time.monotonic() + LONGEST_START
        while not _is_ready(ops):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise ContenderFailed("nearsay serve did not become ready.", "See the log.")
            time.sleep(LOOK)

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _is_ready(ops: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{ops}/readyz", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _free_ports() -> tuple[int, int]:
    """Two ports that nobody listens on."""
    with socket.create_server((HOST, 0)) as one, socket.create_server((HOST, 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]
