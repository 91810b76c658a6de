"""The results of checking an entry before it is saved."""

from dataclasses import dataclass
from typing import Literal

from index.entry import Mention
from index.entry_draft import FieldName
from index.reply import BaseReply


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An entry with the same meaning. `similarity` (-1…1) is the cosine of the definition to the
    nearest passage of the entry. `reason` is kept for readers of the JSON: it is always "meaning".
    """

    id: str
    term: str
    category: str
    similarity: float
    reason: Literal["meaning", "name"] = "meaning"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A problem with one field of a form, as a sentence."""

    field: FieldName
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview(BaseReply):
    """A preview of an entry in the index. The index is not changed.

    `neighbourhood` names the entry's region on the map, or is "" if no entry is near. `nearest` are
    the nearest entries and `duplicates` those with the same meaning. `mentioned` are entries named
    in its texts but not among its related terms. `missing` has sentences about missing parts.
    """

    kind: Literal["preview"] = "preview"
    term: str
    neighbourhood: str
    nearest: tuple[Mention, ...]
    duplicates: tuple[Duplicate, ...]
    mentioned: tuple[Mention, ...]
    missing: tuple[str, ...]
