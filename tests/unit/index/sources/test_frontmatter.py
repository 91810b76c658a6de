from pathlib import Path

import pytest

from index.errors import SourceError
from index.sources.frontmatter import loose_front_matter, split_front_matter
from tests.unit.index.tables import rows

FILE = Path("glossary/page.md")


def refused(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        split_front_matter(text, FILE)
    assert caught.value.path == FILE
    return caught.value


@pytest.mark.parametrize(("text", "line", "reason"), rows(__file__, "refused"))
def test_invalid_front_matter_is_refused_with_its_line(
    text: str, line: int | None, reason: str
) -> None:
    error = refused(text)
    assert reason in error.reason
    if line is not None:
        assert error.line == line
        assert str(error).startswith(f"{FILE}:{line}: ")


@pytest.mark.parametrize("value", ["2026-13-45", "9" * 5_000, "No", "1.10", "12:30:00"])
def test_a_front_matter_value_is_kept_as_written(value: str) -> None:
    front, _, _ = split_front_matter(f"---\nterm: {value}\n---\n", FILE)
    assert front == {"term": value}


def test_loose_front_matter_may_be_missing_or_in_toml() -> None:
    assert loose_front_matter("# A\ntext", FILE) == ({}, "# A\ntext", 1)
    assert loose_front_matter("---\nA rule\n---\ntext", FILE)[0] == {}
    assert loose_front_matter("\n---\na: b\n---\ntext", FILE) == ({"a": "b"}, "text", 5)
    assert loose_front_matter("+++\na = ['b']\n+++\ntext", FILE) == ({"a": ["b"]}, "text", 4)


@pytest.mark.parametrize("text", ["---\na: !!int 1\n---\n", "---\na: &x b\n---\n", "+++\na\n+++\n"])
def test_invalid_loose_front_matter_is_refused(text: str) -> None:
    with pytest.raises(SourceError):
        loose_front_matter(text, FILE)
