"""The question log: questions and votes, kept for a set number of days.

A background thread writes them in order, so that no answer waits for a write or fails because of
one.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.commands.spec import Request
from bot.ops import request_id
from bot.ops.expired_files import delete_expired
from bot.rendering.common import is_small_talk
from bot.replies.base import Problem, Reply
from bot.setting_values import RETENTION_DAYS
from index.errors import LedgerError, NearsayError
from index.search.results import Answer, EntryReply, Neighbours
from index.storage import Store
from index.storage.db import audit, drafts
from index.storage.db.questions import AskedOutcome, DeletedUserData, QuestionRecord, Questions
from index.text import one_line

logger = logging.getLogger(__name__)

DAY_S = 86_400.0  # interval between deletions of expired records
MAX_PENDING = 1_000  # queued writes; further ones are dropped
WAIT_TIMEOUT_S = 8.0  # maximum wait for a vote or a deletion to be written

Result = TypeVar("Result")


class QuestionLog:
    """Writes questions and votes to the ledger of one store. Thread-safe."""

    def __init__(self, store: Store, days: int = RETENTION_DAYS) -> None:
        """Keep records for `days` days; 0 keeps none."""
        self._store = store
        self._days = days
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="memory")
        self._waiting: set[Future[Any]] = set()
        self._stopped = threading.Event()

    @property
    def keeps(self) -> bool:
        """Whether questions and votes are kept."""
        return self._days > 0

    def start(self) -> None:
        """Delete expired records now and every day."""
        threading.Thread(target=self._every_day, name="retention", daemon=True).start()

    def stop(self, seconds: float) -> None:
        """Wait up to `seconds` for queued writes and drop the rest."""
        self._stopped.set()
        wait(list(self._waiting), seconds)
        self._writer.shutdown(wait=False, cancel_futures=True)

    def record(self, question: QuestionRecord) -> None:
        """Queue a question to be written. Returns at once; never raises."""
        if self.keeps:
            self._enqueue(lambda asked: asked.keep(question))

    def remove(self, question: str) -> None:
        """Queue the deletion of a question. Returns at once; never raises."""
        self._enqueue(lambda asked: asked.remove(question))

    def delete_old(self) -> None:
        """Queue the deletion of expired records and files, also of the audit log, and of open
        proposals of questions as ways to ask that are as old. Returns at once; never raises."""
        now = datetime.now(UTC)
        self._enqueue(lambda asked: asked.forget_older(now - timedelta(self._days)))
        self._enqueue(lambda _: self._store.ledger.ways.forget_older(now - timedelta(self._days)))
        self._enqueue(lambda _: self._store.ledger.drafts.forget_older(now - drafts.KEPT))
        self._enqueue(lambda _: self._store.ledger.audit.forget_older(now - audit.KEPT))
        self._enqueue(lambda _: delete_expired(self._store.directory))

    def get(self, question: str) -> QuestionRecord | None:
        """Return a question, after all queued writes. Raises `LedgerError`."""
        return self._run_and_wait(lambda asked: asked.get(question))

    def vote(
        self, question: str, channel: str, person: str, *, helpful: bool, at: datetime
    ) -> tuple[int, int] | None:
        """Record a vote. Returns the numbers of helpful and other votes on the question, or None if
        `channel` has no stored question with the id `question`.

        Raises `LedgerError` when the ledger cannot be written.
        """

        def do(asked: Questions) -> tuple[int, int] | None:
            kept = asked.get(question)
            if kept is None or kept.channel != channel:
                return None
            return asked.vote(question, person, helpful=helpful, at=at)

        return self._run_and_wait(do)

    def share_with_owners(self, question: str, person: str) -> bool | None:
        """Make a question visible to the glossary's owners.

        Returns False if another user asked the question, and None if the question is not stored.
        Raises `LedgerError` when the ledger cannot be written.
        """

        return self._run_and_wait(
            lambda asked: asked.share_with_owners(question, person) if asked.get(question) else None
        )

    def delete_user_data(self, person: str) -> DeletedUserData:
        """Delete a user's questions, votes, drafts and open suggestions. Raises `LedgerError`."""
        return self._run_and_wait(lambda asked: asked.forget(person))

    def _every_day(self) -> None:
        self.delete_old()
        while not self._stopped.wait(DAY_S):
            self.delete_old()

    def _enqueue(self, do: Callable[[Questions], object]) -> None:
        if len(self._waiting) >= MAX_PENDING:
            logger.warning("question log: write dropped, the queue is full")
            return
        try:
            self._submit(lambda: self._run_logged(do))
        except LedgerError as error:
            logger.warning("question log: write dropped: %s", error.message)

    def _run_and_wait(self, do: Callable[[Questions], Result]) -> Result:
        future = self._submit(lambda: do(self._store.ledger.questions))
        try:
            return future.result(WAIT_TIMEOUT_S)
        except TimeoutError as error:
            future.cancel()
            raise LedgerError(
                "The ledger is busy, so nothing was saved.",
                "Try again in a moment.",
            ) from error

    def _submit(self, job: Callable[[], Result]) -> Future[Result]:
        try:
            future = self._writer.submit(request_id.propagate(job))
        except RuntimeError as error:
            raise LedgerError("Nearsay is stopping.", "Try again in a moment.") from error
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        return future

    def _run_logged(self, do: Callable[[Questions], object]) -> None:
        with request_id.request_scope():
            try:
                do(self._store.ledger.questions)
            except NearsayError as error:
                logger.warning("question log: write failed: %s", error.message)
            except Exception:
                logger.exception("question log: write failed")


def record_from_reply(
    asked: QuestionRecord, request: Request | None, reply: Reply
) -> QuestionRecord | None:
    """Return `asked`, which has the user, place and time, with the question and its outcome added.

    The log records answers other than small talk, the results of `near` and `define`, and lookups
    of unknown terms. Returns None for any other reply.
    """
    if request is None or not asked.person:
        return None
    text, answer = one_line(request.text), ""
    outcome: AskedOutcome
    entries: tuple[str, ...] = ()
    match reply:
        case Answer() if is_small_talk(reply):
            return None
        case Answer():
            outcome = "answered" if reply.answered else "sparse" if reply.sparse else "declined"
            found = reply.citations or reply.nearest
            entries, answer = tuple(dict.fromkeys(item.id for item in found)), reply.text
        case Neighbours():
            outcome = "sparse" if reply.sparse else "answered"
            entries = tuple(item.id for item in reply.neighbours)
            text = one_line(reply.query)  # a button sends an id as the text
        case EntryReply():
            outcome, answer = "answered", reply.entry.definition
            entries = (reply.entry.id, *(item.id for item in reply.neighbours))
        case Problem(code="not_found") if (
            request.command == "define" and "section" not in request.options
        ):
            outcome = "unknown"
        case _:
            return None
    return replace(
        asked,
        text=text,
        outcome=outcome,
        answer=answer,
        entries=entries,
        generation=reply.generation,
    )
