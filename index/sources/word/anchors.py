"""Resolve the links within a Word document to the names of what they lead to."""

from dataclasses import dataclass, field
from urllib.parse import quote

from index.entry import LONGEST_NAME
from index.inflections import without_bracket
from index.sources.linked_terms import Link
from index.sources.text_terms import name_at_start
from index.text import one_line

MOST_ANCHORS = 100_000  # bookmarks and links of a document


@dataclass(slots=True)
class Anchors:
    """The bookmarks of a document, and its links to them by the number of the paragraph or row."""

    links: dict[int, list[Link]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)  # what a bookmark is at
    _waiting: list[str] = field(default_factory=list)  # bookmarks without text so far
    _count: int = 0

    def mark(self, bookmark: str) -> None:
        """Add a bookmark at the text that comes next."""
        self._count += 1
        if bookmark and self._count <= MOST_ANCHORS:
            self._waiting.append(bookmark)

    def link(self, number: int, anchor: str, text: str) -> None:
        """Add a link in a paragraph or row."""
        self._count += 1
        if anchor and text and self._count <= MOST_ANCHORS:
            self.links.setdefault(number, []).append((anchor, text))

    def name(self, text: str, lead: str = "") -> None:
        """Name the waiting bookmarks after the term at the start of a paragraph or row: its bold
        `lead`, or what is before a colon or a dash, or all of it."""
        name = without_bracket(one_line(lead.rstrip(" :–—-") or name_at_start(text)))
        for bookmark in self._waiting:
            if len(name) <= LONGEST_NAME:
                self._names.setdefault(bookmark, name)
        self._waiting = []

    def resolved(self) -> dict[int, list[Link]]:
        """Return the links with targets such as `#Purchase%20order`."""
        return {
            number: [(f"#{quote(self._names.get(to, to), safe='')}", text) for to, text in links]
            for number, links in sorted(self.links.items())
        }
