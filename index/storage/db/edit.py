"""The current edit of an entry, and the versions of entries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from index.entry import Entry, unlinked
from index.entry_json import entry_to_json
from index.storage.db.generation_records import digest_of_content

EditState = Literal["written", "removed", "imported"]
"""The state of an edited entry: written or removed by a user, or reset to its source's content."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The current edit of an entry. `content` is the edited entry, or its last content if it was
    removed. `version` is the digest of the content, or empty if the entry was removed. `imported`
    is the content in the source (in the current generation if `state` is "imported"). `base` is the
    version of the source's content that was edited, or empty."""

    entry: str
    state: EditState
    content: Entry
    version: str
    imported: Entry | None
    base: str
    at: datetime
    by: str

    @property
    def added_phrases(self) -> tuple[str, ...]:
        """The search phrases added to a text of the source that nobody has edited; empty if the
        text was edited too."""
        phrases = self.content.search_phrases
        if self.state == "written" and self.base:
            for given in range(len(phrases)):
                original = replace(self.content, search_phrases=phrases[:given])
                if version_of(original) == self.base:
                    return phrases[given:]
        return ()

    @property
    def current(self) -> Entry | None:
        """The entry with the edit applied; None if it was removed. If only search phrases were
        added, its text is the present one of the source, and the entry ends with that of the
        source."""
        if self.state == "removed":
            return None
        added = self.added_phrases
        if self.state == "written" and not added:
            return self.content
        if self.imported is None:
            return None
        phrases = dict.fromkeys((*self.imported.search_phrases, *added))
        return replace(self.imported, search_phrases=tuple(phrases))

    def rebased(self, imported: Entry | None) -> Edit:
        """Return the edit with newer content of the source. An owner that the edit has from the
        source is that of the newer content."""
        edit = replace(self, imported=imported)
        before = self.imported
        is_own = before is None or self.content.owner != before.owner
        if self.state != "written" or imported is None or is_own or self.added_phrases:
            return edit
        content = replace(self.content, owner=imported.owner)
        return replace(edit, content=content, version=version_of(content))


def version_of(entry: Entry) -> str:
    """Return the SHA-256 of an entry's content in hexadecimal, without the ids of related terms."""
    return digest_of_content(entry_to_json(unlinked(entry)))


def text_version(entry: Entry) -> str:
    """Return the version of what a way to ask depends on: the entry without its search phrases, its
    owner, its details and the record of its review."""
    text = replace(entry, search_phrases=(), owner="", details=())
    return version_of(replace(text, updated=None, reviewed=None, status=""))
