"""A thread pool for jobs that run after the acknowledgement.

Jobs with the same key (`lane`), such as messages in one channel or commands of one user, run one at
a time in order of arrival. A job can return `RetryLater` to continue after some time, or
`ExpensiveJob` to continue when an expensive command may run. Meanwhile the lane waits, but the
thread is free.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial

from bot.commands.spec import Request
from bot.ops import metrics, request_id
from bot.ops.rate_limit import is_expensive
from bot.replies.base import Problem

logger = logging.getLogger(__name__)

MAX_JOBS = 1_000  # pending jobs after which new deliveries are rejected
MAX_OF_USER = 10  # waiting commands and button presses after which a user's next is refused
EXPENSIVE_AT_ONCE = 2  # expensive commands that run at the same time, at most one per user
EXPENSIVE_WAITING = 5  # maximum number of waiting expensive commands per user

OWN_RUNNING = "Waiting for your other command to finish."
OTHERS_RUNNING = "Two other commands are running; yours is queued."
TOO_MANY = "{} of your commands are already waiting. Try again when one of them has finished."


@dataclass(frozen=True, slots=True)
class RetryLater:
    """A job's result when it has to continue with `job` after `seconds`, or up to a tenth longer,
    so that jobs do not continue all at once. Its lane waits for it if `keeps_lane`."""

    seconds: float
    job: Job
    keeps_lane: bool = True


@dataclass(frozen=True, slots=True)
class ExpensiveJob:
    """A job's result when its expensive command has to wait for a free slot.

    `job` runs the command. `wait` and `refuse` send the user the reason for a delay or refusal.
    """

    person: str
    job: Job
    wait: Notify
    refuse: Notify


Job = Callable[[], object]
Notify = Callable[[str], object]


def run_or_queue(
    request: Request | Problem | None, person: str, job: Job, wait: Notify, refuse: Notify
) -> object:
    """Run the job, or return it as an `ExpensiveJob` if the request is an expensive command."""
    return ExpensiveJob(person, job, wait, refuse) if is_expensive(request) else job()


class WorkerPool:
    """Runs jobs on `threads` threads, and logs their exceptions."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="work")
        self._lock = threading.Lock()
        self._running: set[Future[None]] = set()
        self._lanes: dict[str, deque[Job]] = {}  # pending jobs of each busy lane
        self._waiting = 0
        self._held: list[tuple[ExpensiveJob, str]] = []  # with lanes, in starting order
        self._at_work: list[str] = []  # users of the running expensive commands
        self.stopping = False

    @property
    def full(self) -> bool:
        """Whether to reject new deliveries."""
        return self._waiting >= MAX_JOBS

    @property
    def running(self) -> int:
        with self._lock:
            return sum(job.running() for job in self._running)

    @property
    def waiting(self) -> int:
        """The number of jobs that wait for a thread, for their lane or for a retry."""
        return max(0, self._waiting - self.running)

    def refusal(self, person: str) -> str:
        """Return why `offer` would refuse a job of a user now, or an empty string."""
        with self._lock:
            return self._refusal(person)

    def _refusal(self, lane: str) -> str:
        own = len(self._lanes.get(lane, ()))
        return TOO_MANY.format(own) if own >= MAX_OF_USER else ""

    def submit(self, job: Job, lane: str = "", failed: Job = lambda: None) -> None:
        """Run `job` after the earlier jobs of its `lane`; call `failed` if it raises an error."""
        self._queue(job, lane, failed, bounded=False)

    def offer(self, job: Job, person: str, failed: Job = lambda: None) -> str:
        """Submit a job of a user to the lane named by the user's id, unless `MAX_OF_USER` wait in
        it. Return the reason if it is refused, or an empty string."""
        return self._queue(job, person, failed, bounded=True)

    def _queue(self, job: Job, lane: str, failed: Job, *, bounded: bool) -> str:
        job = _timed(_in_request_scope(job, failed))
        with self._lock:
            if bounded and (refusal := self._refusal(lane)):
                return refusal
            self._waiting += 1
            if lane and lane in self._lanes:
                self._lanes[lane].append(job)
                return ""
            if lane:
                self._lanes[lane] = deque()
        self._begin(job, lane)
        return ""

    def drain(self, seconds: float) -> bool:
        """Drop pending jobs and wait up to `seconds` for running ones. Return whether all ended."""
        deadline = time.monotonic() + seconds
        self.stopping = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            running = list(self._running)
        return not wait(running, max(0.0, deadline - time.monotonic())).not_done

    def _begin(self, job: Job, lane: str) -> None:
        try:
            future = self._pool.submit(self._run, job, lane)
        except RuntimeError:
            logger.info("a job was submitted during shutdown; this process does not run it")
            return
        with self._lock:
            self._running.add(future)
        future.add_done_callback(self._running.discard)

    def _run(self, job: Job, lane: str) -> None:
        outcome = job()
        if isinstance(outcome, ExpensiveJob):
            refusal = self._take(outcome, lane)
            if not refusal:
                return
            outcome = _in_request_scope(partial(outcome.refuse, refusal))()
        if isinstance(outcome, RetryLater):
            later = outcome.job
            seconds = outcome.seconds * random.uniform(1.0, 1.1)  # noqa: S311
            its_lane = lane if outcome.keeps_lane else ""
            timer = threading.Timer(seconds, self._begin, (later, its_lane))
            timer.daemon = True
            timer.start()
            if outcome.keeps_lane:
                return
        with self._lock:
            if not isinstance(outcome, RetryLater):
                self._waiting -= 1
            following = self._lanes.get(lane)
            if following is None:
                return
            if not following:
                del self._lanes[lane]
                return
            job = following.popleft()
        self._begin(job, lane)

    def _take(self, command: ExpensiveJob, lane: str) -> str:
        """Queue an expensive command. Return the reason if it is refused, or an empty string."""
        with self._lock:
            own = sum(other.person == command.person for other, _ in self._held)
            if own >= EXPENSIVE_WAITING:
                return TOO_MANY.format(own)
            reason = self._reason(command.person)
            self._held.append((command, lane))
        if reason:
            _in_request_scope(partial(command.wait, reason))()
        self._begin_held()
        return ""

    def _reason(self, person: str) -> str:
        """Return the reason why a user's expensive command has to wait, or an empty string."""
        people = {command.person for command, _ in self._held}
        if person in self._at_work or person in people:
            return OWN_RUNNING
        if len(self._at_work) + len(people.difference(self._at_work)) < EXPENSIVE_AT_ONCE:
            return ""
        return OTHERS_RUNNING

    def _begin_held(self) -> None:
        starting = []
        with self._lock:
            for held in list(self._held):
                person = held[0].person
                if len(self._at_work) < EXPENSIVE_AT_ONCE and person not in self._at_work:
                    self._at_work.append(person)
                    self._held.remove(held)
                    # Users take turns: this user's other commands move to the end.
                    self._held.sort(key=lambda other: other[0].person == person)
                    starting.append(held)
        for command, lane in starting:
            self._begin(partial(self._run_expensive, command), lane)

    def _run_expensive(self, command: ExpensiveJob) -> object:
        try:
            return command.job()
        finally:
            with self._lock:
                self._at_work.remove(command.person)
            self._begin_held()


def _in_request_scope(job: Job, failed: Job = lambda: None) -> Job:
    def run() -> object:
        with request_id.request_scope():
            try:
                outcome = job()
            except Exception:
                logger.exception("a job failed")
                failed()
                return None
            if isinstance(outcome, (RetryLater, ExpensiveJob)):
                return replace(outcome, job=_in_request_scope(outcome.job, failed))
            return outcome

    return request_id.propagate(run)


def _timed(job: Job) -> Job:
    submitted = time.perf_counter()

    def run() -> object:
        metrics.QUEUE_SECONDS.observe(time.perf_counter() - submitted)
        return job()

    return run
