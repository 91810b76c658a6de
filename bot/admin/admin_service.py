"""The admin service: runs the admin commands and audits them."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from bot.admin.audit import AuditTrail
from bot.admin.editing_service import with_generation
from bot.admin.entry_commands import NAMES as EDITING
from bot.admin.entry_commands import EditingServices, edit
from bot.admin.exports import MOST_RECORDS, entries_of, export_file, export_log, form_of
from bot.admin.gaps import gaps_of
from bot.admin.imports import Imports
from bot.admin.stats import days_of, stats_of
from bot.admin.status import status_of
from bot.commands.defaults import AUDITED, GAPS
from bot.commands.parser import line_of
from bot.commands.spec import Request
from bot.identity import START, UPGRADE, User
from bot.indexing import Indexer, IndexRequest
from bot.replies.admin import (
    AuditLog,
    GenerationKept,
    GenerationLine,
    GenerationList,
    StopRequested,
)
from bot.replies.base import AdminReply, Problem
from bot.replies.insights import Gaps
from bot.setting_values import RETENTION_DAYS
from index.errors import NearsayError, NotFound
from index.evaluation.churn import churn, golden_questions
from index.export.exported import ExportResult
from index.indexing.reindex import Plan, ReindexResult, outcome_of
from index.indexing.rollback import roll_back
from index.progress import Progress, no_progress
from index.search.choices import resolve_choice
from index.storage import Generation
from index.storage.db.audit import Outcome

logger = logging.getLogger(__name__)

GOLDEN = 100  # maximum questions from entries for the comparison after a reindex


class AdminService:
    """Runs the admin commands for one index. Thread-safe.

    After a reindex, the service compares the answers to `questions` (by default, questions from the
    entries) with the answers before it. `editing` has the services that edit entries. `notify_held`
    tells the admins that an automatic reindex was held back.
    """

    def __init__(
        self,
        indexer: Indexer,
        questions: Sequence[str] = (),
        import_folder: Path | None = None,
        retention_days: int = RETENTION_DAYS,
    ) -> None:
        self._indexer = indexer
        self._store = indexer.store
        self._questions = questions
        self._retention_days = retention_days
        self.audit = AuditTrail(self._store)
        self.editing = EditingServices(indexer, self.audit)
        self.imports = Imports(indexer, import_folder)
        self.notify_held: Callable[[Problem], None] = lambda _: None

    @property
    def encyclopedia(self) -> bool:
        """Whether the bundled encyclopedia is part of the index, by the settings."""
        return self._indexer.encyclopedia

    def answer(
        self, request: Request, actor: User, progress: Progress = no_progress
    ) -> AdminReply | Problem:
        """Return the reply to an admin command, or a `Problem` if the user is not an admin.

        Raises `NearsayError`, which the assistant handles.
        """
        if request.verb in EDITING:
            return edit(self.editing, request, actor, progress)
        action = line_of(request).partition(" ")[2]
        if not actor.admin:
            return self.audit.refuse(actor, action)
        reply = self.audit.run(actor, action, lambda: self._do(request, actor, progress))
        return reply if reply.model else with_generation(reply, self._indexer)

    def upgrade(self) -> Problem | None:
        """Rebuild an index built by an older version of Nearsay; return a `Problem` on failure."""
        done = self._indexer.upgrade(by=UPGRADE.label)
        if done is None:
            return None
        reply = self.audit.run(UPGRADE, "rebuild after the upgrade", lambda: done)
        return reply if isinstance(reply, Problem) else None

    def publish_edits(self) -> None:
        """Publish the edits of a process that died before it could."""
        self._indexer.index_waiting_edits(START.label)

    def make_repeatable(self, request: Request) -> Request:
        """Return an equivalent request that is safe to repeat.

        A rollback gets the current generation as its `from` option, so that a second run does not
        roll back further.
        """
        if request.verb != "rollback" or "from" in request.options:
            return request
        try:
            current = self._store.ledger.generations.pointer().generation
        except NearsayError:
            return request
        return (
            replace(request, options={**request.options, "from": current}) if current else request
        )

    def _do(self, request: Request, actor: User, progress: Progress) -> AdminReply | Problem:
        match request.verb:
            case "status":
                return status_of(self._indexer)
            case "reindex" if request.text.casefold() == "cancel":
                return self._cancel()
            case "reindex" if "resume" in request.options:
                return self._resume()
            case "reindex":
                return self._reindex(request, actor, progress)
            case "generations":
                return self._generations()
            case "rollback":
                return roll_back(
                    self._store,
                    request.text,
                    only_from=str(request.options.get("from", "")),
                    embedder=self._indexer.embedder,
                    by=actor.label,
                )
            case "export":
                return self._export(request)
            case "gaps":
                return self._gaps(request)
            case "stats":
                days = days_of(request.text, "stats")
                return days if isinstance(days, Problem) else stats_of(self._store, days)
            case "import":
                return self.imports.do(request, actor, progress)
            case "log":
                return self._log(request)
            case _:
                raise ValueError(f"no code for the verb {request.verb}")

    def _export(self, request: Request) -> ExportResult:
        form = form_of(str(request.options.get("as", "markdown")))
        ways = self._store.ledger.ways.accepted()
        questions = request.options.get("questions") == "yes"
        with self._store.reading() as generation:
            entries = entries_of(generation, request.text, ways, questions=questions)
            return export_file(entries, generation, request.text, form, self._store.directory)

    def _cancel(self) -> StopRequested:
        building = self._store.ledger.lease.cancel()
        if building is None:
            raise NotFound("No reindex is running.", "Start one with: /near-admin reindex")
        return StopRequested(holder=building.holder)

    def _reindex(
        self, request: Request, actor: User, progress: Progress
    ) -> Plan | ReindexResult | Problem:
        dry_run = "dry-run" in request.options

        def run() -> Plan | ReindexResult | Problem:
            wanted = IndexRequest(
                only=[request.text.casefold()] if request.text else [],
                full="full" in request.options,
                dry_run=dry_run,
                manual=not actor.automatic,
                confirmed="confirm" in request.options,
                by=actor.label,
            )
            return self._indexer.run(wanted, progress)

        if dry_run or self._store.readable() is None:
            return run()
        with self._store.reading() as before:  # keeps the generation open for the comparison
            done = run()
            if not isinstance(done, ReindexResult) or done.generation == before.id:
                return done
            return self._with_churn(before, done, progress)

    def _with_churn(
        self, before: Generation, done: ReindexResult, progress: Progress
    ) -> ReindexResult:
        try:
            with self._store.reading() as after:
                questions = self._questions or golden_questions(after.entries.values(), GOLDEN)
                done = replace(
                    done, churn=churn(before, after, self._indexer.embedder, questions, progress)
                )
            self._store.ledger.generations.note_outcome(done.generation, outcome_of(done))
        except Exception:
            logger.exception("comparison of answers after the reindex failed")
        return done

    def _generations(self) -> GenerationList:
        records = self._store.ledger.generations.kept()
        current = self._store.ledger.generations.pointer().generation
        lines = [
            GenerationLine(
                name=record.name,
                state=record.state,
                built=record.built,
                by=record.by,
                added=int(record.outcome.get("added", 0)),
                changed=int(record.outcome.get("changed", 0)),
                removed=int(record.outcome.get("removed", 0)),
                current=record.name == current,
                note=record.note,
            )
            for record in records
        ]
        total = self._store.ledger.generations.count()
        return GenerationList(generations=tuple(lines), total=total)

    def _resume(self) -> GenerationKept:
        generations = self._store.ledger.generations
        pointer = generations.pointer()
        if pointer.generation is None:
            raise NotFound(
                "Nothing has been indexed yet.", "Build the index with: /near-admin reindex"
            )
        generations.resume()
        return GenerationKept(resumed=pointer.paused)

    def _gaps(self, request: Request) -> Gaps | Problem:
        if not self._retention_days:
            raise NotFound("Questions are not stored.", "Set NEARSAY_RETENTION_DAYS to store them.")
        days = days_of(request.text, "gaps")
        if isinstance(days, Problem):
            return days
        shown = int(request.options.get("n", GAPS))
        return gaps_of(self._store, self._indexer.embedder, days, shown)

    def _log(self, request: Request) -> AuditLog | ExportResult:
        form = str(request.options.get("as", ""))
        count = int(request.options.get("n", MOST_RECORDS if form else AUDITED))
        wanted = str(request.options.get("outcome", ""))
        known = get_args(Outcome)
        only = [resolve_choice(wanted, known, "outcome", "Outcomes")] if wanted else []
        records = self._store.ledger.audit.last(count, only)
        if form:
            return export_log(records, form, self._store.directory)
        return AuditLog(records=tuple(records))
