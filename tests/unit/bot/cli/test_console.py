import io
import unicodedata
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.cli.console import show
from bot.replies.base import Reply
from index.entry import Entry
from tests.unit.bot.samples import KINDS, entry_reply, reply

EVIL = "a\x1b[31mb\x07c\x9b1md\u202ee\x00f\ud800g\u200bh\r\ni\tj"
WORDLESS = ("plan", "new thread", "forgotten")  # replies that contain no text from users or entries


def rendered(answer: Reply, width: int = 100) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, highlight=False, color_system=None)
    show(answer, console)
    return file.getvalue()


def assert_printable(text: str) -> None:
    """Check that lines fit, do not end in spaces, and have no control characters."""
    assert text.endswith("\n")
    for line in text.splitlines():
        assert cell_len(line) <= 80
        assert line == line.rstrip()
    kept = text.replace("\n", "").replace("\u200c", "").replace("\u200d", "")
    assert not {sign for sign in kept if unicodedata.category(sign) in ("Cc", "Cf", "Cs")}


@pytest.mark.parametrize("kind", KINDS)
def test_replies_of_every_kind_are_printable(kind: str) -> None:
    for text in (EVIL, "some words", "word " * 60, "x" * 300, "中文" * 100):
        assert_printable(rendered(reply(kind, text), width=200))
    for line in rendered(reply(kind, "some words " * 20), width=40).splitlines():
        assert cell_len(line) <= 40, "lines fit a narrow terminal"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in WORDLESS])
def test_square_brackets_are_printed_verbatim(kind: str) -> None:
    assert "[b]x[/b]" in rendered(reply(kind, "[b]x[/b]"))


def test_short_and_whole_entries_show_their_parts_in_order() -> None:
    first = rendered(reply("entry", "Token"))
    parts = [
        "Token · also: Token, Token · from Token",
        "Example",
        "Related terms",
        "- Token: Token",
    ]
    parts += ["Whole entry: /define Token whole=yes"]
    positions = [first.index(part) for part in parts]
    assert positions == sorted(positions)
    assert not any(part in first for part in ("Questions", "References", "Nearest", "updated"))
    text = rendered(replace(entry_reply("Token"), whole=True))
    parts = ["No entry is spelt like that", "also: Token, Token", "updated 24 November 2026"]
    parts += ["from Token", "Example", "Related terms", "- Token: Token", "Questions", "References"]
    parts += ["Nearest", "Token 0.71", "Token · Token"]
    positions = [text.index(part) for part in parts]
    assert positions == sorted(positions)


def test_an_entry_without_details_has_no_empty_headings() -> None:
    entry = Entry("x", "X", "A letter.")
    bare = replace(entry_reply("x"), match="exact", entry=entry, neighbours=(), also_in=())
    lines = ["X", "", "", "A letter.", "", "Whole entry: /define X whole=yes"]
    assert rendered(bare).splitlines() == lines
