"""Loading sources: names, ids, entries, refusals and reports."""

import json
import shutil
from pathlib import Path

import pytest

from index.errors import SourceError
from index.sources import loader, source
from index.sources.loader import read_sources
from index.sources.source import Report, Source, bundled, bundled_digest


def write(file: Path, term: str = "Page", body: str = "A definition.") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\nterm: {term}\n---\n{body}\n", encoding="utf-8")
    return file


def read(*paths: Path | str) -> Report:
    return read_sources([Source.parse(str(path)) for path in paths])


def ids(report: Report) -> list[str]:
    return [entry.id for entry in report.entries]


@pytest.fixture
def encyclopedia(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that replaces the bundled encyclopedia."""
    folder = tmp_path / "bundled"
    folder.mkdir()
    monkeypatch.setattr(loader, "bundled", lambda: folder)
    return folder


@pytest.fixture
def bank(encyclopedia: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "bank"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("terms/", "terms", "terms/"),
        ("our=docs/terms.csv", "our", "docs/terms.csv"),
        ("docs/a=b.csv", "a=b", "docs/a=b.csv"),
        ("docs/*.csv", "docs", "docs/*.csv"),
        ("My Terms.xlsx", "my-terms", "My Terms.xlsx"),
    ],
)
def test_the_name_of_a_source_is_optional(text: str, name: str, path: str) -> None:
    source = Source.parse(text)
    assert (source.name, source.path) == (name, path)


def test_bundled_pages_come_first_and_have_ids_without_a_prefix(
    encyclopedia: Path, bank: Path
) -> None:
    write(encyclopedia / "zebra.md")
    write(bank / "card.md")
    report = read(bank)
    assert [(entry.id, entry.source) for entry in report.entries] == [
        ("zebra", "encyclopedia"),
        ("bank/card", "bank"),
    ]
    assert [(source.name, source.files) for source in report.sources] == [
        ("encyclopedia", 1),
        ("bank", 1),
    ]


def test_a_folder_is_read_recursively_in_order(bank: Path) -> None:
    for name in ("b.md", "a.md", "deep/er/c.md"):
        write(bank / name)
    write(bank / ".hidden" / "d.md")
    assert ids(read(bank)) == ["bank/a", "bank/b", "bank/c"]


def test_documents_that_are_not_read_are_listed(bank: Path) -> None:
    (bank / "handbook.DOCX").write_bytes(b"PK")
    (bank / "logo.png").write_bytes(b"PNG")
    report = read_sources([Source("bank", str(bank))])
    assert [Path(item.path).name for item in report.refused] == ["handbook.DOCX"]


def test_a_pattern_selects_files(bank: Path) -> None:
    write(bank / "a.md", "First")
    write(bank / "b.md", "Second")
    (bank / "c.csv").write_text("term,definition\nThird,A row.\n")
    report = read(f"{bank}/*.md")
    assert [entry.term for entry in report.entries] == ["First", "Second"]


def test_a_repeated_entry_is_merged_and_counted(bank: Path) -> None:
    write(bank / "card.md")
    write(bank / "sub" / "Card.md")
    report = read(bank)
    assert ids(report) == ["bank/card"]
    assert report.sources[1].merged == 1


def test_two_entries_with_the_same_name_are_kept_and_counted(bank: Path) -> None:
    write(bank / "card.md", "Card", "A piece of plastic.")
    write(bank / "sub" / "Card.md", "Card", "A piece of paper.")
    report = read(bank)
    assert ids(report) == ["bank/card", "bank/card-2"]
    assert report.sources[1].kept == 1


def test_a_page_with_a_term_twice_keeps_both_meanings_and_merges_repetitions(bank: Path) -> None:
    terms = ("Warp\n\nLengthwise.", "Weft\n\nAcross.", "Warp\n\nA bend.", "Weft\n\nAcross.")
    (bank / "glossary.md").write_text("".join(f"## {term}\n\n" for term in terms))
    report = read(bank)
    assert ids(report) == ["bank/warp", "bank/weft", "bank/warp-2"]
    assert (report.sources[1].kept, report.sources[1].merged) == (1, 1)


def test_a_long_page_is_split_into_sections(bank: Path) -> None:
    text = f"{'More of it. ' * 50}\n\n" * 60
    (bank / "essay.md").write_text(f"# Essay\n\nA long text.\n\n{text}")
    (entry,) = read(bank).entries
    assert entry.definition == "A long text."
    assert sum(section.text.count("More of it.") for section in entry.sections) == 3_000


def test_two_sources_with_the_same_name_are_rejected(bank: Path) -> None:
    write(bank / "card.md")
    with pytest.raises(SourceError, match='already a source "bank"') as caught:
        read(bank, bank)
    assert "--name" in caught.value.hint


def test_a_source_path_that_does_not_exist_is_reported(bank: Path) -> None:
    with pytest.raises(SourceError, match="the file or folder does not exist") as caught:
        read(bank / "nowhere")
    assert caught.value.hint.startswith("Correct the path. To remove an indexed source: ")
    assert "--remove nowhere" in caught.value.hint


def test_the_bundled_digest_covers_pages_names_and_search_phrases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest(parent: str) -> str:
        folder = tmp_path / parent / "encyclopedia"
        monkeypatch.setattr(source, "bundled", lambda: folder)
        return bundled_digest()

    for name in ("a.md", "b.md"):
        write(tmp_path / "one" / "encyclopedia" / name)
    (tmp_path / "one" / "search_phrases.json").write_text('{"a": ["a phrase"]}')
    first = digest("one")
    for parent in ("same", "page", "name", "phrases"):
        shutil.copytree(tmp_path / "one", tmp_path / parent)
    write(tmp_path / "page" / "encyclopedia" / "b.md", "Other")
    (tmp_path / "name" / "encyclopedia" / "b.md").rename(tmp_path / "name/encyclopedia/c.md")
    (tmp_path / "phrases" / "search_phrases.json").write_text('{"a": ["another"]}')
    assert digest("same") == first
    assert len({first, digest("page"), digest("name"), digest("phrases")}) == 4


def test_every_search_phrase_belongs_to_a_bundled_entry() -> None:
    phrases = json.loads(source.bundled_phrases().read_bytes())
    assert phrases.keys() <= {path.stem for path in bundled().glob("*.md")}
    for several in phrases.values():
        assert several
        assert all(isinstance(phrase, str) and phrase.strip() == phrase for phrase in several)
        assert len(set(several)) == len(several) <= 5
