import pytest

from index.export.filenames import is_safe, safe_name


@pytest.mark.parametrize("name", ["c++", "c#", "top-p", "rag_2", "🦭", "café", "a.b", "console"])
def test_a_valid_file_name_is_kept(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "...", "../x", "..\\x", "/etc/passwd", "a/b", "a:b", "a?", "a*", "a|b"),
        *('a"b', "<a>", ".hidden", "end.", "end ", " start", "CON", "con", "nul.x", "com1", "lpt¹"),
        *("a\nb", "a\0b", "a\u202eb", "x" * 121, "é" * 61, "🦭" * 31),
    ],
)
def test_an_invalid_file_name_is_replaced_by_a_valid_and_unique_name(name: str) -> None:
    assert not is_safe(name)
    assert is_safe(safe_name(name))
    assert safe_name(name) == safe_name(name) != safe_name(name + "x")
    assert "/" not in safe_name(name)
    assert "\\" not in safe_name(name)
