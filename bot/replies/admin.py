"""The replies to admin commands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from index.reply import BaseReply
from index.storage.db.audit import AuditRecord


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A glossary in the index: the counts of its entries, files, and skipped files and rows. `host`
    is where it is fetched from, if it is on the web; `path` is then its host and path."""

    name: str
    path: str
    entries: int
    files: int
    skipped: int
    host: str = ""


@dataclass(frozen=True, slots=True)
class RunningReindex:
    """A running reindex: the user who started it, its duration in seconds, phase and progress."""

    holder: str
    seconds: float
    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RecentUsage:
    """Usage in the last `days` days, as far as stored: questions, users, questions without an
    answer, and votes."""

    days: int
    questions: int
    people: int
    unanswered: int
    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(BaseReply):
    """The status of the index.

    `entries` leaves out bundled entries that own ones replace. `age` is the time since the build in
    seconds, `disk` the size of the data directory in bytes. `by` is the user who started the build.
    `last` is the outcome of the reindex that built the generation. `health` has a sentence for each
    problem. `paused` says whether scheduled reindexing waits for an admin.
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
    reindexing: RunningReindex | None
    paused: bool
    asked: RecentUsage
    health: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GenerationLine:
    """A generation: its state, build time, the user who built it, and the counts of changed
    entries. `note` describes damage or a repair."""

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
    """The stored generations, newest first, and the number ever built."""

    kind: Literal["generations"] = "generations"
    generations: tuple[GenerationLine, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRequested(BaseReply):
    """The running reindex, started by `holder`, was asked to stop."""

    kind: Literal["stopping"] = "stopping"
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationKept(BaseReply):
    """An admin kept the live generation. `resumed`: scheduled reindexing was paused."""

    kind: Literal["kept"] = "kept"
    resumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLog(BaseReply):
    """The latest records of the audit log, newest first."""

    kind: Literal["audit"] = "audit"
    records: tuple[AuditRecord, ...]
