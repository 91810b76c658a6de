"""Markdown, HTML and template macros as plain text, and splitting long texts."""

import contextlib
import time
from collections.abc import Callable

import pytest

from index.sources.cells import plain
from index.sources.files import RefusedError
from index.sources.markdown.blocks import blocks_of, plain_markdown
from index.sources.markdown.shortcodes import expand
from index.sources.prose import LONGEST_SECTION, sections, split_definition
from tests.unit.index.tables import rows


@pytest.mark.parametrize(
    ("text", "expected"), [*rows(__file__, "cells"), ("[a](b) " * 200, " ".join(["a"] * 200))]
)
def test_plain_keeps_line_breaks_and_removes_markup(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(("markdown", "expected"), rows(__file__, "markdown"))
def test_markdown_is_converted_to_plain_text(markdown: str, expected: str) -> None:
    assert plain_markdown(markdown) == expected


def test_bold_lines_of_one_paragraph_are_separate_blocks() -> None:
    blocks = blocks_of("**A**: x\n**B**: y *z*")
    assert [(block.lead, block.rest, block.line) for block in blocks] == [
        ("A", ": x", 1),
        ("B", ": y z", 2),
    ]


def test_line_numbers_of_blocks_match_the_file() -> None:
    text = "one\n{{< x\n text='two'\n >}} more\n<!--\n\n-->\n\nlast"
    assert [(block.text, block.line) for block in blocks_of(text)] == [
        ("one two more", 1),
        ("last", 9),
    ]


def test_a_long_text_is_split_after_a_sentence_without_loss() -> None:
    text = "It is used, e.g. here, by Dr. Who. " + "It goes on and on, like so. " * 30
    head, rest = split_definition(text.strip())
    assert 200 < len(head) <= 300
    assert head.endswith("like so.")
    assert f"{head} {rest}" == text.strip()


def test_a_text_without_sentences_gives_a_shortened_definition_and_the_full_text() -> None:
    text = "word " * 400
    head, rest = split_definition(text.strip())
    assert len(head) <= 300
    assert head.endswith("…")
    assert rest == text.strip()


def test_sections_are_short_and_contain_the_whole_text() -> None:
    paragraphs = [f"Paragraph {n}. " + "Words and words. " * 40 for n in range(6)]
    text = "\n\n".join([*paragraphs, "x" * 4_000, "\n".join(f"- item {n}" for n in range(400))])
    parts = list(sections("What it is", text))
    assert all(part.heading == "What it is" for part in parts)
    assert all(len(part.text) <= LONGEST_SECTION for part in parts)
    assert "".join("".join(part.text.split()) for part in parts) == "".join(text.split())


MARKS = (
    *("[", "*", "`", "<", "_a", "&amp;", "![", "[^", "[[", "<a ", "> ", "[x](", "[a](<", "[a]["),
    *("[a](b", "{{", '{{"a ', "{% comment %}", "{#a ", "<!-- ", "<script>", "{{a}}", "{{\n"),
)


@pytest.mark.parametrize("read", [plain, lambda text: expand(10 * text)], ids=["plain", "expand"])
@pytest.mark.parametrize("mark", MARKS)
def test_hostile_markup_is_parsed_within_two_seconds(mark: str, read: Callable[[str], str]) -> None:
    start = time.thread_time()
    for end in ("", "}}%}#}-->"):
        with contextlib.suppress(RefusedError):
            read(mark * (20_000 // len(mark)) + end)
    assert time.thread_time() - start < 2
