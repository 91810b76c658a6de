"""What an export is asked for, and what it says it wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.reply import BaseReply

Form = Literal["markdown", "csv", "jsonl"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported(BaseReply):
    """What an export wrote: so many `entries` in so many `files` at `path`.

    `lost` says, one sentence each, what an import would not give back; it has the first 20 of
    all `losses`. `what` they are: entries, or records of the audit log. The caller sets
    `generation` and `model`.
    """

    kind: Literal["exported"] = "exported"
    form: Form
    path: str
    entries: int
    files: int
    lost: tuple[str, ...] = ()
    losses: int = 0
    what: Literal["entries", "records"] = "entries"
