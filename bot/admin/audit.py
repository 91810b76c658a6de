"""The audit log: actions by admins, and refused attempts by other users."""

import logging
from collections.abc import Callable
from typing import TypeVar

from bot.identity import User
from bot.replies.admin import GenerationKept, StopRequested
from bot.replies.base import Problem, Reply
from bot.replies.editing import Conflict, Saved, SuggestionDeclined
from bot.replies.imports import Import
from bot.replies.insights import Gaps, Stats
from bot.replies.ways import WaysDecided, WaysRead, WaysRequest
from index.errors import NearsayError
from index.export.exported import ExportResult
from index.indexing.reindex import ReindexResult
from index.indexing.rollback import RollbackResult
from index.storage import Store
from index.storage.db.audit import Outcome

logger = logging.getLogger(__name__)

WAITING = ("paused", "store_busy")  # codes of problems that are not logged for automatic reindexes
INTERRUPTED = "It was stopped."
LONGEST_ACTION = 200  # characters of an action in the audit log

Answer = TypeVar("Answer", bound=Reply)


class AuditTrail:
    """Writes actions to the audit log of one store. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def refuse(self, actor: User, action: str) -> Problem:
        """Record a refusal and return the reply to the user, who is not an admin."""
        self._note(actor, action, "refused", "not an admin")
        return Problem(
            code="not_admin",
            message="Only admins of Nearsay can do that.",
            hint="The operator lists them in NEARSAY_ADMINS by user id. Your user id is "
            f"{actor.id}.",
        )

    def run(self, actor: User, action: str, do: Callable[[], Answer]) -> Answer:
        """Call `do`, record its outcome and return its result.

        Changes, exports, gaps and statistics are recorded as done; problems, conflicts and
        exceptions are recorded as failed. Other replies are not recorded.
        """
        try:
            reply = do()
        except BaseException as error:
            reason = f"It failed with {type(error).__name__}."
            if isinstance(error, NearsayError):
                reason = str(error)
            elif isinstance(error, KeyboardInterrupt):
                reason = INTERRUPTED
            self._note(actor, action, "failed", reason)
            raise
        if (detail := _detail(reply, actor)) is not None:
            failed = isinstance(reply, Problem | Conflict)
            self._note(actor, action, "failed" if failed else "done", detail)
        return reply

    def _note(self, actor: User, action: str, outcome: Outcome, detail: str) -> None:
        try:
            current = self._store.ledger.generations.pointer().generation
            self._store.ledger.audit.note(
                actor.label, action[:LONGEST_ACTION], outcome, detail, current
            )
        except Exception:
            logger.exception("audit record of an action by %s not written", actor.id)


def _detail(reply: Reply, actor: User) -> str | None:
    """Return the audit detail of a reply, or None if there is nothing to record.

    An automatic reindex that found nothing to do, or had to wait, is not recorded.
    """
    match reply:
        case Problem():
            return None if actor.automatic and reply.code in WAITING else reply.message
        case ReindexResult() if reply.generation == reply.before:
            return None if actor.automatic else "nothing had changed"
        case ReindexResult():
            return (
                f"{reply.added:,} added, {reply.changed:,} changed, {reply.removed:,} removed; "
                f"passages embedded: {reply.embedded:,}"
            )
        case RollbackResult():
            change = f"from {reply.before} to {reply.generation}"
            aside = len(reply.set_aside)
            return f"{change}; {aside:,} edits set aside" if aside else change
        case ExportResult():
            return f"{reply.entries:,} {reply.what} as {reply.form}"
        case Gaps():
            return f"gaps shown: {len(reply.gaps):,}"
        case Stats():
            return f"period: {reply.days:,} days"
        case Import() if reply.state != "planned":
            return f"{reply.state}: {reply.path} as {reply.name}, entries: {reply.entries:,}"
        case StopRequested():
            return f"started by {reply.holder}"
        case Saved():
            what = f"{reply.entry} {reply.change}"
            return f"{what}: {', '.join(reply.fields)}" if reply.fields else what
        case Conflict():
            return f"{reply.entry} was changed by {reply.by or 'its source'} in the meantime"
        case SuggestionDeclined():
            return reply.note
        case WaysRequest():
            return f"entries of {reply.source} written to {reply.path}: {reply.entries:,}"
        case WaysRead():
            return f"ways to ask proposed: {reply.proposed:,}"
        case WaysDecided():
            return f"ways to ask accepted: {reply.accepted:,}, refused: {reply.refused:,}"
        case GenerationKept():
            return ""
    return None
