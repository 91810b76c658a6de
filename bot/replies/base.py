"""Replies that the `bot` package defines, such as `Problem`, and the JSON of all replies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from bot.replies.admin import AuditLog, GenerationKept, GenerationList, Status, StopRequested
from bot.replies.editing import (
    Conflict,
    Form,
    History,
    NewSuggestion,
    RemovalPreview,
    Review,
    Saved,
    SuggestionDeclined,
    SuggestionList,
)
from bot.replies.imports import Import
from bot.replies.insights import Gaps, Stats
from bot.replies.ways import WayList, WaysDecided, WaysRead, WaysRequest
from index.editing.draft_check import FieldProblem, Preview
from index.entry import Mention
from index.errors import NearsayError
from index.export.exported import ExportResult
from index.indexing.reindex import Plan, ReindexResult
from index.indexing.rollback import RollbackResult
from index.lint import LintError
from index.reply import BaseReply
from index.search.explore.explorations import Explored
from index.search.results import Answer, EntryList, EntryReply, Explanation, Neighbours


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(BaseReply):
    """A failed request: `message` is the reason, `hint` the remedy. `fields` has the problems of a
    form's fields."""

    kind: Literal["problem"] = "problem"
    code: str
    message: str
    hint: str = ""
    suggestions: tuple[Mention, ...] = ()
    fields: tuple[FieldProblem, ...] = ()

    @property
    def text(self) -> str:
        """The message and the hint."""
        return f"{self.message} {self.hint}".strip()

    @classmethod
    def of(cls, error: NearsayError) -> Problem:
        """Build the problem from the code, message, hint and suggestions of an error."""
        return cls(
            code=error.code,
            message=error.message,
            hint=error.hint,
            suggestions=error.suggestions,
        )

    @classmethod
    def of_fields(cls, problems: Iterable[FieldProblem]) -> Problem:
        """Build the problem for invalid fields of a form."""
        found = tuple(problems)
        message = " ".join(problem.message for problem in found)
        return cls(code="fields", message=message, fields=found)


@dataclass(frozen=True, slots=True)
class HelpOption:
    """An option of a command; `usage` is `key=VALUE` or `--key`."""

    usage: str
    summary: str


@dataclass(frozen=True, slots=True)
class HelpCommand:
    """The help for a command or verb: its usage, summary, options and examples."""

    usage: str
    summary: str
    options: tuple[HelpOption, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Help(BaseReply):
    """The help for all commands, or for the requested one. `hint` tells where the options are that
    a list of subcommands leaves out."""

    kind: Literal["help"] = "help"
    commands: tuple[HelpCommand, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewThread(BaseReply):
    """A new thread has started; earlier questions are no longer used as context."""

    kind: Literal["new_thread"] = "new_thread"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDataDeleted(BaseReply):
    """A user's data was deleted: the counts of questions, votes, drafts and undecided
    suggestions."""

    kind: Literal["forgotten"] = "forgotten"
    questions: int
    votes: int
    drafts: int = 0
    suggestions: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """A finding of `nearsay doctor`. `cure` is the fix, empty if the state is ok."""

    name: str
    state: Literal["ok", "warning", "error"]
    message: str
    cure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis(BaseReply):
    """The findings of `nearsay doctor`."""

    kind: Literal["doctor"] = "doctor"
    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        """Whether there are no errors; warnings do not count."""
        return all(check.state != "error" for check in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity(BaseReply):
    """The faults that `nearsay index --check` found in the bundled encyclopedia."""

    kind: Literal["integrity"] = "integrity"
    entries: int
    faults: tuple[LintError, ...]
    overdue: tuple[str, ...] = ()  # ids of pages that are due for review again, the oldest first
    unreviewed: int = 0  # pages without a review record


EditingReply = (
    Form
    | Saved
    | Conflict
    | RemovalPreview
    | History
    | NewSuggestion
    | Review
    | SuggestionList
    | SuggestionDeclined
    | Preview
)
AdminReply = (
    Status
    | Plan
    | ReindexResult
    | StopRequested
    | GenerationList
    | RollbackResult
    | GenerationKept
    | ExportResult
    | AuditLog
    | EditingReply
    | Gaps
    | Stats
    | Import
    | WaysRequest
    | WaysRead
    | WayList
    | WaysDecided
)
Reply = (
    Neighbours
    | EntryReply
    | EntryList
    | Explanation
    | Answer
    | Explored
    | AdminReply
    | Problem
    | Help
    | NewThread
    | UserDataDeleted
    | Diagnosis
    | Integrity
)


SCHEMA = 1  # version of the JSON schema; raised when a field is removed or changes its meaning


def as_json(reply: Reply) -> str:
    """Return the reply as one line of JSON with its schema version; dates are ISO 8601.

    Control characters and line separators are escaped as `\\uXXXX`. The search phrases of entries
    are left out.
    """
    content = {"kind": reply.kind, "schema": SCHEMA} | asdict(reply, dict_factory=_public_fields)
    text = json.dumps(content, default=_json_default, ensure_ascii=False, allow_nan=False)
    return _CONTROL_CHARACTERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


HIDDEN_FIELDS = ("search_phrases",)


def _public_fields(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in fields if name not in HIDDEN_FIELDS}


def _json_default(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


# C1 controls, DEL, line separators, bidirectional overrides and lone surrogates.
_CONTROL_CHARACTERS = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
