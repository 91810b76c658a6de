from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.text import clean, hosts_in, one_line, shorten, visible

JOINERS = "\u200c\u200d"
ANY_TEXT = st.one_of(st.text(), st.text(alphabet="a \t\n\r\x00\x1b\x85\u200d\u200c\u202e\u2028"))


def unseen(text: str) -> list[str]:
    """The characters of `text` that hide, reorder or command."""
    return [
        character
        for character in text
        if character not in "\n" + JOINERS
        and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn")
    ]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("plain", "plain", id="plain text stays"),
        pytest.param("a\x00b", "ab", id="NUL goes"),
        pytest.param("\x1b[31mred", "[31mred", id="escape goes"),
        pytest.param("a\x9b31mb", "a31mb", id="C1 control goes"),
        pytest.param("a\ud800b", "ab", id="lone surrogate goes"),
        pytest.param("a\u202eb\u200bc", "abc", id="bidirectional and zero-width go"),
        pytest.param("a\U000e0041b", "ab", id="tag character goes"),
        pytest.param("\ufeffa", "a", id="byte order mark goes"),
        pytest.param("a\r\nb\rc\u2028d\x0ce\x85f", "a\nb\nc\nd\ne\nf", id="line breaks become \\n"),
        pytest.param("a\tb", "a b", id="tab becomes a space"),
        pytest.param("  a \n", "a", id="ends are stripped"),
        pytest.param("👩\u200d💻 ❤\ufe0f", "👩\u200d💻 ❤\ufe0f", id="emoji stay whole"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="Persian non-joiner stays"),
        pytest.param("\u200da\u200d", "a", id="joiners at the ends go"),
        pytest.param("naïve 中文", "naïve 中文", id="other scripts stay"),
        pytest.param("", "", id="nothing stays nothing"),
    ],
)
def test_clean_takes_away_what_nobody_can_see(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_whatever_is_white_space_is_stripped_from_the_ends() -> None:
    for character in filter(str.isspace, map(chr, range(0x110000))):
        assert clean(f"{character}\u200da b\u200c{character}") == "a b", hex(ord(character))


@given(ANY_TEXT)
@example("\u200d \u200d x")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY_TEXT)
def test_clean_text_has_no_unseen_characters_and_no_space_at_its_ends(text: str) -> None:
    cleaned = clean(text)
    assert unseen(cleaned) == []
    assert cleaned == cleaned.strip()


@given(ANY_TEXT)
def test_one_line_is_one_line_with_single_spaces(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == " ".join(line.split())
    assert one_line(line) == line


def test_one_line_joins_lines_and_runs_of_space() -> None:
    assert one_line(" a\n\n b\t \u00a0c ") == "a b c"


@given(ANY_TEXT, st.integers(min_value=1, max_value=200))
def test_shorten_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


@given(st.text(), st.integers(min_value=1, max_value=200))
def test_shorten_keeps_what_fits_and_marks_what_does_not(text: str, limit: int) -> None:
    short = shorten(text, limit)
    if len(text) <= limit:
        assert short == text
    else:
        assert short.endswith("…")
        assert text.startswith(short[:-1])


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        pytest.param("one two three", 13, "one two three", id="fits exactly"),
        pytest.param("one two three", 12, "one two…", id="cut after a word"),
        pytest.param("one, two three", 11, "one, two…", id="no comma before the ellipsis"),
        pytest.param("abcdefghij", 5, "abcd…", id="a long word is cut inside"),
        pytest.param("a bcdefghijk", 8, "a bcdef…", id="a far space does not cost half the text"),
    ],
)
def test_shorten_cuts_after_a_whole_word(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


def test_long_runs_of_spaces_within_a_text_take_no_time() -> None:
    started = time.perf_counter()
    assert clean("a" + " " * 200_000 + "b").endswith("b")
    assert one_line("a" + " " * 200_000 + "b") == "a b"
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("plain", "plain", id="plain text stays"),
        pytest.param("a\u3164b\u2800c\u115f", "abc", id="letters without a shape go"),
        pytest.param("a\U000e0101\U000e0102b", "ab", id="variation selectors go"),
        pytest.param("a\u200db", "ab", id="a joiner between Latin letters goes"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="one that a script needs stays"),
        pytest.param("é\u200d\u200c\u200db", "é\u200db", id="one of several stays"),
        pytest.param("👩‍👩‍👧 ❤️‍🔥 1️⃣", "👩‍👩‍👧 ❤️‍🔥 1️⃣", id="emoji stay whole"),
        pytest.param("a\n \n\n\nb", "a\n\nb", id="empty lines become one"),
        pytest.param(f"a{' ' * 500}b", "a b", id="a long gap closes"),
        pytest.param("if x:\n    y", "if x:\n    y", id="indented lines stay"),
    ],
)
def test_what_has_no_shape_goes(text: str, seen: str) -> None:
    assert visible(text) == seen


@given(ANY_TEXT)
def test_visible_twice_is_visible_once(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("no link: e.g. Node.js, a//b", []),
        ("see https://Example.COM:8080/a?b#c.", ["example.com"]),
        ("[here](https://example.com), and (http://other.test).", ["example.com", "other.test"]),
        ("<https://evil.test|good.test>", ["evil.test"]),
        ("[a](https://a.test),[b](https://b.test)", ["a.test", "b.test"]),
        ("https://a.test,https://b.test", ["a.test", "b.test"]),
        ("https://good.test@evil.test/", ["evil.test"]),
        ("https://good.test,x@evil.test/", ["good.test", "evil.test"]),
        ("https://evil.test\\@good.test/", ["evil.test"]),
        ("https:evil.test and http:///evil.test", ["evil.test"]),
        (
            "//evil.test/x www.other.test ftp://third.test",
            ["evil.test", "www.other.test", "third.test"],
        ),
        ("mailto:someone@mail.test", ["mail.test"]),
        ("https://аррӏе.test/", ["xn--80ak6aa92e.test"]),
        ("https://xn--80ak6aa92e.test/", ["xn--80ak6aa92e.test"]),
        ("https://ｅｖｉｌ。test/", ["evil.test"]),
        ("https://%65vil.test/", ["evil.test"]),
        ("https://one.test https://one.test/again", ["one.test"]),
        ("“https://quoted.test”", ["quoted.test"]),
    ],
)
def test_the_hosts_of_links_are_found(text: str, hosts: list[str]) -> None:
    assert hosts_in(text) == hosts


@given(ANY_TEXT)
@example("0¯´0")
def test_any_text_has_hosts_that_can_be_shown(text: str) -> None:
    for host in hosts_in(f"https://{text} {text}"):
        assert host.isascii()
        assert host == one_line(host)


def test_hosts_are_found_quickly() -> None:
    started = time.process_time()
    for text in ("a", "//", "a:", "http:", "www."):
        hosts_in(text * (10_000 // len(text)))
    assert time.process_time() - started < 3
