"""Find the links in texts of tables, records and lines."""

from collections.abc import Iterable

from index.entry import Related
from index.sources.linked_terms import MOST_FOUND, Link, linked
from index.sources.markdown.inline import LONGEST_INLINE, runs_in
from index.sources.markdown.shortcodes import expand


def linked_in(texts: Iterable[str]) -> list[Related]:
    """Return the terms that the links in texts may lead to: `[x](/x/)`, `[[x]]`, `[x]`, `<a>`."""
    found: list[Link] = []
    for text in texts:
        if "[" not in text and "<a" not in text and "{{" not in text:
            continue
        for line in expand(text).split("\n"):
            if len(line) <= LONGEST_INLINE and len(found) < MOST_FOUND:
                found += (link for run in runs_in(line) for link in run.links)
    return linked(found)
