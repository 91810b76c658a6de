"""The replies to admins' commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from index.reply import BaseReply
from index.storage.db.audit import AuditRecord


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A glossary in the index: how many entries it has there, and how many files and rows of it
    were skipped."""

    name: str
    path: str
    entries: int
    files: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Underway:
    """A reindex that is going on: who builds, for how many seconds, and how far it is."""

    holder: str
    seconds: float
    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class AskedLately:
    """What was asked in the last `days` days as far as it is kept: how many questions, by how
    many people, how many of them found no answer, and how many votes call an answer helpful, or
    not."""

    days: int
    questions: int
    people: int
    unanswered: int
    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(BaseReply):
    """The state of the index.

    `age` is in seconds since it was built, `disk` in bytes of the whole data directory. `last` is
    what the reindex that built the generation did, and who asked for it. `health` has a sentence
    for each thing that is not well. `paused` says that scheduled reindexing waits for an admin.
    """

    kind: Literal["status"] = "status"
    entries: int
    passages: int
    built: datetime | None
    age: float | None
    by: str
    last: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[SourceStatus, ...]
    disk: int
    ledger: str
    reindexing: Underway | None
    paused: bool
    asked: AskedLately
    health: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GenerationLine:
    """One generation: when it was built and by whom, what changed in it, and whether it can be
    gone back to."""

    name: str
    state: str
    built: datetime
    by: str
    added: int
    changed: int
    removed: int
    current: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationList(BaseReply):
    """The generations that are kept, the newest first, and how many there were in all."""

    kind: Literal["generations"] = "generations"
    generations: tuple[GenerationLine, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping(BaseReply):
    """A reindex has been asked to stop."""

    kind: Literal["stopping"] = "stopping"
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(BaseReply):
    """An admin looked at what a reindex changed, and keeps it."""

    kind: Literal["kept"] = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLog(BaseReply):
    """What was done, the newest first."""

    kind: Literal["audit"] = "audit"
    records: tuple[AuditRecord, ...]
