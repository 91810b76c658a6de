"""The bundled encyclopedia holds together, and the check sees when it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from index.embedder import SentenceEmbedder
from index.entry import Entry, Related, link
from index.integrity import faults
from index.names import name_key
from index.sources.reading import read_sources
from tests.support.toy import ToyEmbedder


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    report = read_sources()
    assert report.refused == ()
    return link(report.entries)


@pytest.mark.model
def test_the_bundled_encyclopedia_holds_together(
    entries: list[Entry], real_embedder: SentenceEmbedder
) -> None:
    assert len(entries) >= 150
    assert faults(entries, real_embedder) == []


def test_no_entry_has_a_name_or_a_related_term_twice(entries: list[Entry]) -> None:
    for entry in entries:
        names = {name_key(name) for name in (entry.term, *entry.aliases)}
        assert len(names) == 1 + len(entry.aliases), entry.id
        others = {entry.id, *(item.id for item in entry.related)}
        assert len(others) == 1 + len(entry.related), entry.id


BREAKS: dict[str, tuple[Callable[[Entry], Entry], str]] = {
    "a term twice": (lambda e: replace(e, term="Temperature"), "also that of"),
    "an alias of another": (lambda e: replace(e, aliases=("Temperature",)), "is a name of"),
    "a section missing": (lambda e: replace(e, sections=e.sections[1:]), 'there is no "What'),
    "a definition too short": (lambda e: replace(e, definition="Short."), "the definition has"),
    "no example": (lambda e: replace(e, example=""), '"Example" has 0'),
    "few questions": (lambda e: replace(e, faq=e.faq[:1]), "questions has 1"),
    "no date": (lambda e: replace(e, updated=None), "no date"),
    "no references": (lambda e: replace(e, references=()), "no references"),
    "no category": (lambda e: replace(e, category=""), "no category"),
    "a related term nowhere": (
        lambda e: replace(e, related=(*e.related[:7], Related("Nowhere", "why"))),
        '"Nowhere" is no entry and not marked',
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_break_is_found(entries: list[Entry], name: str) -> None:
    change, says = BREAKS[name]
    broken = [change(e) if e.id == "token" else e for e in entries]
    assert any(says in fault.what for fault in faults(broken)), name


def test_an_entry_that_nothing_leads_to_is_found(entries: list[Entry]) -> None:
    alone = replace(entries[0], id="alone", term="Alone", aliases=())
    found = [fault for fault in faults([*entries, alone]) if fault.entry_id == "alone"]
    assert [fault.what for fault in found] == ["no other entry names it as related"]


def test_a_term_marked_as_outside_need_not_be_an_entry(entries: list[Entry]) -> None:
    outside = Related("Nowhere", "why", outside=True)
    changed = [
        replace(e, related=(*e.related[:7], outside)) if e.id == "token" else e for e in entries
    ]
    assert not any("Nowhere" in fault.what for fault in faults(changed))


def test_two_definitions_that_say_the_same_without_knowing_of_each_other_are_found(
    entries: list[Entry],
) -> None:
    one, other = (
        entries[0],
        next(e for e in entries if e.id not in {r.id for r in entries[0].related}),
    )
    same = replace(other, definition=one.definition, related=())
    pair = [replace(one, related=()), same]
    assert any("like that of" in fault.what for fault in faults(pair, ToyEmbedder()))
