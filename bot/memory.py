"""What is kept of what people ask and how they vote, for as many days as are set.

Writing is done behind the answers, in order, on a thread of its own: no answer waits for it or
fails with it. Questions that come while something else is being written are then written together.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot import request_id
from index.errors import LedgerError, NearsayError
from index.store import Store
from index.store.ledger import Forgotten, Question
from index.store.ledger.asked import Asked
from index.store.ledger.drafts import KEPT

logger = logging.getLogger(__name__)

RETENTION = 90  # days
DAY = 86_400.0  # seconds between two deletions of what is too old
MOST_WAITING = 1_000  # things to be written; what comes then is not kept
TOGETHER = 50  # questions written in one transaction, at most
PATIENCE = 8.0  # seconds that a person's own request waits for what is written before it

Result = TypeVar("Result")


class Memory:
    """Keeps questions and votes in the ledger of one store. Threads may share it."""

    def __init__(self, store: Store, days: int = RETENTION) -> None:
        """Keeps for `days` days; with 0 nothing is kept."""
        self._store = store
        self._days = days
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="memory")
        self._lock = threading.Lock()
        # The jobs that are to be done; of each, the questions that it keeps.
        self._waiting: dict[Future[Any], list[Question]] = {}
        self._gathering: list[Question] | None = None  # what the last job will keep, with others
        self._stopped = threading.Event()

    @property
    def keeps(self) -> bool:
        """Whether anything is kept at all."""
        return self._days > 0

    def start(self) -> None:
        """Deletes what is too old, now and every day."""
        threading.Thread(target=self._every_day, name="retention", daemon=True).start()

    def stop(self, seconds: float) -> None:
        """Waits up to `seconds` for what is to be written; the rest is not kept."""
        self._stopped.set()
        with self._lock:
            self._gathering = None
            waiting = list(self._waiting)
        wait(waiting, seconds)
        self._writer.shutdown(wait=False, cancel_futures=True)

    def keep(self, question: Question) -> None:
        """Keeps a question soon; returns at once and never raises."""
        if not self.keeps:
            return
        with self._lock:
            beside = self._gathering
            if beside is not None and len(beside) < TOGETHER and not self._full():
                beside.append(question)
                return
        several = [question]
        self._soon(lambda asked: asked.keep(*several), several)

    def remove(self, question: str) -> None:
        """Deletes one question soon; returns at once and never raises."""
        self._soon(lambda asked: asked.remove(question))

    def delete_old(self) -> None:
        """Deletes soon what is older than it may be; returns at once and never raises."""
        now = datetime.now(UTC)
        self._soon(lambda asked: asked.forget_older(now - timedelta(self._days)))
        self._soon(lambda _: self._store.ledger.drafts.forget_older(now - KEPT))

    def vote(
        self, question: str, channel: str, person: str, *, helpful: bool, at: datetime
    ) -> bool:
        """Notes a vote on a question that was asked in `channel`; returns whether it is kept.

        Raises `LedgerError` when the ledger cannot be written now.
        """

        def do(asked: Asked) -> bool:
            kept = asked.get(question)
            if kept is None or kept.channel != channel:
                return False
            return asked.vote(question, person, helpful=helpful, at=at)

        return self._now(do)

    def tell(self, question: str, person: str) -> bool | None:
        """Notes that the glossary's owners may see a question. Returns False where somebody else
        asked it, and None where it is not kept; raises as `vote` does."""

        def do(asked: Asked) -> bool | None:
            return None if asked.get(question) is None else asked.tell(question, person)

        return self._now(do)

    def forget(self, person: str) -> Forgotten:
        """Deletes everything of a person; raises as `vote` does."""
        return self._now(lambda asked: asked.forget(person))

    def _every_day(self) -> None:
        self.delete_old()
        while not self._stopped.wait(DAY):
            self.delete_old()

    def _full(self) -> bool:
        """Whether so much is to be written that no more is taken. The caller has the lock."""
        return sum(max(1, len(kept)) for kept in self._waiting.values()) >= MOST_WAITING

    def _soon(self, do: Callable[[Asked], object], gathering: list[Question] | None = None) -> None:
        with self._lock:
            full = self._full()
        if full:
            logger.warning("something asked is not kept: too much waits to be written")
            return
        try:
            self._submit(lambda: self._logged(do), gathering)
        except LedgerError as error:
            logger.warning("something asked is not kept: %s", error.message)

    def _now(self, do: Callable[[Asked], Result]) -> Result:
        """What `do` gives, after all that is to be written before it."""
        future = self._submit(lambda: do(self._store.ledger.asked))
        try:
            return future.result(PATIENCE)
        except TimeoutError as error:
            future.cancel()
            raise LedgerError(
                "The ledger is busy, so that this could not be written.",
                "Try again in a moment.",
            ) from error

    def _submit(
        self, job: Callable[[], Result], gathering: list[Question] | None = None
    ) -> Future[Result]:
        """Does a job after those before it; what is kept until it begins is put beside `gathering`,
        or where there is none comes after the job."""

        def begin() -> Result:
            with self._lock:
                if self._gathering is gathering:
                    self._gathering = None
            return job()

        with self._lock:
            try:
                future = self._writer.submit(request_id.carried(begin))
            except RuntimeError as error:
                raise LedgerError("Nearsay is just stopping.", "Try again in a moment.") from error
            self._waiting[future] = gathering or []
            self._gathering = gathering
        future.add_done_callback(self._done)
        return future

    def _done(self, future: Future[Any]) -> None:
        with self._lock:
            del self._waiting[future]

    def _logged(self, do: Callable[[Asked], object]) -> None:
        with request_id.numbered():
            try:
                do(self._store.ledger.asked)
            except NearsayError as error:
                logger.warning("something asked could not be kept or deleted: %s", error.message)
            except Exception:
                logger.exception("something asked could not be kept or deleted")
