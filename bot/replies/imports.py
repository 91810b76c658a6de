"""The reply to an import."""

from dataclasses import dataclass
from typing import Literal

from index.reply import BaseReply
from index.sources.files import Refusal
from index.sources.review import SharedName

State = Literal["planned", "applied", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(BaseReply):
    """A glossary import: previewed (`planned`), imported (`applied`) or `cancelled`.

    `name` is the name of the source, `path` the file or folder as the admin named it, and `form`
    the file type. `entries` counts the entries of the source; `added`, `changed`, `removed` and
    `unchanged` compare them with the index. `refused` has the most serious of the parts that were
    not read as they are written, and `refusals` counts all of them. `ignored` names the columns
    that are not kept, `shared` the names of several entries, and `hides` the terms of the
    encyclopedia that the entries take precedence over. `upload` is the id of an uploaded file,
    empty for a file on the server. `embedded` counts the passages that were, or would be, embedded.
    `digest` identifies the previewed content, so that no other content is imported, and `first` is
    its first entry. `live` is the generation with the import, built in `seconds`.
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
    ignored: tuple[str, ...] = ()
    shared: tuple[SharedName, ...] = ()
    hides: tuple[str, ...] = ()
    upload: str = ""
    digest: str = ""
    first: str = ""
    live: str | None = None
    seconds: float = 0.0
