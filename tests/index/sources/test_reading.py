from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.errors import SourceError
from index.sources import reading
from index.sources.reading import LARGEST_PAGE, bundled, digest_of, read_sources


def write(file: Path, term: str = "Page", body: str = "A definition.") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\nterm: {term}\n---\n{body}\n", encoding="utf-8")
    return file


@pytest.fixture
def encyclopedia(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of the bundled encyclopedia."""
    folder = tmp_path / "bundled"
    folder.mkdir()
    monkeypatch.setattr(reading, "bundled", lambda: folder)
    return folder


@pytest.fixture
def bank(encyclopedia: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "bank"
    folder.mkdir()
    return folder


def test_the_bundled_folder_holds_pages() -> None:
    assert list(bundled().glob("*.md"))


def test_bundled_pages_come_first_with_plain_ids(encyclopedia: Path, bank: Path) -> None:
    write(encyclopedia / "zebra.md")
    write(bank / "card.md")
    report = read_sources([bank])
    assert [(entry.id, entry.source) for entry in report.entries] == [
        ("zebra", "encyclopedia"),
        ("bank/card", "bank"),
    ]
    assert report.files == 2


def test_a_folder_is_read_with_its_subfolders_in_order(bank: Path) -> None:
    for name in ("b.md", "a.md", "deep/er/c.md"):
        write(bank / name)
    write(bank / "notes.txt")
    report = read_sources([bank])
    assert [entry.id for entry in report.entries] == ["bank/a", "bank/b", "bank/c"]


def test_a_single_file_is_a_source_of_its_own_name(bank: Path) -> None:
    entry = read_sources([write(bank / "Credit Card.md")]).entries[0]
    assert (entry.id, entry.source) == ("Credit Card/credit-card", "Credit Card")


def test_file_names_that_differ_by_a_sign_give_different_ids(bank: Path) -> None:
    for name in ("C.md", "C++.md", "C#.md"):
        write(bank / name)
    assert {e.id for e in read_sources([bank]).entries} == {"bank/c", "bank/c++", "bank/c#"}


def test_a_byte_order_mark_is_no_part_of_the_page(bank: Path) -> None:
    file = write(bank / "a.md")
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert read_sources([bank]).entries[0].term == "Page"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        pytest.param("---\nterm: Café\n---\nD.".encode("latin-1"), None, "UTF-8", id="Latin-1"),
        pytest.param(b"\xff\xfe" + "---".encode("utf-16-le"), None, "UTF-8", id="UTF-16"),
        pytest.param(b"\x00" * 100, 1, "no front matter", id="NUL bytes"),
        pytest.param(b"", 1, "no front matter", id="empty"),
        pytest.param(b"x" * (LARGEST_PAGE + 1), None, "1,048,577 bytes", id="too large"),
        pytest.param(b"---\nterm: a\n", 1, "no closing ---", id="unclosed front matter"),
        pytest.param(b"---\nterm: a\n---\n", 4, "definition is missing", id="no definition"),
        pytest.param(b"---\nok: 1\n---\nD.", None, 'unknown front matter "ok"', id="unknown key"),
        pytest.param(b"---\nterm: !!python/name:os.system\n---\nD.", 2, "YAML", id="Python tag"),
        pytest.param(b'---\nterm: !!int ""\n---\nD.', 2, "YAML", id="an integer that is none"),
        pytest.param(b"---\nterm: !!bool maybe\n---\nD.", 2, "YAML", id="a truth that is none"),
        pytest.param(
            b"---\nterm: " + b"[" * 5_000 + b"]" * 5_000 + b"\n---\nD.", 1, "nested", id="nested"
        ),
    ],
)
def test_one_bad_file_is_refused_and_the_rest_is_read(
    bank: Path, content: bytes, line: int | None, reason: str
) -> None:
    write(bank / "a.md", "First")
    bad = bank / "b.md"
    bad.write_bytes(content)
    write(bank / "c.md", "Last")
    report = read_sources([bank])
    assert [entry.term for entry in report.entries] == ["First", "Last"]
    assert report.files == 3
    (refusal,) = report.refused
    assert refusal.path == str(bad)
    assert refusal.line == line
    assert reason in refusal.reason


def test_a_second_entry_with_the_same_id_is_refused(bank: Path) -> None:
    write(bank / "card.md", "First")
    write(bank / "sub" / "Card.md", "Second")
    report = read_sources([bank])
    assert [entry.term for entry in report.entries] == ["First"]
    assert [refusal.path for refusal in report.refused] == [str(bank / "sub" / "Card.md")]
    assert 'the id "bank/card"' in report.refused[0].reason


def test_a_source_given_twice_is_read_once(bank: Path) -> None:
    write(bank / "card.md")
    report = read_sources([bank, bank])
    assert len(report.entries) == 1
    assert len(report.refused) == 1


@pytest.mark.skipif(os.name == "nt", reason="symlinks need a privilege on Windows")
def test_a_symlink_out_of_the_folder_is_not_followed(bank: Path, tmp_path: Path) -> None:
    write(bank / "inside.md")
    outside = write(tmp_path / "private" / "secret.md", "Secret")
    (bank / "link.md").symlink_to(outside)
    (bank / "dangling.md").symlink_to(tmp_path / "nowhere.md")
    (bank / "loop.md").symlink_to(bank / "loop.md")
    (bank / "folder").symlink_to(outside.parent)
    assert [entry.term for entry in read_sources([bank]).entries] == ["Page"]


@pytest.mark.skipif(os.name == "nt", reason="symlinks need a privilege on Windows")
def test_a_folder_reached_by_a_symlink_is_read(bank: Path, tmp_path: Path) -> None:
    write(bank / "card.md")
    (tmp_path / "shortcut").symlink_to(bank)
    assert [entry.id for entry in read_sources([tmp_path / "shortcut"]).entries] == ["bank/card"]


def test_a_folder_named_like_a_page_is_no_page(bank: Path) -> None:
    write(bank / "folder.md" / "card.md")
    report = read_sources([bank])
    assert [entry.id for entry in report.entries] == ["bank/card"]
    assert report.refused == ()


def test_a_path_that_does_not_exist_is_an_error(bank: Path) -> None:
    with pytest.raises(SourceError, match="there is no such file or folder") as caught:
        read_sources([bank / "nowhere"])
    assert caught.value.path == bank / "nowhere"


def test_the_digest_of_a_folder_depends_on_names_and_contents_only(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, names in ((one, ("a.md", "b.md")), (two, ("b.md", "a.md"))):
        for name in names:
            write(folder / name, name)
    before = digest_of(one)
    assert digest_of(two) == before
    (two / "a.md").rename(two / "c.md")
    assert digest_of(two) != before
    write(one / "a.md", "Other")
    assert digest_of(one) != before


def test_the_digest_tells_a_text_moved_between_pages(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, first, second in ((one, "ab", "c"), (two, "a", "bc")):
        folder.mkdir()
        (folder / "a.md").write_text(first, encoding="utf-8")
        (folder / "b.md").write_text(second, encoding="utf-8")
    assert digest_of(one) != digest_of(two)
