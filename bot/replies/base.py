"""The replies that are the bot's own, and any reply as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from bot.replies.admin import AuditLog, GenerationList, Kept, Status, Stopping
from bot.replies.editing import (
    Conflict,
    Declined,
    Form,
    History,
    Removal,
    Review,
    Reviews,
    Saved,
    Suggested,
)
from bot.replies.imports import Import
from bot.replies.insights import Gaps, Stats
from index.build.reindex import Plan, Reindexed
from index.build.rollback import RolledBack
from index.editing.draft_check import FieldProblem, Preview
from index.entry import Mention
from index.errors import NearsayError
from index.export.exported import Exported
from index.lint import LintError
from index.reply import BaseReply
from index.search.explore.explorations import Explored
from index.search.results import Answer, EntryReply, Neighbours


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(BaseReply):
    """Something did not work: what happened and why, and in `hint` what to do now. `fields` say
    what is wrong with each field of a form."""

    kind: Literal["problem"] = "problem"
    code: str
    message: str
    hint: str = ""
    suggestions: tuple[Mention, ...] = ()
    fields: tuple[FieldProblem, ...] = ()

    @classmethod
    def of(cls, error: NearsayError) -> Problem:
        """A known error in its own words."""
        return cls(
            code=error.code,
            message=error.message,
            hint=error.hint,
            suggestions=error.suggestions,
        )

    @classmethod
    def of_fields(cls, problems: Iterable[FieldProblem]) -> Problem:
        """What is wrong with the fields of a form."""
        found = tuple(problems)
        message = " ".join(problem.message for problem in found)
        return cls(code="fields", message=message, fields=found)


@dataclass(frozen=True, slots=True)
class HelpOption:
    """An option of a command, as `key=VALUE`."""

    usage: str
    summary: str


@dataclass(frozen=True, slots=True)
class HelpCommand:
    """How one command is used."""

    usage: str
    summary: str
    options: tuple[HelpOption, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Help(BaseReply):
    """The commands there are, or the one that was asked about."""

    kind: Literal["help"] = "help"
    commands: tuple[HelpCommand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewThread(BaseReply):
    """A new thread has begun: what was said before is not leaned on any more."""

    kind: Literal["new_thread"] = "new_thread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten(BaseReply):
    """What was kept of a person is deleted: how many questions, votes, drafts of entries, and
    suggestions that nobody has decided on."""

    kind: Literal["forgotten"] = "forgotten"
    questions: int
    votes: int
    drafts: int = 0
    suggestions: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that `nearsay doctor` looked at: what it is like and, unless it is well, the
    cure."""

    name: str
    state: Literal["ok", "warning", "error"]
    message: str
    cure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis(BaseReply):
    """What `nearsay doctor` found."""

    kind: Literal["doctor"] = "doctor"
    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        """Whether there is no error; warnings leave it so."""
        return all(check.state != "error" for check in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity(BaseReply):
    """What `nearsay index --check` found in the entries of the bundled encyclopedia."""

    kind: Literal["integrity"] = "integrity"
    entries: int
    faults: tuple[LintError, ...]
    overdue: tuple[str, ...] = ()  # ids of pages that nobody has read for a year


EditingReply = (
    Form | Saved | Conflict | Removal | History | Suggested | Review | Reviews | Declined | Preview
)
AdminReply = (
    Status
    | Plan
    | Reindexed
    | Stopping
    | GenerationList
    | RolledBack
    | Kept
    | Exported
    | AuditLog
    | EditingReply
    | Gaps
    | Stats
    | Import
)
Reply = (
    Neighbours
    | EntryReply
    | Answer
    | Explored
    | AdminReply
    | Problem
    | Help
    | NewThread
    | Forgotten
    | Diagnosis
    | Integrity
)


SCHEMA = 1  # of replies as JSON; raised when a field goes or means something else


def as_json(reply: Reply) -> str:
    """The reply as one line of JSON, with the number of its schema; dates are ISO 8601.

    What a terminal would obey or a reader of lines would break at is written as `\\uXXXX`. The
    search phrases of an entry are left out.
    """
    content = {"kind": reply.kind, "schema": SCHEMA} | asdict(reply, dict_factory=_shown)
    text = json.dumps(content, default=_plainly, ensure_ascii=False, allow_nan=False)
    return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _shown(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in fields if name != "search_phrases"}


def _plainly(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


# C1 controls, DEL, line separators, bidirectional overrides and lone surrogates.
_UNSHOWN = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
