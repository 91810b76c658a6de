"""What admins do, and what is refused to others, noted in the ledger with who asked for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from bot.actors import Actor
from bot.admin.editing_replies import Conflict, Declined, Saved
from bot.admin.import_replies import Import
from bot.admin.insights import Gaps, Stats
from bot.admin.replies import Kept, Stopping
from bot.replies import Problem, Reply
from index.errors import NearsayError
from index.export.exported import Exported
from index.reindex import Reindexed
from index.rollback import RolledBack
from index.store import Store
from index.store.ledger.audit import Outcome

logger = logging.getLogger(__name__)

WAITING = ("paused", "store_busy")  # what a reindex that nobody asked for waits for
NOTED = (
    Problem,
    Reindexed,
    Stopping,
    RolledBack,
    Kept,
    Exported,
    Gaps,
    Stats,
    Saved,
    Conflict,
    Declined,
)
LONGEST_ACTION = 200  # characters of an action in the audit log

Answer = TypeVar("Answer", bound=Reply)


class Auditing:
    """Notes actions in the ledger of one store. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def refused(self, actor: Actor, action: str) -> Problem:
        """Notes that somebody who is no admin asked for what only admins may, and tells them."""
        self._note(actor, action, "refused", "not an admin")
        return Problem(
            code="not_admin",
            message="Only admins of Nearsay can do that.",
            hint="Whoever runs the bot lists them in NEARSAY_ADMINS, by user id; yours is "
            f"{actor.id}.",
        )

    def audited(self, actor: Actor, action: str, do: Callable[[], Answer]) -> Answer:
        """What `do` gives, after it has been noted: as done where it changed or took out
        something, as failed where it is a `Problem` or did not come to an end."""
        try:
            reply = do()
        except NearsayError as error:
            self._note(actor, action, "failed", error.message)
            raise
        except BaseException as error:
            self._note(actor, action, "failed", f"It broke off: {type(error).__name__}.")
            raise
        if _is_worth_noting(reply, actor):
            failed = isinstance(reply, Problem | Conflict)
            self._note(actor, action, "failed" if failed else "done", _told(reply))
        return reply

    def _note(self, actor: Actor, action: str, outcome: Outcome, detail: str) -> None:
        """A note that cannot be written changes nothing of what was done or refused."""
        try:
            current = self._store.ledger.generations.pointer().generation
            self._store.ledger.audit.note(
                actor.words, action[:LONGEST_ACTION], outcome, detail, current
            )
        except Exception:
            logger.exception("an action of %s could not be noted", actor.id)


def _is_worth_noting(reply: Reply, actor: Actor) -> bool:
    """Whether something was changed, taken out or failed. What happens by itself again and again
    and found nothing to do, or had to wait, would fill the log."""
    match reply:
        case Reindexed() if actor.automatic:
            return reply.generation != reply.before
        case Problem() if actor.automatic:
            return reply.code not in WAITING
        case Import():
            return reply.state != "planned"
    return isinstance(reply, NOTED)


def _told(reply: Reply) -> str:
    """A reply in a few words, for the log."""
    match reply:
        case Problem():
            return reply.message
        case Reindexed() if reply.generation == reply.before:
            return "nothing had changed"
        case Reindexed():
            return (
                f"{reply.added:,} added, {reply.changed:,} changed, {reply.removed:,} removed; "
                f"passages embedded: {reply.embedded:,}"
            )
        case RolledBack():
            told = f"from {reply.before} to {reply.generation}"
            aside = len(reply.set_aside)
            return f"{told}; {aside:,} edits set aside" if aside else told
        case Exported():
            return f"{reply.entries:,} {reply.what} as {reply.form}"
        case Gaps():
            return f"gaps shown: {len(reply.gaps):,}"
        case Stats():
            return f"of {reply.days:,} days"
        case Import():
            return f"{reply.state}: {reply.path} as {reply.name}, entries: {reply.entries:,}"
        case Stopping():
            return f"the one by {reply.holder}"
        case Saved():
            what = f"{reply.entry} {reply.change}"
            return f"{what}: {', '.join(reply.fields)}" if reply.fields else what
        case Conflict():
            return f"{reply.entry} was changed by {reply.by or 'its source'} meanwhile"
        case Declined():
            return reply.note
    return ""
