"""Entries as JSON: round trips, other versions, and invalid JSON."""

import json
from dataclasses import replace
from datetime import date

import pytest

from index.entry import Detail, Reference, Sense
from index.entry_draft import EntryDraft, draft_of
from index.entry_json import entry_from_json, entry_to_json
from tests.support.entries import harbour


def test_an_entry_is_unchanged_after_a_json_round_trip() -> None:
    entry = replace(
        harbour()[0],
        updated=date(2026, 4, 30),
        senses=(Sense("A hook.", "at sea"), Sense("A person on air.")),
        search_phrases=("iron that bites the ground",),
        owner="Ana",
        details=(Detail("Region", "EMEA"), Detail("Region", "")),
        more_categories=("Iron", "Rope"),
        references=(Reference("A book"), Reference("A page", "https://example.org/")),
    )
    line = entry_to_json(entry)
    assert "\n" not in line
    assert entry_from_json(line) == entry


def test_optional_fields_are_saved_only_when_they_have_values() -> None:
    line = entry_to_json(harbour()[0])
    newer = {"search_phrases", "reviewed", "status", "owner", "details", "more_categories"}
    assert not newer & set(json.loads(line))
    assert entry_from_json(line) == harbour()[0]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": "a"}'])
def test_invalid_json_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        entry_from_json(text)


def test_unknown_and_missing_fields_of_an_entry_are_tolerated() -> None:
    entry = harbour()[0]
    raw = json.loads(entry_to_json(entry))
    raw["colour"] = "green"
    raw["faq"][0]["mood"] = "curious"
    del raw["licence"], raw["faq"][0]["reworded"]
    assert entry_from_json(json.dumps(raw)) == entry


def test_unknown_and_missing_fields_of_a_form_are_tolerated() -> None:
    fields = draft_of(harbour()[0])
    raw = json.loads(fields.to_json())
    raw["colour"] = "green"
    raw["questions"][0]["mood"] = "curious"
    del raw["category"]
    assert EntryDraft.from_json(json.dumps(raw)) == replace(fields, category="")
