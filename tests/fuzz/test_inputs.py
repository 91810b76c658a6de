"""Fuzz the command grammar, the entry parser and every importer."""

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import strategies as st

from bot.commands.help import help_for
from bot.commands.parser import LONGEST_TEXT, line_of, parse
from bot.commands.spec import Request
from bot.replies.base import Help, Problem
from index.entry import Entry
from index.errors import SourceError
from index.sources.files import SourceFile
from index.sources.registry import read_file
from index.sources.source import bundled
from tests.fuzz.timed import FUZZ_SECONDS, fuzz, mutated
from tests.support.nasties import TEXT

PAGES = tuple(page.read_bytes() for page in sorted(bundled().glob("*.md"))[::40])
SAVED = Path(__file__).parent.parent / "unit" / "index" / "sources" / "pages"
WORDS = st.sampled_from(
    [
        *("/", "/near", "/define", "/latent", "/near-admin", "/help", "help", " ", "\n", "dev-"),
        *("n=", "t=", "in:", "from=", "compare", "shift", "path", "import", "edit"),
        *(" | ", " -> ", " = ", "+", ",", '"', "“", "'", "—full", "--yes", "NaN", "1e999", "-0"),
        *("٣", "9" * 400),
    ]
)


def workbook() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (("term", "definition"), ("Vault", "A strong room."), ("Key", "It opens.")):
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


# A sample file of each kind, to be mutated.
FILES: dict[str, tuple[bytes, ...]] = {
    "page.md": PAGES,
    "glossary.md": (
        b"# Terms\n\n## Vault\n\nA strong room.\n\n**Key**: it opens.\n\n- Lock - it shuts\n",
        b"| Term | Meaning |\n| --- | --- |\n| Vault (safe) | A *strong* room |\n| Key | |\n",
        b"Vault\n: A strong room.\n\nKey\n: It opens.\n",
    ),
    "terms.csv": (b'term,definition,aliases\nVault,A strong room.,safe;box\nKey,"It, opens",\n',),
    "terms.tsv": (b"term\tdefinition\nVault\tA strong room.\nKey\tIt opens\n",),
    "terms.json": (
        b'[{"term": "Vault", "definition": "A strong room.", "aliases": ["safe"]}]',
        b'{"Vault": "A strong room.", "Key": {"definition": "It opens.", "see": ["Lock"]}}',
    ),
    "terms.jsonl": (
        b'{"term": "Vault", "definition": "A strong room."}\n{"term": "Key", "definition": "x"}\n',
    ),
    "terms.yaml": (
        b"- term: Vault\n  definition: A strong room.\n- &k {term: Key, definition: It opens.}\n",
        b"Vault: A strong room.\nKey: |\n  It opens.\n",
    ),
    "terms.xlsx": (workbook(),),
    "page.html": ((SAVED / "echo-buffer.html").read_bytes(), b"<dl><dt>Vault<dd>A room</dl>"),
    "page.txt": ((SAVED / "echo-buffer.txt").read_bytes(),),
}


def texts(value: Any) -> Iterator[str]:
    """Yield every text in an entry."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def is_right(entry: Entry) -> None:
    """Check that an accepted entry is complete and contains no invisible characters."""
    assert entry.term.strip()
    assert entry.id
    for text in texts(entry):
        assert not [
            character
            for character in text
            if character != "\n" and unicodedata.category(character) in ("Cc", "Cs")
        ], text[:80]


def is_plain(error: SourceError) -> None:
    """Check that a refusal is a readable sentence."""
    assert error.message
    assert not re.search(r"Error|Exception|Traceback|<class|object at 0x", error.message)


@FUZZ_SECONDS
def test_any_command_line_is_parsed_or_refused(seconds: float) -> None:
    def check(line: str) -> None:
        asked = parse(line)
        if isinstance(asked, Problem):
            assert asked.message
            assert asked.hint
            return
        assert len(asked.text) <= LONGEST_TEXT
        assert asked.text or asked.command in ("help", "latent", "near-admin")
        assert isinstance(help_for(asked), Help | Problem)
        again = parse(line_of(asked))
        assert isinstance(again, Request)
        assert again.command == asked.command

    lines = st.lists(WORDS | TEXT | st.text(max_size=6), max_size=14).map("".join)
    print(fuzz(lines, check, seconds), "lines")


@FUZZ_SECONDS
@pytest.mark.parametrize("name", FILES)
def test_any_file_is_imported_or_refused(name: str, seconds: float) -> None:
    taken = [0]

    def check(data: bytes) -> None:
        try:
            reading = read_file(SourceFile(Path(name), name, data), {})
        except SourceError as error:
            is_plain(error)
            return
        for entry in reading.entries:
            taken[0] += 1
            is_right(entry)

    tried = fuzz(mutated(*FILES[name]) | st.binary(max_size=200), check, seconds)
    print(f"{tried} files, {taken[0]} entries")
    assert taken[0], "some input is accepted"
