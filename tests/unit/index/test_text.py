import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.text import (
    alternatives,
    clean,
    hosts_in,
    one_line,
    paragraphs,
    shorten,
    split_sentences,
    visible,
)
from tests.unit.index.tables import rows

ANY_TEXT = st.one_of(st.text(), st.text(alphabet="a \t\n\r\x00\x1b\x85\u200d\u200c\u202e\u2028"))


@pytest.mark.parametrize(("text", "cleaned"), [*rows(__file__, "clean"), ("a\ud800b", "ab")])
def test_clean_removes_invisible_characters(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_all_whitespace_characters_are_stripped_from_both_ends() -> None:
    for character in filter(str.isspace, map(chr, range(0x110000))):
        assert clean(f"{character}\u200da b\u200c{character}") == "a b", hex(ord(character))


@given(ANY_TEXT)
@example("\u200d \u200d x")
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY_TEXT)
def test_one_line_removes_line_breaks_and_repeated_spaces(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == " ".join(line.split())
    assert one_line(line) == line


def test_alternatives_are_a_list_with_or() -> None:
    assert alternatives(["A", "B", "C"]) == "A, B or C"
    assert [alternatives("AB"), alternatives("A"), alternatives("")] == ["A or B", "A", ""]


@given(ANY_TEXT, st.integers(min_value=1, max_value=200))
def test_shorten_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


@given(st.text(), st.integers(min_value=1, max_value=200))
def test_shorten_adds_an_ellipsis_only_to_shortened_texts(text: str, limit: int) -> None:
    short = shorten(text, limit)
    if len(text) <= limit:
        assert short == text
    else:
        assert short.endswith("…")
        assert text.startswith(short[:-1])


@pytest.mark.parametrize(("text", "limit", "short"), rows(__file__, "shorten"))
def test_shorten_cuts_at_a_word_boundary(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@pytest.mark.parametrize(("text", "seen"), [*rows(__file__, "visible"), (f"a{' ' * 500}b", "a b")])
def test_visible_removes_invisible_characters(text: str, seen: str) -> None:
    assert visible(text) == seen


@given(ANY_TEXT)
def test_visible_is_idempotent(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(("text", "hosts"), rows(__file__, "hosts"))
def test_hosts_of_links_in_a_text_are_found(text: str, hosts: list[str]) -> None:
    assert hosts_in(text) == list(hosts)


@given(ANY_TEXT)
@example("0¯´0")
def test_hosts_found_in_any_text_are_printable_ascii(text: str) -> None:
    for host in hosts_in(f"https://{text} {text}"):
        assert host.isascii()
        assert host == one_line(host)


def test_hosts_are_found_within_the_time_limit() -> None:
    started = time.thread_time()
    for text in ("a", "//", "a:", "http:", "www."):
        hosts_in(text * (10_000 // len(text)))
    assert time.thread_time() - started < 3


def test_paragraphs_end_at_empty_lines_but_not_after_a_colon() -> None:
    assert paragraphs("It has two parts:\n\nleft, right.\n \nMore.") == [
        "It has two parts:\n\nleft, right.",
        "More.",
    ]
    assert paragraphs("It has two parts: \n\n\nleft, right.") == [
        "It has two parts: \n\n\nleft, right."
    ]
    assert paragraphs("") == [""]


@pytest.mark.parametrize(("text", "sentences"), rows(__file__, "sentences"))
def test_a_text_is_split_into_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == list(sentences)
