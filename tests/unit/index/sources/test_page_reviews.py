"""A page has a date of review only if a record says what was checked."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from index.entry import Entry
from index.errors import SourceError
from index.sources.loader import read_sources
from index.sources.page_reviews import (
    REVIEW_DAYS,
    due_date,
    overdue,
    read_review,
    read_reviews,
    with_reviews,
)
from index.sources.source import bundled

RECORD = {
    "date": "2026-12-02",
    "reader": "person",
    "matter": "technique",
    "claims": [{"claim": "Tides turn.", "source": "The tide table", "found": "They do."}],
    "changed": [],
}


def written(folder: Path, **changes: object) -> Path:
    path = folder / "anchor.json"
    path.write_text(json.dumps(RECORD | changes), encoding="utf-8")
    return path


def test_a_page_has_the_date_of_its_record_and_no_other(tmp_path: Path) -> None:
    written(tmp_path)
    day = read_reviews(tmp_path)["anchor"].date
    pages = [Entry("anchor", "Anchor", "Iron."), Entry("buoy", "Buoy", "A float.", reviewed=day)]
    assert [page.reviewed for page in with_reviews(pages, tmp_path)] == [day, None]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"claims": []}, "no claim"),
        ({"claims": [{"claim": "Tides turn.", "source": " ", "found": "Yes."}]}, "no claim"),
        ({"claims": [{"claim": "Tides turn."}]}, "not a review record"),
        ({"reader": "everybody"}, "the reader is not one of"),
        ({"matter": "weather"}, "the matter is not one of"),
        ({"date": "yesterday"}, "not a review record"),
        ({"changed": None}, "not a review record"),
    ],
)
def test_a_record_without_evidence_is_refused(
    tmp_path: Path, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(SourceError, match=says):
        read_review(written(tmp_path, **changes))


def test_each_record_belongs_to_a_page_and_no_page_dates_its_own_review() -> None:
    pages = {path.stem: path.read_text(encoding="utf-8") for path in bundled().glob("*.md")}
    assert read_reviews().keys() <= pages.keys()
    assert [
        name for name, text in pages.items() if "\nreviewed:" in text.split("\n---", 1)[0]
    ] == []
    reviewed = {entry.id for entry in read_sources().entries if entry.reviewed}
    assert reviewed == read_reviews().keys()


def test_no_bundled_page_was_updated_after_its_review() -> None:
    """A later change of meaning is not covered by the record."""
    late = [
        entry.id
        for entry in read_sources().entries
        if entry.reviewed and (entry.updated is None or entry.updated > entry.reviewed)
    ]
    assert late == []


def test_a_page_is_due_sooner_the_faster_its_matter_changes(tmp_path: Path) -> None:
    due = {
        matter: due_date("anchor", read_review(written(tmp_path, matter=matter)))
        for matter in ("law", "technique", "mathematics")
    }
    assert due["law"] < due["technique"] < due["mathematics"]


def test_pages_reviewed_on_one_day_are_due_on_many_days_within_their_time(tmp_path: Path) -> None:
    review = read_review(written(tmp_path))
    after = [(due_date(f"page-{at}", review) - review.date).days for at in range(100)]
    assert len(set(after)) > 50
    assert REVIEW_DAYS["technique"] * 2 / 3 <= min(after)
    assert max(after) <= REVIEW_DAYS["technique"]


def test_pages_that_are_due_are_listed_from_their_day_on_the_longest_due_first(
    tmp_path: Path,
) -> None:
    reviews = {
        "buoy": read_review(written(tmp_path)),
        "anchor": read_review(written(tmp_path, matter="law")),
    }
    later = due_date("buoy", reviews["buoy"])
    assert overdue(reviews, later - timedelta(days=1)) == ["anchor"]
    assert overdue(reviews, later) == ["anchor", "buoy"]
