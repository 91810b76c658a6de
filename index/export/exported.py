"""The formats and the result of an export."""

from dataclasses import dataclass
from typing import Literal

from index.reply import BaseReply

Form = Literal["markdown", "csv", "jsonl", "skos", "site"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult(BaseReply):
    """The result of an export: the numbers of `entries` and of `files` written at `path`.

    `losses` counts the sentences about content that an import would not restore; `lost` has the
    first 20. `what` says whether entries or records of the audit log were exported. The caller sets
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
