"""The reply that tells what comes, or came, of importing a glossary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.reply import BaseReply
from index.sources.files import Refusal

State = Literal["planned", "applied", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(BaseReply):
    """A glossary that may be imported, with what would come of it (`planned`), or that was
    (`applied`), or was not (`cancelled`).

    `name` is that of the source, `path` the file or folder as it was named, `form` what kind of
    file it is. `entries` are those it gives; `added`, `changed`, `removed` and `unchanged` compare
    them with the index. `refused` are the first of the rows and files that give none, `refusals`
    counts all. `upload` is the id of a file that was sent to the bot, empty for one that lies on
    the server; `embedded` counts the passages that have to be embedded for it, or had to be;
    `digest` is that of what was read, so that nothing else is applied. `live` is the
    generation that answers with it, after `seconds`.
    """

    kind: Literal["import"] = "import"
    state: State
    name: str
    path: str
    form: str = ""
    entries: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    embedded: int = 0
    refused: tuple[Refusal, ...] = ()
    refusals: int = 0
    upload: str = ""
    digest: str = ""
    live: str | None = None
    seconds: float = 0.0
