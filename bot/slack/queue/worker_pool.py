"""A pool of threads for the work behind acknowledgements, which can be drained.

Jobs of one lane, such as what was said in one channel, are done one after the other, in the order
in which they came. A job that cannot be done yet says so and waits, and its lane with it, without
keeping a thread: until some time has passed (`RetryLater`), or until an expensive command may run
(`Expensive`).
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial

from bot.commands.spec import Request
from bot.ops import metrics, request_id
from bot.ops.rate_limit import is_expensive
from bot.replies.base import Problem

logger = logging.getLogger(__name__)

MOST = 1_000  # jobs that may wait; whoever comes then is told so
EXPENSIVE_AT_ONCE = 2  # expensive commands run at the same time, at most one a person
EXPENSIVE_WAITING = 5  # expensive commands of one person that may wait

OWN = "Waiting for your other command to finish."
OTHERS = "Two other commands are being worked out; yours runs in its turn."
TOO_MANY = "{} of your commands are waiting already. Ask again when one of them is answered."


@dataclass(frozen=True, slots=True)
class RetryLater:
    """What a job returns that is not done: what to do next, and in how many seconds."""

    seconds: float
    job: Job


@dataclass(frozen=True, slots=True)
class Expensive:
    """What a job returns that is an expensive command of a person: what to do when it may run.
    `wait` is called before that with a sentence if it has to wait, `refuse` instead of it if too
    many of the same person wait already."""

    person: str
    job: Job
    wait: Tell
    refuse: Tell


Job = Callable[[], object]
Tell = Callable[[str], object]


def when_it_may_run(
    request: Request | Problem | None, person: str, job: Job, wait: Tell, refuse: Tell
) -> object:
    """Does the job that answers a request; puts it off where that is an expensive command."""
    return Expensive(person, job, wait, refuse) if is_expensive(request) else job()


@dataclass(slots=True, eq=False)
class _Held:
    """An expensive command that waits; until its person has been notified it does not run."""

    command: Expensive
    lane: str
    notified: bool = False


class WorkerPool:
    """Runs jobs on `threads` threads of its own; a job that fails is logged."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="work")
        self._lock = threading.Lock()
        self._running: set[Future[None]] = set()
        self._lanes: dict[str, deque[Job]] = {}  # of each busy lane, what waits in it
        self._clock = _Clock()
        self._waiting = 0
        self._held: list[_Held] = []  # the first that came first
        self._at_work: list[str] = []  # whose expensive commands are running
        self.stopping = False  # whether draining has begun

    @property
    def full(self) -> bool:
        """Whether so much waits that no more should be taken."""
        return self._waiting >= MOST

    @property
    def running(self) -> int:
        """How many jobs are being done."""
        with self._lock:
            return sum(job.running() for job in self._running)

    @property
    def waiting(self) -> int:
        """How many jobs wait: for a thread, for their lane, or for their time."""
        return max(0, self._waiting - self.running)

    def submit(self, job: Job, lane: str = "") -> None:
        """Runs `job` as soon as a thread is free, and what came before it in its `lane` is done;
        once draining has begun, not at all. It runs under the number of the request that is current
        here."""
        job = _timed(_numbered(job))
        with self._lock:
            self._waiting += 1
            if lane and lane in self._lanes:
                self._lanes[lane].append(job)
                return
            if lane:
                self._lanes[lane] = deque()
        self._begin(job, lane)

    def drain(self, seconds: float) -> bool:
        """Waits for the jobs that are running; those not begun are dropped (the inbox still has
        them). Returns whether all that were running have ended."""
        deadline = time.monotonic() + seconds
        self.stopping = True
        self._clock.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            running = list(self._running)
        return not wait(running, max(0.0, deadline - time.monotonic())).not_done

    def _begin(self, job: Job, lane: str) -> None:
        try:
            future = self._pool.submit(self._run, job, lane)
        except RuntimeError:
            logger.info("a job came while stopping; it is left for the next start")
            return
        with self._lock:
            self._running.add(future)
        future.add_done_callback(self._forget)

    def _run(self, job: Job, lane: str) -> None:
        outcome = job()
        if isinstance(outcome, Expensive):
            refusal = self._take(outcome, lane)
            if not refusal:
                return
            outcome = _numbered(partial(outcome.refuse, refusal))()
        if isinstance(outcome, RetryLater):
            later = outcome.job
            self._clock.call(outcome.seconds, lambda: self._begin(later, lane))
            return
        with self._lock:
            self._waiting -= 1
            following = self._lanes.get(lane)
            if following is None:
                return
            if not following:
                del self._lanes[lane]
                return
            job = following.popleft()
        self._begin(job, lane)

    def _take(self, command: Expensive, lane: str) -> str:
        """Runs an expensive command as soon as it may; returns why it never will, or nothing."""
        with self._lock:
            own = sum(other.command.person == command.person for other in self._held)
            if own >= EXPENSIVE_WAITING:
                return TOO_MANY.format(own)
            reason = self._reason(command.person)
            held = _Held(command, lane)
            self._held.append(held)
        if reason:
            _numbered(partial(command.wait, reason))()
        with self._lock:
            held.notified = True
        self._begin_held()
        return ""

    def _reason(self, person: str) -> str:
        """Why another expensive command of a person has to wait; empty where it need not."""
        people = {held.command.person for held in self._held}
        if person in self._at_work or person in people:
            return OWN
        if len(self._at_work) + len(people.difference(self._at_work)) < EXPENSIVE_AT_ONCE:
            return ""
        return OTHERS

    def _begin_held(self) -> None:
        """Begins the expensive commands that may run now."""
        while (held := self._next_held()) is not None:
            self._begin(partial(self._run_expensive, held.command), held.lane)

    def _next_held(self) -> _Held | None:
        """The expensive command to begin now, which counts as running; None for none."""
        with self._lock:
            if len(self._at_work) >= EXPENSIVE_AT_ONCE:
                return None
            for held in self._held:
                person = held.command.person
                if held.notified and person not in self._at_work:
                    self._at_work.append(person)
                    self._held.remove(held)
                    # People take turns: the others' commands come before the next of this person.
                    self._held.sort(key=lambda other: other.command.person == person)
                    return held
            return None

    def _run_expensive(self, command: Expensive) -> object:
        try:
            return command.job()
        finally:
            with self._lock:
                self._at_work.remove(command.person)
            self._begin_held()

    def _forget(self, future: Future[None]) -> None:
        with self._lock:
            self._running.discard(future)


def _numbered(job: Job) -> Job:
    """`job`, and what it leaves for later, under one number; where it fails that is logged."""

    def run() -> object:
        with request_id.request_scope():
            try:
                outcome = job()
            except Exception:
                logger.exception("a job failed")
                return None
            if isinstance(outcome, (RetryLater, Expensive)):
                return replace(outcome, job=_numbered(outcome.job))
            return outcome

    return request_id.propagate(run)


def _timed(job: Job) -> Job:
    """`job`, whose waiting from now on is timed."""
    submitted = time.perf_counter()

    def run() -> object:
        metrics.QUEUE_SECONDS.observe(time.perf_counter() - submitted)
        return job()

    return run


class _Clock:
    """Calls functions after a time, on one thread; what is due when it stops is not called."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, name="clock", daemon=True).start()

    def call(self, seconds: float, function: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # it has stopped
            self._loop.call_soon_threadsafe(self._loop.call_later, seconds, function)

    def stop(self) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self) -> None:
        with closing(self._loop):
            self._loop.run_forever()
