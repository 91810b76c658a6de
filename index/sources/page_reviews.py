"""Read the review records of the bundled pages: `reviews/ID.json` beside the folder of the pages.

    {"date": "2026-12-02", "reader": "language model", "matter": "interface",
     "claims": [{"claim": "…", "source": "…", "found": "…"}], "changed": ["…"]}

A page has a date of review only if it has a record. `reader` is "person" or "language model".
`matter` is what the page is about that changes the fastest, one of `REVIEW_DAYS`.
`claims` are the statements that were looked up, each with the source that was read and what it
says; `changed` is what was changed in the page, and may be empty.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from index.entry import Entry
from index.errors import SourceError
from index.sources.source import bundled_reviews

READERS = ("person", "language model")
# Days after which a page is due for review again, by what it is about.
REVIEW_DAYS = {
    "interface": 90,
    "law": 90,
    "benchmark": 90,
    "price": 90,
    "technique": 365,
    "mathematics": 3 * 365,
}
_SPREAD = 3  # a page is due up to a third of its days early, so that not all are due on one day
_FORM = (
    'A record has "date", "reader", "matter", "claims" and "changed": '
    "see docs/guides/encyclopedia.md."
)


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A statement of a page that was looked up, the source that was read, and what it says."""

    claim: str
    source: str
    found: str


@dataclass(frozen=True, slots=True)
class PageReview:
    """The record of one review. `reader` is one of `READERS`, `matter` one of `REVIEW_DAYS`."""

    date: date
    reader: str
    matter: str
    claims: tuple[CheckedClaim, ...]
    changed: tuple[str, ...]


def read_review(path: Path) -> PageReview:
    """Read a record. Raises `SourceError` for a missing, unknown or empty field."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        claims = tuple(CheckedClaim(**claim) for claim in record["claims"])
        review = PageReview(
            date.fromisoformat(record["date"]),
            record["reader"],
            record["matter"],
            claims,
            tuple(record["changed"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(path, None, f"is not a review record: {error}", _FORM) from error
    if review.reader not in READERS:
        raise SourceError(path, None, f"the reader is not one of: {', '.join(READERS)}", _FORM)
    if review.matter not in REVIEW_DAYS:
        raise SourceError(path, None, f"the matter is not one of: {', '.join(REVIEW_DAYS)}", _FORM)
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


def due_date(page_id: str, review: PageReview) -> date:
    """Return the day on which the page is due for review again. It depends on how fast its matter
    changes, and on its id, which spreads pages that were reviewed together."""
    days = REVIEW_DAYS[review.matter]
    draw = int.from_bytes(hashlib.sha256(page_id.encode()).digest()[:4])
    return review.date + timedelta(days=days - draw % (days // _SPREAD))


def overdue(reviews: Mapping[str, PageReview], today: date) -> list[str]:
    """Return the ids of the pages that are due for review again, most overdue first."""
    due = sorted((due_date(page_id, review), page_id) for page_id, review in reviews.items())
    return [page_id for day, page_id in due if day <= today]
