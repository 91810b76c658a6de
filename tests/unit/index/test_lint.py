"""Lint the bundled encyclopedia, and check that the linter reports each kind of error."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from index.embedding.embedder import SentenceEmbedder
from index.entry import Entry, Related, Section, link
from index.lint import lint
from index.names import name_key
from index.sources.loader import read_sources
from tests.support.toy import ToyEmbedder

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    report = read_sources()
    assert report.refused == ()
    return link(report.entries)


@pytest.mark.model
def test_the_bundled_encyclopedia_has_no_lint_errors(
    entries: list[Entry], real_embedder: SentenceEmbedder
) -> None:
    assert len(entries) >= 150
    assert lint(entries, date.max, real_embedder) == []


def test_no_entry_repeats_a_name_or_a_related_term(entries: list[Entry]) -> None:
    for entry in entries:
        names = {name_key(name) for name in (entry.term, *entry.aliases)}
        assert len(names) == 1 + len(entry.aliases), entry.id
        others = {entry.id, *(item.id for item in entry.related)}
        assert len(others) == 1 + len(entry.related), entry.id


def test_examples_do_not_all_begin_in_the_same_way(entries: list[Entry]) -> None:
    openings = Counter(" ".join(entry.example.split()[:3]) for entry in entries)
    opening, count = openings.most_common(1)[0]
    assert count <= len(entries) / 20, opening


BREAKS: dict[str, tuple[Callable[[Entry], Entry], str]] = {
    "a duplicate term": (lambda e: replace(e, term="Temperature"), "also that of"),
    "an alias of another entry": (lambda e: replace(e, aliases=("Temperature",)), "is a name of"),
    "a missing section": (lambda e: replace(e, sections=e.sections[1:]), 'no section "What'),
    "a short definition": (lambda e: replace(e, definition="Short."), "the definition has"),
    "no example": (lambda e: replace(e, example=""), '"Example" has 0'),
    "few questions": (lambda e: replace(e, faq=e.faq[:1]), "questions has 1"),
    "no date": (lambda e: replace(e, updated=None), "no date"),
    "no references": (lambda e: replace(e, references=()), "no references"),
    "no category": (lambda e: replace(e, category=""), "no category"),
    "a US spelling": (lambda e: replace(e, example="It organises colors. " * 12), '"organises"'),
    "an empty phrase": (lambda e: replace(e, example="Studies show that. " * 12), '"studies show"'),
    "an example told as a fact": (
        lambda e: replace(e, example="A ferry line sorted its mail with a model. " * 6),
        "does not say that it is made up",
    ),
    "a figure without a source": (
        lambda e: replace(
            e, references=(), sections=(Section("What it is", "It errs in 12% of cases."),)
        ),
        '"12%" has no source',
    ),
    "a future date": (lambda e: replace(e, reviewed=date(2027, 1, 1)), "in the future"),
    "an unknown related term": (
        lambda e: replace(e, related=(*e.related[:7], Related("Nowhere", "why"))),
        '"Nowhere" has no entry and is not marked',
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_lint_violation_is_reported(entries: list[Entry], name: str) -> None:
    change, says = BREAKS[name]
    broken = [change(e) if e.id == "token" else e for e in entries]
    assert any(says in fault.what for fault in lint(broken, TODAY)), name


def test_an_entry_without_incoming_links_is_reported(entries: list[Entry]) -> None:
    alone = replace(entries[0], id="alone", term="Alone", aliases=())
    found = [fault.what for fault in lint([*entries, alone], TODAY) if fault.entry_id == "alone"]
    assert "no other entry lists it as a related term" in found


def test_equal_definitions_of_unlinked_entries_are_reported(entries: list[Entry]) -> None:
    one, other = (
        entries[0],
        next(e for e in entries if e.id not in {r.id for r in entries[0].related}),
    )
    same = replace(other, definition=one.definition, related=())
    pair = [replace(one, related=()), same]
    assert any("to that of" in fault.what for fault in lint(pair, TODAY, ToyEmbedder()))
