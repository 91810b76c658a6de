"""Base of the editing services: permissions, auditing and publishing of changes."""

import inspect
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from bot.admin.audit import Answer, AuditTrail
from bot.identity import User
from bot.indexing import Indexer, IndexRequest
from bot.replies.base import Problem
from bot.replies.editing import Saved
from bot.working_copy import EntryState
from index.entry import Entry
from index.entry_draft import FieldName, changed_fields, draft_of
from index.errors import NearsayError
from index.indexing.reindex import ReindexResult
from index.progress import Progress
from index.storage.db.edit import EditState
from index.storage.db.edits import EditChange, EditRecord, TransactionCallback

BUILD_TIMEOUT_S = 3.0  # seconds that a change waits for a running reindex
RETRY_S = 0.25
STATES: dict[EditChange, EditState] = {"removed": "removed", "put back": "imported"}

Arguments = ParamSpec("Arguments")


class EditingService:
    """Base class of the services that edit the entries of one index. Thread-safe.

    Methods decorated with `for_admins` or `for_everybody` return a `NearsayError` as a `Problem`.
    Other methods raise it.
    """

    def __init__(self, indexer: Indexer, audit: AuditTrail) -> None:
        self._indexer = indexer
        self._store = indexer.store
        self.audit = audit

    def record(
        self,
        change: EditChange,
        content: Entry,
        found: EntryState,
        actor: User,
        *,
        expected: str | None = None,
        within: TransactionCallback = lambda _: None,
    ) -> EditRecord:
        """Write a change to the ledger if the entry still has the version `expected`.

        `expected` defaults to the version of `found`. `within` runs in the same transaction. Raises
        `OutdatedError` if the entry has another version.
        """
        return self._store.ledger.edits.put(
            change,
            STATES.get(change, "written"),
            content,
            by=actor.label,
            expected=found.version if expected is None else expected,
            imported=found.imported,
            within=within,
            delivery=actor.delivery,
        )

    def resume(self, actor: User, progress: Progress) -> Saved | None:
        """Publish the change that an earlier run of the user's delivery recorded, if any. A process
        may have died before it could publish the change or say so."""
        edits = self._store.ledger.edits
        record = edits.of_delivery(actor.delivery)
        if record is None:
            return None
        earlier = [other for other in edits.history(record.entry) if other.id < record.id]
        edit = edits.get(record.entry)
        before = edit.imported if edit else None
        if earlier:
            before = None if earlier[-1].state == "removed" else earlier[-1].content
        publish = partial(self.publish, record, before, actor, progress)
        done = self.audit.run(actor, f"publish {record.entry} after a restart", publish)
        added = record.change == "added"
        suggestion = self._store.ledger.suggestions.published_as(record.entry) if added else ""
        return replace(done, suggestion=suggestion)

    def publish(
        self, record: EditRecord, before: Entry | None, actor: User, progress: Progress
    ) -> Saved:
        """Build a generation that includes a recorded change.

        If another build runs for longer than `BUILD_TIMEOUT_S`, that build or a later one includes
        the change. `before` is the entry before the change, or None.
        """
        started = time.monotonic()
        ways = self._store.ledger.ways.accepted_for(record.entry)
        done = self.build(actor, progress)
        busy = isinstance(done, Problem) and done.code == "store_busy"
        trouble = done.message if isinstance(done, Problem) and not busy else ""
        if isinstance(done, ReindexResult) and not self._is_live(record):
            trouble = f"its source {record.content.source} is not indexed."
        return Saved(
            generation=done.generation if isinstance(done, ReindexResult) else None,
            model=self._indexer.embedder.name,
            entry=record.entry,
            term=record.content.term,
            change=record.change,
            fields=fields_changed(before, None if record.state == "removed" else record.content),
            number=record.id,
            live=isinstance(done, ReindexResult) and not trouble,
            seconds=round(time.monotonic() - started, 1),
            trouble=trouble,
            returned=len(ways - self._store.ledger.ways.accepted_for(record.entry)),
            source=record.content.source,
        )

    def build(self, actor: User, progress: Progress) -> ReindexResult | Problem:
        """Build a generation that includes all recorded changes. Waits up to `BUILD_TIMEOUT_S` for
        another build; after that, returns a problem with the code "store_busy"."""
        started = time.monotonic()
        while True:
            done = self._indexer.run(IndexRequest(edits=True, by=actor.label), progress)
            if isinstance(done, ReindexResult):
                return done
            assert isinstance(done, Problem)  # noqa: S101  # a plan is only for a dry run
            is_busy = done.code == "store_busy"
            if not is_busy or time.monotonic() - started > BUILD_TIMEOUT_S:
                return done
            time.sleep(RETRY_S)

    def _is_live(self, record: EditRecord) -> bool:
        with self._store.reading() as generation:
            return (record.entry in generation.entries) == (record.state != "removed")

    def reply_of(self, do: Callable[[], Answer]) -> Answer | Problem:
        """Return the result of `do`, or its `NearsayError` as a `Problem`. A reply without a
        generation gets the current generation and model."""
        try:
            return with_generation(do(), self._indexer)
        except NearsayError as error:
            return with_generation(Problem.of(error), self._indexer)


Service = TypeVar("Service", bound=EditingService)


def for_admins(
    action: Callable[..., str],
) -> Callable[
    [Callable[Concatenate[Service, Arguments], Answer]],
    Callable[Concatenate[Service, Arguments], Answer | Problem],
]:
    """Decorate a method that only admins may call; other users are refused.

    The audit log records calls and refusals as the text that `action` returns for the method's
    arguments, passed by name.
    """

    def decorated(
        method: Callable[Concatenate[Service, Arguments], Answer],
    ) -> Callable[Concatenate[Service, Arguments], Answer | Problem]:
        signature = inspect.signature(method)

        @for_everybody
        @wraps(method)
        def guarded(
            self: Service, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> Answer | Problem:
            given = signature.bind(self, *args, **kwargs)
            given.apply_defaults()
            actor, said = given.arguments["actor"], action(**given.arguments).strip()
            if not actor.admin:
                return self.audit.refuse(actor, said)
            return self.audit.run(actor, said, lambda: method(self, *args, **kwargs))

        return guarded

    return decorated


def for_everybody(
    method: Callable[Concatenate[Service, Arguments], Answer],
) -> Callable[Concatenate[Service, Arguments], Answer | Problem]:
    """Decorate a method that every user may call."""

    @wraps(method)
    def guarded(
        self: Service, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Answer | Problem:
        return self.reply_of(lambda: method(self, *args, **kwargs))

    return guarded


def with_generation(reply: Answer, indexer: Indexer) -> Answer:
    """Return `reply` with the current generation and model, unless it has a generation."""
    if reply.generation is not None:
        return reply
    current = None
    with suppress(NearsayError):
        current = indexer.store.ledger.generations.pointer().generation
    model = indexer.embedder.name
    return cast(Answer, replace(cast(Any, reply), generation=current, model=model))


def fields_changed(before: Entry | None, after: Entry | None) -> tuple[FieldName, ...]:
    """Return the fields that differ between two states of an entry; none if a state is missing."""
    if before is None or after is None:
        return ()
    return changed_fields(draft_of(before), draft_of(after))


def unchanged(entry: Entry) -> Problem:
    """Return the reply to a change that has no effect."""
    return Problem(
        code="unchanged", message=f"{entry.term} already has this content; nothing was changed."
    )


def today() -> date:
    return datetime.now(UTC).date()
