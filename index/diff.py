"""The difference between two sets of entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from index.entry import Entry


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between two sets of entries. `changed` has the new version of each entry, and
    `unchanged` is a count."""

    added: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)

    @property
    def changes(self) -> dict[Literal["added", "changed", "removed"], tuple[Entry, ...]]:
        """The entries by kind of change."""
        return {"added": self.added, "changed": self.changed, "removed": self.removed}


def difference(before: Iterable[Entry], after: Iterable[Entry]) -> Difference:
    """Compare two sets of entries. Entries with the same id are compared in all fields."""
    old = {entry.id: entry for entry in before}
    new = {entry.id: entry for entry in after}
    changed = tuple(entry for entry in new.values() if old.get(entry.id, entry) != entry)
    added = tuple(entry for entry in new.values() if entry.id not in old)
    removed = tuple(entry for entry in old.values() if entry.id not in new)
    return Difference(added, changed, removed, len(new) - len(added) - len(changed))
