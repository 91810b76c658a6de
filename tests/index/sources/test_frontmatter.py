from __future__ import annotations

import re
from pathlib import Path

import pytest

from index.errors import SourceError
from index.sources.frontmatter import (
    LONGEST_FRONT_MATTER,
    loose_front_matter,
    split_front_matter,
)

FILE = Path("glossary/page.md")
# Nine levels of nine references each: four hundred million leaves when written out.
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def refused(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        split_front_matter(text, FILE)
    assert caught.value.path == FILE
    return caught.value


def test_front_matter_and_body_are_taken_apart() -> None:
    front, body, line = split_front_matter("---\nterm: RAG\nn: 3\n---\nText.\n\nMore.\n", FILE)
    assert front == {"term": "RAG", "n": "3"}
    assert body == "Text.\n\nMore."
    assert line == 5


def test_the_body_line_is_the_line_of_the_file_it_begins_on() -> None:
    text = "---\nterm: RAG\n# a comment\n\n---\nText.\n"
    _, body, line = split_front_matter(text, FILE)
    assert text.splitlines()[line - 1] == body == "Text."


def test_a_second_rule_belongs_to_the_body() -> None:
    assert split_front_matter("---\na: b\n---\nx\n---\ny", FILE)[1] == "x\n---\ny"


@pytest.mark.parametrize("newline", ["\r\n", "\r"], ids=["Windows", "old Mac"])
def test_any_line_end_will_do(newline: str) -> None:
    text = "---\nterm: RAG\n---\nText.".replace("\n", newline)
    assert split_front_matter(text, FILE) == ({"term": "RAG"}, "Text.", 4)


def test_a_page_may_end_with_its_front_matter() -> None:
    assert split_front_matter("---\nterm: RAG\n---", FILE) == ({"term": "RAG"}, "", 4)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param("", 1, "no front matter", id="empty file"),
        pytest.param("Just text.\n", 1, "no front matter", id="no front matter"),
        pytest.param("\n---\nterm: a\n---\n", 1, "no front matter", id="not on the first line"),
        pytest.param("---\nterm: a\n\nText.\n", 1, "no closing ---", id="unclosed"),
        pytest.param("---\nterm: a\n ---\nText.\n", 1, "no closing ---", id="closing indented"),
        pytest.param("---\n---\nText.", 1, "key: value", id="nothing between"),
        pytest.param("---\n- a\n- b\n---\n", 1, "key: value", id="a list"),
        pytest.param("---\njust words\n---\n", 1, "key: value", id="a sentence"),
        pytest.param("---\nok: 1\nterm: a: b\n---\n", 3, "no YAML", id="a colon too many"),
        pytest.param("---\nterm: [a\n---\n", None, "no YAML", id="unclosed list"),
        pytest.param("---\nterm: *nowhere\n---\n", 2, "anchor or alias", id="undefined reference"),
        pytest.param("---\nok: 1\nterm: !made-up x\n---\n", 3, "YAML tag", id="unknown tag"),
        pytest.param("---\na: 1\n? [b]\n: c\n---\n", None, "no text", id="list as key"),
        pytest.param("---\na: 1\na: 2\n---\n", 1, '"a" twice', id="a key twice"),
    ],
)
def test_front_matter_that_cannot_be_used_is_refused_with_its_line(
    text: str, line: int | None, reason: str
) -> None:
    error = refused(text)
    assert reason in error.reason
    if line is not None:
        assert error.line == line
        assert str(error).startswith(f"{FILE}:{line}: ")


def test_front_matter_past_its_limit_is_refused() -> None:
    assert "characters" in refused(f"---\nterm: {'a' * LONGEST_FRONT_MATTER}\n---\n").reason


@pytest.mark.parametrize(
    "value",
    ["!!python/object/apply:pathlib.Path.touch [{path}]", "!!python/name:os.system ''"],
    ids=["call", "name"],
)
def test_a_python_tag_is_refused_and_not_run(value: str, tmp_path: Path) -> None:
    made = tmp_path / "made"
    error = refused(f"---\nok: 1\nterm: {value.format(path=made)}\n---\n")
    assert error.line == 3
    assert "python" in error.reason
    assert not made.exists()


@pytest.mark.parametrize("opening", ["[", "{a: "], ids=["lists", "mappings"])
def test_deep_nesting_is_refused(opening: str) -> None:
    closing = {"[": "]", "{a: ": "}"}[opening]
    text = f"---\nterm: {opening * 3_000}{closing * 3_000}\n---\n"
    assert re.search("nested deeper|nesting depth", refused(text).reason)


def test_an_alias_bomb_is_not_written_out() -> None:
    assert "anchor or alias" in refused(f"---\n{BOMB}\n---\n").reason


@pytest.mark.parametrize(
    "value",
    ['!!int ""', '!!float ""', "!!bool maybe", "!!timestamp soon", "!!binary aGk="],
    ids=["no integer", "no float", "no truth", "no time", "bytes"],
)
def test_a_tag_is_refused(value: str) -> None:
    assert "YAML tag" in refused(f"---\nterm: {value}\n---\n").reason


@pytest.mark.parametrize("value", ["2026-13-45", "9" * 5_000, "No", "1.10", "12:30:00"])
def test_a_plain_value_stays_what_was_written(value: str) -> None:
    front, _, _ = split_front_matter(f"---\nterm: {value}\n---\n", FILE)
    assert front == {"term": value}


def test_loose_front_matter_may_be_missing_or_toml() -> None:
    assert loose_front_matter("# A\ntext", FILE) == ({}, "# A\ntext", 1)
    assert loose_front_matter("---\nA rule\n---\ntext", FILE)[0] == {}
    assert loose_front_matter("\n---\na: b\n---\ntext", FILE) == ({"a": "b"}, "text", 5)
    assert loose_front_matter("+++\na = ['b']\n+++\ntext", FILE) == ({"a": ["b"]}, "text", 4)


@pytest.mark.parametrize("text", ["---\na: !!int 1\n---\n", "---\na: &x b\n---\n", "+++\na\n+++\n"])
def test_loose_front_matter_is_as_safe(text: str) -> None:
    with pytest.raises(SourceError):
        loose_front_matter(text, FILE)


def test_deep_front_matter_is_refused() -> None:
    assert "nesting depth" in refused("---\na: " + "[" * 30_000 + "\n---\n").reason
