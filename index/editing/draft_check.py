"""What an entry is like before it is saved, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.entry import Mention
from index.entry_draft import FieldName
from index.reply import BaseReply


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An entry that says the same, and how alike the two are (-1…1): by their definitions, or by
    their names where these are more alike."""

    id: str
    term: str
    category: str
    similarity: float
    reason: Literal["meaning", "name"] = "meaning"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of a form, in a sentence."""

    field: FieldName
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview(BaseReply):
    """Where an entry will land, and what it is like; nothing was changed.

    `neighbourhood` is the name of the one on the map, empty where it stands alone; `nearest` are
    the entries nearest to it, `duplicates` those that say the same, `mentioned` those whose names
    stand in its texts and which it does not name as related. `missing` says what it has not, a
    sentence each.
    """

    kind: Literal["preview"] = "preview"
    term: str
    neighbourhood: str
    nearest: tuple[Mention, ...]
    duplicates: tuple[Duplicate, ...]
    mentioned: tuple[Mention, ...]
    missing: tuple[str, ...]
