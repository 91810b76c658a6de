"""Ordinary and hostile entries to export, and the import of exported files."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from index.entry import (
    LONGEST_DETAIL,
    LONGEST_DETAIL_NAME,
    LONGEST_NAME,
    Detail,
    Entry,
    Question,
    Reference,
    Related,
    Section,
    Sense,
    unlinked,
)
from index.export.exported import ExportResult, Form
from index.export.writer import export
from index.sources.loader import read_sources
from index.sources.source import Report, Source
from index.text import clean, is_web_address, one_line

FORMS: tuple[Form, ...] = ("markdown", "csv", "jsonl", "skos")
NAMES = {"markdown": "pages", "csv": "words.csv", "jsonl": "words.jsonl", "skos": "words.ttl"}

WHOLE = Entry(
    id="team/sea-lock",
    term="Sea lock",
    definition="A chamber that lifts ships between two levels of water.",
    category="Harbour",
    aliases=("ship lock", "lock, sea", 'the "lock"', "C: drive; b", "No"),
    updated=date(2026, 11, 24),
    senses=(
        Sense("A chamber that lifts ships between two levels of water.", "Water"),
        Sense("A door that keeps the sea out of a ship.", "Ships, old"),
    ),
    sections=(
        Section("What it is", "A slider.\n\n- one\n- two"),
        Section("What it is", "A heading twice.\n---\nAnd a rule."),
        Section("Examples", "Almost a name that is taken."),
    ),
    example="> Lift it.\n\n```\n## a fence\n```",
    related=(
        Related("Dock", "where the ships go: in the end."),
        Related("Ratio 1:2", "has a colon."),
        Related("Moon", "pulls the tide.", outside=True),
    ),
    faq=(
        Question("Why does it leak?", "Wood.\n\n### Not a question\nreally"),
        Question("Is it | safe?", "Yes."),
        Question("nobody drowns in there, right", "Yes.", reworded=True),
        Question("Is it the only one?", "Yes."),
    ),
    references=(
        Reference('A. Author, "Locks" (2020)', "https://example.org/a_b?c=d&e=f"),
        Reference("[a](b) *c*"),
        Reference("https://example.org/b", "https://example.org/b"),
    ),
    source="team",
    url="https://example.org/sea-lock",
    path="a/b.md",
    licence="CC BY 4.0",
    search_phrases=("how do boats climb", "up; or down?", "No", "[lift] for ships"),
    reviewed=date(2026, 11, 25),
    status="approved: yes",
    owner="Ana Lima; Bo",
    details=(
        Detail("Region", "EMEA: north"),
        Detail("Region", "APAC"),
        Detail("Version", "1.10"),
        Detail("PII", "No"),
    ),
    more_categories=("Water; ships", "No"),
)


def plain(entry_id: str, term: str, definition: str = "Words.", source: str = "team") -> Entry:
    return Entry(id=entry_id, term=term, definition=definition, source=source)


def round_trip(
    entries: Iterable[Entry], form: Form, folder: Path
) -> tuple[list[Entry], ExportResult]:
    """Export entries and return their import as the source "team"."""
    done = export(entries, form, folder / NAMES[form])
    report = imported(Path(done.path))
    assert report.refused == ()
    return list(report.entries), done


def imported(path: Path, name: str = "team") -> Report:
    """Import one source."""
    return read_sources([Source(name, str(path))], only=[name])


def comparable(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Return entries by id, without the ids of related terms and the fields that depend on their
    location: the path and bundled search phrases."""
    return {entry.id: replace(unlinked(entry), path="", search_phrases=()) for entry in entries}


_HOSTILE = st.sampled_from(
    (
        *("---", "# a", "## b", "### c", "| a | b |", "{{ x }}", "<b>", "<!--", "</div>", "```"),
        *("~~~", "term: x", "aliases: [a", "- item", "1. item", "\n", "\n\n", "\0", "  ", "\t"),
        *("===", ":", ";", ",", '"', "'", "=1+1", "+1", "-1", "@x", "＝2", "\\", "*a*", "[x]: y"),
        *(
            "😀",
            "👩\u200d🚀",
            "\u202eabc",
            "مرحبا",
            "\u2028",
            "\r\n",
            "&amp;",
            "(outside)",
            "Example",
        ),
        *("Related terms", "> quote", "    code", "[a](b)", "https://example.org/x", "x" * 60),
    )
)
TEXT = st.lists(_HOSTILE | st.text(max_size=8), max_size=6).map("".join)


def _is_name(text: str) -> bool:
    """Whether a text has a visible part that is at most as long as a name."""
    return len(one_line(text)) > 0 and len(text) <= LONGEST_NAME


NAME = TEXT.filter(_is_name).map(one_line)
LINE = TEXT.map(one_line)
BLOCK = TEXT.map(clean)
WORDS = st.builds(lambda before, after: f"{before}word{after}", TEXT, TEXT).map(clean)
WORDS_LINE = WORDS.map(one_line)
URL = st.none() | st.sampled_from(
    (
        *(
            "https://example.org/",
            "http://example.org/a_(b)?c=d&e=*f*#g",
            "https://example.org/ä'b",
        ),
        *("https://example.org/a%20b", "https://[::1]/x`y`", "https://example.org/\\"),
    )
).filter(is_web_address)


def _entry(number: int, senses: tuple[Sense, ...], **fields: Any) -> Entry:
    definition = senses[0].definition
    several = () if senses == (Sense(definition),) else senses
    entry = Entry(id=f"team/e{number}", term="", definition=definition, senses=several)
    return replace(entry, source="team", **fields)


ENTRY = st.builds(
    _entry,
    number=st.integers(0, 10**9),
    term=NAME,
    senses=st.lists(st.builds(Sense, WORDS_LINE, LINE), min_size=1, max_size=3).map(tuple),
    category=st.just("") | NAME,
    aliases=st.lists(NAME, max_size=3).map(tuple),
    updated=st.none() | st.dates(),
    sections=st.lists(st.builds(Section, NAME, WORDS), max_size=3).map(tuple),
    example=BLOCK,
    related=st.lists(st.builds(Related, NAME, LINE, outside=st.booleans()), max_size=3).map(tuple),
    faq=st.lists(st.builds(Question, NAME, WORDS), max_size=2).map(tuple),
    references=st.lists(st.builds(Reference, WORDS_LINE, URL), max_size=2).map(tuple),
    url=URL,
    licence=LINE,
    search_phrases=st.lists(NAME, max_size=3).map(tuple),
    reviewed=st.none() | st.dates(),
    status=LINE,
    owner=LINE,
    details=st.lists(
        st.builds(
            Detail,
            LINE.filter(lambda name: len(name) <= LONGEST_DETAIL_NAME),
            LINE.filter(lambda value: len(value) <= LONGEST_DETAIL),
        ),
        max_size=3,
    ).map(tuple),
    more_categories=st.lists(NAME, max_size=3).map(tuple),
)
ENTRIES = st.lists(ENTRY, min_size=1, max_size=3, unique_by=lambda entry: entry.id)
