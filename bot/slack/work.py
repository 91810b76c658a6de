"""A pool of threads for the work behind acknowledgements, which can be drained."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock

from bot import metrics, request_id

logger = logging.getLogger(__name__)


class Work:
    """Runs jobs on `threads` threads of its own; a job that fails is logged."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="work")
        self._lock = Lock()
        self._jobs: set[Future[None]] = set()

    def submit(self, job: Callable[[], object]) -> None:
        """Runs `job` as soon as a thread is free; once draining has begun, not at all."""
        try:
            future = self._pool.submit(request_id.carried(_logged), job, time.perf_counter())
        except RuntimeError:
            logger.info("a job came while stopping; it is left for the next start")
            return
        with self._lock:
            self._jobs.add(future)
        future.add_done_callback(self._forget)

    @property
    def waiting(self) -> int:
        """How many jobs wait for a thread."""
        with self._lock:
            return sum(not job.running() for job in self._jobs)

    @property
    def running(self) -> int:
        """How many jobs are being done."""
        with self._lock:
            return sum(job.running() for job in self._jobs)

    def drain(self, seconds: float) -> bool:
        """Waits for the jobs that are running; those not begun are dropped (the inbox still has
        them). Returns whether all that were running have ended."""
        deadline = time.monotonic() + seconds
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            jobs = list(self._jobs)
        return not wait(jobs, max(0.0, deadline - time.monotonic())).not_done

    def _forget(self, future: Future[None]) -> None:
        with self._lock:
            self._jobs.discard(future)


def _logged(job: Callable[[], object], submitted: float) -> None:
    metrics.QUEUE_SECONDS.observe(time.perf_counter() - submitted)
    with request_id.numbered():
        try:
            job()
        except Exception:
            logger.exception("a job failed")
