"""A page has a date of review only if a record says what was checked."""

import json
from pathlib import Path

import pytest

from index.entry import Entry
from index.errors import SourceError
from index.sources.loader import read_sources
from index.sources.page_reviews import read_review, read_reviews, with_reviews
from index.sources.source import bundled

RECORD = {
    "date": "2026-12-02",
    "reader": "person",
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
