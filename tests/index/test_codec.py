"""Entries as JSON: the same entry comes back, and anything else is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.codec import entry_from_json, entry_to_json
from index.entry import Reference, Sense
from tests.support.entries import harbour


def test_an_entry_comes_back_equal() -> None:
    entry = replace(
        harbour()[0],
        updated=date(2026, 4, 30),
        senses=(Sense("A hook.", "at sea"), Sense("A person on air.")),
        references=(Reference("A book"), Reference("A page", "https://example.org/")),
    )
    line = entry_to_json(entry)
    assert "\n" not in line
    assert entry_from_json(line) == entry


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": "a"}'])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        entry_from_json(text)
