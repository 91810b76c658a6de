"""Read the review records of the bundled pages: `reviews/ID.json` beside the folder of the pages.

    {"date": "2026-12-02", "reader": "language model",
     "claims": [{"claim": "…", "source": "…", "found": "…"}], "changed": ["…"]}

A page has a date of review only if it has a record. `reader` is "person" or "language model".
`claims` are the statements that were looked up, each with the source that was read and what it
says; `changed` is what was changed in the page, and may be empty.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from index.entry import Entry
from index.errors import SourceError
from index.sources.source import bundled_reviews

READERS = ("person", "language model")
_FORM = 'A record has "date", "reader", "claims" and "changed": see docs/guides/encyclopedia.md.'


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A statement of a page that was looked up, the source that was read, and what it says."""

    claim: str
    source: str
    found: str


@dataclass(frozen=True, slots=True)
class PageReview:
    """The record of one review. `reader` is one of `READERS`."""

    date: date
    reader: str
    claims: tuple[CheckedClaim, ...]
    changed: tuple[str, ...]


def read_review(path: Path) -> PageReview:
    """Read a record. Raises `SourceError` for a missing, unknown or empty field."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        claims = tuple(CheckedClaim(**claim) for claim in record["claims"])
        review = PageReview(
            date.fromisoformat(record["date"]), record["reader"], claims, tuple(record["changed"])
        )
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(path, None, f"is not a review record: {error}", _FORM) from error
    if review.reader not in READERS:
        raise SourceError(path, None, f"the reader is not one of: {', '.join(READERS)}", _FORM)
    texts = (text for one in claims for text in (one.claim, one.source, one.found))
    if not claims or not all(isinstance(text, str) and text.strip() for text in texts):
        raise SourceError(path, None, "names no claim that was looked up, with its source", _FORM)
    return review


def read_reviews(folder: Path | None = None) -> dict[str, PageReview]:
    """Return the records in `folder` (default: those of the bundled pages) by id of the page."""
    paths = sorted((folder or bundled_reviews()).glob("*.json"))
    return {path.stem: read_review(path) for path in paths}


def with_reviews(entries: Iterable[Entry], folder: Path | None = None) -> list[Entry]:
    """Return the bundled `entries`, each with the date of its record, or without a date of review.

    Raises `SourceError` for a malformed record.
    """
    reviews = read_reviews(folder)
    return [
        replace(entry, reviewed=reviews[entry.id].date if entry.id in reviews else None)
        for entry in entries
    ]
