"""What each admin's command does. Every action is noted with who asked for it, refused ones too."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from bot.actors import Actor
from bot.admin.replies import (
    AuditLine,
    AuditLog,
    GenerationLine,
    Generations,
    Kept,
    SourceStatus,
    Status,
    Stopping,
    Underway,
)
from bot.grammar import Request
from bot.indexing import Indexer
from bot.replies import AdminReply, Problem
from index.errors import NearsayError, NotFound
from index.export import Exported, Form, export
from index.reindex import Plan, Progress, Reindexed, outcome_of
from index.rollback import RolledBack, roll_back
from index.space.churn import churn, golden_questions
from index.store import Generation
from index.store.ledger import GenerationRecord
from index.store.ledger.audit import Outcome

logger = logging.getLogger(__name__)

GOLDEN = 100  # questions compared after a reindex, of those that entries answer themselves
AUDITED = 20  # records shown when n= is not given
NOTED = ("reindex", "rollback", "keep", "export")  # verbs that change or take out something
FORMS = ("markdown", "csv", "jsonl")


class Administration:
    """The admins' commands over one index. Threads may share it.

    `questions` are what answers are compared by after a reindex; when there are none, those that
    the entries answer themselves.
    """

    def __init__(self, indexer: Indexer, questions: Sequence[str] = ()) -> None:
        self._indexer = indexer
        self._store = indexer.store
        self._questions = questions

    @property
    def _model(self) -> str:
        return self._indexer.embedder.name

    @property
    def paused(self) -> bool:
        """Whether reindexing that nobody asked for waits, since an admin went back."""
        return self._store.ledger.generations.pointer().paused

    def watched(self) -> list[Path]:
        """The files and folders of the sources; of a pattern, the folder that it begins in."""
        found = set()
        for source in self._indexer.remembered():
            path = Path(source.path).expanduser()
            while not path.exists() and path != path.parent:
                path = path.parent
            found.add(path)
        return sorted(found)

    def answer(
        self, request: Request, actor: Actor, progress: Progress = lambda *_: None
    ) -> AdminReply | Problem:
        """The reply to an admin's command, or a `Problem` for one who is no admin.

        Raises `NearsayError` as the desk knows to handle it.
        """
        if not actor.admin:
            self._note(actor, request, "refused", "not an admin")
            return Problem(
                code="not_admin",
                message="Only admins of Nearsay can do that.",
                hint="Whoever runs the bot lists them in NEARSAY_ADMINS, by their user ids.",
            )
        try:
            reply = self._do(request, actor, progress)
        except NearsayError as error:
            self._note(actor, request, "failed", error.message)
            raise
        if isinstance(reply, Problem):
            self._note(actor, request, "failed", reply.message)
        elif request.verb in NOTED and not isinstance(reply, Plan):
            self._note(actor, request, "done", _told(reply))
        return reply

    def _do(self, request: Request, actor: Actor, progress: Progress) -> AdminReply | Problem:
        match request.verb:
            case "status":
                return self._status()
            case "reindex" if request.text.casefold() == "cancel":
                return self._cancel()
            case "reindex":
                return self._reindex(request, actor, progress)
            case "generations":
                return self._generations()
            case "rollback":
                return roll_back(
                    self._store,
                    request.text,
                    only_from=str(request.options.get("from", "")),
                    by=f"{actor.id}, going back",
                )
            case "keep":
                return self._keep(request)
            case "export":
                return self._export(request)
            case _:
                return self._log(int(request.options.get("n", AUDITED)))

    def _status(self) -> Status:
        store = self._store
        generation = store.readable()
        pointer = store.ledger.generations.pointer()
        record = store.ledger.generations.get(generation.id) if generation else None
        built = record.built if record else None
        return Status(
            generation=generation.id if generation else None,
            model=generation.model if generation else self._model,
            entries=len(generation.entries) if generation else 0,
            passages=generation.manifest.passages if generation else 0,
            built=built,
            age=round((datetime.now(UTC) - built).total_seconds(), 1) if built else None,
            by=record.by if record else "",
            last=record.outcome if record else {},
            sources=_sources(generation) if generation else (),
            disk=store.folders.size(),
            ledger=store.ledger.name,
            reindexing=self._underway(),
            paused=pointer.paused,
            health=self._health(generation, record),
        )

    def _underway(self) -> Underway | None:
        building = self._store.ledger.lease.building()
        if building is None:
            return None
        return Underway(
            building.holder,
            round(max(0.0, time.time() - building.since), 1),
            building.phase,
            building.done,
            building.total,
        )

    def _health(
        self, generation: Generation | None, record: GenerationRecord | None
    ) -> tuple[str, ...]:
        """What is not well, a sentence each."""
        said = list(self._store.troubles)
        if generation is None:
            said.append("Nothing has been indexed yet, or nothing can be read.")
        elif not self._indexer.embedder.shares(generation.manifest.fingerprint):
            said.append(
                f"The index was built with {generation.model}, but {self._model} is set: reindex."
            )
        if record is not None and record.note and not said:
            said.append(f"{record.name}: {record.note}")
        return tuple(said)

    def _cancel(self) -> Stopping:
        building = self._store.ledger.lease.cancel()
        if building is None:
            raise NotFound("No reindex is going on.", "Start one with: reindex")
        generation = self._store.readable()
        return Stopping(
            generation=generation.id if generation else None,
            model=self._model,
            holder=building.holder,
        )

    def _reindex(
        self, request: Request, actor: Actor, progress: Progress
    ) -> Plan | Reindexed | Problem:
        dry_run = "dry-run" in request.options
        only = [request.text] if request.text else []

        def run() -> Plan | Reindexed | Problem:
            return self._indexer.run(
                only=only,
                full="full" in request.options,
                dry_run=dry_run,
                by=actor.id,
                progress=progress,
            )

        if dry_run or self._store.readable() is None:
            return run()
        with self._store.reading() as before:  # it stays open, to be compared with
            done = run()
            if not isinstance(done, Reindexed):
                return done
            if done.generation == before.id:
                self._store.ledger.generations.pause(False)
                return done
            return self._compared(before, done, progress)

    def _compared(self, before: Generation, done: Reindexed, progress: Progress) -> Reindexed:
        """What was done, with how it changed answers. A comparison that fails spoils nothing."""
        try:
            with self._store.reading() as after:
                questions = self._questions or golden_questions(after.entries.values(), GOLDEN)
                done = replace(
                    done, churn=churn(before, after, self._indexer.embedder, questions, progress)
                )
            self._store.ledger.generations.note_outcome(done.generation, outcome_of(done))
        except NearsayError:
            logger.exception("answers before and after the reindex could not be compared")
        return done

    def _generations(self) -> Generations:
        records = self._store.ledger.generations.all()
        pointer = self._store.ledger.generations.pointer()
        lines = [
            GenerationLine(
                name=record.name,
                state=record.state,
                built=record.built,
                by=record.by,
                added=int(record.outcome.get("added", 0)),
                changed=int(record.outcome.get("changed", 0)),
                removed=int(record.outcome.get("removed", 0)),
                current=record.name == pointer.generation,
                note=record.note,
            )
            for record in records
            if record.state in ("ready", "damaged")
        ]
        return Generations(
            generation=pointer.generation,
            model=self._model,
            generations=tuple(lines),
            total=len(records),
        )

    def _keep(self, request: Request) -> Kept:
        generations = self._store.ledger.generations
        current = generations.pointer().generation
        if current is None or request.text.casefold() not in ("", current):
            raise NotFound(
                f"{request.text or 'Nothing'} is not current; {current or 'nothing'} is.",
                "See what there is with: generations",
            )
        generations.pause(False)
        return Kept(generation=current, model=self._model)

    def _export(self, request: Request) -> Exported:
        form = _form(str(request.options.get("as", "markdown")))
        with self._store.reading() as generation:
            name = request.text.casefold()
            if name and name not in generation.sources:
                raise NotFound(
                    f'There is no source "{request.text}".',
                    f"Sources: {', '.join(generation.sources) or 'none'}.",
                )
            entries = [e for e in generation.entries.values() if name in ("", e.source)]
            target = self._exports(f"{name or 'nearsay'}-{generation.id}", form)
            done = export(entries, form, target, overwrite=True)
            if form == "markdown":
                done = replace(done, path=shutil.make_archive(str(target), "zip", target))
                shutil.rmtree(target)
            return replace(done, generation=generation.id, model=generation.model)

    def _exports(self, name: str, form: Form) -> Path:
        """Where an export goes; those of before make room."""
        folder = self._store.directory / "exports"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        return folder / (name if form == "markdown" else f"{name}.{form}")

    def _log(self, count: int) -> AuditLog:
        records = self._store.ledger.audit.last(count)
        lines = tuple(AuditLine(**asdict(record)) for record in records)
        generation = self._store.readable()
        return AuditLog(
            generation=generation.id if generation else None, model=self._model, records=lines
        )

    def _note(self, actor: Actor, request: Request, outcome: Outcome, detail: str) -> None:
        action = " ".join(part for part in (request.verb, request.text, *request.options) if part)[
            :200
        ]
        try:
            current = self._store.ledger.generations.pointer().generation
            self._store.ledger.audit.note(actor.id, action, outcome, detail, current)
        except NearsayError:
            logger.exception("an admin's action could not be noted: %s %s", actor.id, action)


def _sources(generation: Generation) -> tuple[SourceStatus, ...]:
    entries = [entry.source for entry in generation.entries.values()]
    return tuple(
        SourceStatus(
            report.name, report.path, entries.count(report.name), report.files, len(report.refused)
        )
        for report in generation.manifest.reports
    )


def _form(wanted: str) -> Form:
    for form in FORMS:
        if wanted.casefold() in (form, form[:2]):
            return cast(Form, form)
    raise NotFound(f'There is no form "{wanted}".', f"Forms: {', '.join(FORMS)}.")


def _told(reply: object) -> str:
    """A reply in a few words, for the log."""
    match reply:
        case Reindexed(churn=_):
            return (
                f"{reply.added} added, {reply.changed} changed, {reply.removed} removed; "
                f"{reply.embedded} embedded"
            )
        case RolledBack():
            return f"from {reply.before} to {reply.generation}"
        case Exported():
            return f"{reply.entries} entries as {reply.form}"
    return ""
