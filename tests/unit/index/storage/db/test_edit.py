"""The versions of entries."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from index.entry import Detail, Entry
from index.storage.db.edit import text_version
from tests.support.entries import harbour

CRANE: Entry = harbour()[2]


@pytest.mark.parametrize(
    "change",
    [
        {"owner": "Ana"},
        {"details": (Detail("Region", "EMEA"),)},
        {"search_phrases": ("what lifts cargo",)},
        {"status": "draft", "updated": date(2026, 1, 2), "reviewed": date(2026, 1, 2)},
    ],
)
def test_what_no_question_is_compared_with_changes_no_text(change: dict[str, Any]) -> None:
    assert text_version(replace(CRANE, **change)) == text_version(CRANE)


def test_another_definition_is_another_text() -> None:
    assert text_version(replace(CRANE, definition="It lifts.")) != text_version(CRANE)
