"""Names and definitions as people write them, in every format."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.entry import Entry
from index.sources.files import SourceFile
from index.sources.markdown.naming import definition_of, pointing, term_of
from index.sources.registry import read_file
from tests.unit.index.sources.word_files import cell, paragraph, run, table, word


@pytest.mark.parametrize(
    ("raw", "term", "aliases"),
    [
        ("Large language model (LLM)", "Large language model", ("LLM",)),
        ("LLM (large language model)", "LLM", ("large language model",)),
        ("Berth (noun)", "Berth", ()),
        ("moor (v.):", "moor", ()),
        ("Berth (NL: ligplaats)", "Berth", ("ligplaats",)),
        ("Berth (harbour)", "Berth (harbour)", ()),
        ("Post-mortem / Retro", "Post-mortem / Retro", ("Post-mortem", "Retro")),
        ("Postmortem/Retro", "Postmortem/Retro", ("Postmortem", "Retro")),
        ("Service level agreement/SLA", "Service level agreement", ("SLA",)),
        ("Low / high tide table", "Low / high tide table", ()),
        ("CI/CD", "CI/CD", ()),
        ("TCP/IP", "TCP/IP", ()),
        ("client/server model", "client/server model", ()),
        ("(micro)services", "(micro)services", ()),
        ("What is a container?", "Container", ()),
        ("What are LLMs?", "LLMs", ()),
        ("What does RAG stand for?", "RAG", ()),
        ("What's new?", "What's new?", ()),
        ("What is it?", "What is it?", ()),
        ('"Berth', "Berth", ()),
        ("**Berth**", "Berth", ()),
        ("“Berth”", "Berth", ()),
    ],
)
def test_a_name_is_split_into_term_and_other_names(
    raw: str, term: str, aliases: tuple[str, ...]
) -> None:
    assert term_of(raw) == (term, aliases)


@pytest.mark.parametrize(
    ("text", "definition", "names"),
    [
        ("(noun): A place.", "A place.", ()),
        ("(n.) A place.", "A place.", ()),
        ("(NL: ligplaats) A place.", "A place.", ("ligplaats",)),
        ('A place for a "ship".', 'A place for a "ship".', ()),
        ('"A place.', "A place.", ()),
        ("A place.**", "A place.", ()),
        ("“A place.”", "A place.", ()),
        ('"Bow" and "stern"', '"Bow" and "stern"', ()),
        (": A place.", "A place.", ()),
        ("Also known as mooring. A place.", "A place.", ("mooring",)),
        ("Berth place (BP) is a place.", "Berth place (BP) is a place.", ("BP",)),
        ("Berth (bert)hing is a place.", "Berth (bert)hing is a place.", ()),
        ("noun phrases are parts of a sentence.", "noun phrases are parts of a sentence.", ()),
    ],
)
def test_a_definition_is_freed_of_labels_and_stray_marks(
    text: str, definition: str, names: tuple[str, ...]
) -> None:
    assert definition_of(text, "Berth place") == (definition, names)


def test_part_of_a_word_in_brackets_is_no_name() -> None:
    text = "Loosely coupled (micro)services that work together."
    assert definition_of(text, "Microservices architecture")[1] == ()


def test_a_text_that_names_another_entry_points_to_it_through_others_but_not_in_a_circle() -> None:
    names = [["A"], ["B"], ["C", "See"], ["D"], ["E"], ["F"]]
    texts = ["See B.", "C", "A thing.", "E", "D", "F"]
    assert pointing(names, texts) == {0: 2, 1: 2}


ROWS = {
    "Application programming interface (API)": "(noun): A contract between programs.",
    "Interface contract": "See API",
    "Post-mortem / Retro": "A review after an incident.",
    "Retrospection": "Post-mortem",
    "What is a container?": '"A package of a program and what it needs.',
}
FORMATS: dict[str, Callable[[], bytes]] = {
    "words.csv": lambda: "\n".join(
        ("term;definition", *(f"{t};{d.replace(chr(34), chr(34) * 2)}" for t, d in ROWS.items()))
    ).encode(),
    "words.json": lambda: json.dumps(
        [{"term": term, "definition": text} for term, text in ROWS.items()]
    ).encode(),
    "words.txt": lambda: "\n".join(f"{t} - {d}" for t, d in ROWS.items()).encode(),
    "words.md": lambda: (
        "# Glossary\n\n" + "".join(f"## {t}\n\n{d}\n\n" for t, d in ROWS.items())
    ).encode(),
    "words.html": lambda: (
        "<table><tr><th>Term<th>Meaning</tr>"
        + "".join(f"<tr><td>{t}<td>{d}</tr>" for t, d in ROWS.items())
        + "</table>"
    ).encode(),
    "words.docx": lambda: word(
        table([cell("Term") + cell("Meaning"), *(cell(t) + cell(d) for t, d in ROWS.items())])
    ),
    "lines.docx": lambda: word("".join(paragraph(run(f"{t}: {d}")) for t, d in ROWS.items())),
}


@pytest.mark.parametrize("name", FORMATS)
def test_names_are_found_in_every_format(name: str) -> None:
    entries: dict[str, Entry] = {
        entry.term: entry
        for entry in read_file(SourceFile(Path(name), name, FORMATS[name]()), {}).entries
    }
    assert {term: set(entry.aliases) for term, entry in entries.items()} == {
        "Application programming interface": {"API", "Interface contract"},
        "Post-mortem / Retro": {"Post-mortem", "Retro", "Retrospection"},
        "Container": set(),
    }
    assert [entry.definition for entry in entries.values()] == [
        "A contract between programs.",
        "A review after an incident.",
        "A package of a program and what it needs.",
    ]
