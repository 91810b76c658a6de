from __future__ import annotations

import contextlib
import time

import pytest

from index.sources.cells import plain
from index.sources.files import RefusedError
from index.sources.prose import sections, split_definition


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain  text", "plain text"),
        ("a **bold** [link](https://x.org) word", "a bold link word"),
        ("![logo](x.png) and <b>this</b>", "logo and this"),
        ("one<br>two", "one\n\ntwo"),
        ("<p>One</p><ul><li>a</li><li>b</li></ul>", "One\n\n- a\n\n- b"),
        ("x <script>alert(1)</script>y", "x y"),
        ("x <!-- hidden -->y", "x y"),
        ("AT&amp;T &lt; B", "AT&T < B"),
        ("&lt;p&gt;Text&lt;/p&gt;", "Text"),
        ("use `<div>` here", "use <div> here"),
        ('a {{< tooltip text="Pod" id="p" >}} runs', "a Pod runs"),
        ("{% if x %}yes{% endif %} {{ y }}", "yes"),
        ("see [[Token|tokens]] and [this][1][^2]", "see tokens and this"),
        ("# Head\n* one\n* two", "Head\n- one\n- two"),
        ("snake_case and 5 * 3 * 2 < 31", "snake_case and 5 * 3 * 2 < 31"),
        ("safe\u202egnp.exe\x1b[2J", "safegnp.exe[2J"),
    ],
)
def test_no_syntax_is_left(text: str, expected: str) -> None:
    assert plain(text).replace("\n\n- ", "\n- ") == expected.replace("\n\n- ", "\n- ")


def test_many_links_are_links() -> None:
    assert plain("[a](b) " * 200) == " ".join(["a"] * 200)


def test_a_long_text_is_cut_after_a_sentence_and_loses_nothing() -> None:
    text = "It is used, e.g. here, by Dr. Who. " + "It goes on and on, like so. " * 30
    head, rest = split_definition(text.strip())
    assert 200 < len(head) <= 300
    assert head.endswith("like so.")
    assert f"{head} {rest}" == text.strip()


def test_a_text_without_sentences_is_shortened_and_kept_whole_beside() -> None:
    text = "word " * 400
    head, rest = split_definition(text.strip())
    assert len(head) <= 300
    assert head.endswith("…")
    assert rest == text.strip()


def test_sections_are_short_and_lose_nothing() -> None:
    text = "\n\n".join(
        [f"Paragraph {n}. " + "Words and words. " * 40 for n in range(6)] + ["x" * 4000]
    )
    parts = list(sections("What it is", text))
    assert all(part.heading == "What it is" and len(part.text) <= 1_600 for part in parts)
    assert "".join("".join(part.text.split()) for part in parts) == "".join(text.split())


@pytest.mark.parametrize(
    "mark",
    [
        "[",
        "*",
        "`",
        "<",
        "_a",
        "&amp;",
        "{{",
        "![",
        "[^",
        "[[",
        "<a ",
        "> ",
        "[x](",
        "[a](<",
        "[a][",
        "[a](b",
    ],
)
def test_hostile_markup_takes_no_time(mark: str) -> None:
    start = time.process_time()
    with contextlib.suppress(RefusedError):
        plain(mark * (20_000 // len(mark)))
    assert time.process_time() - start < 2
