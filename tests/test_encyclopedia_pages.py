"""The encyclopedia is shown as pages of the documentation."""

import re
from pathlib import Path

from index.sources.source import bundled
from tools.encyclopedia_pages import PAGES, documents, read_pages

DOCUMENTS = documents(read_pages())


def test_each_entry_is_a_page_and_listed_in_the_index() -> None:
    assert bundled() == PAGES
    names = {path.name for path in bundled().glob("*.md")}
    assert DOCUMENTS.keys() == {*names, "index.md"}
    assert set(re.findall(r"\]\(([^:)]+)\)", DOCUMENTS["index.md"])) == names


def test_all_related_terms_are_links_with_their_reason() -> None:
    for name, text in DOCUMENTS.items():
        related = text.partition("## Related terms\n")[2].partition("\n## ")[0]
        for line in filter(None, related.splitlines()):
            link = re.fullmatch(r"- \[[^\]]+\]\(([^)]+)\): .+", line)
            assert link, (name, line)
            assert link[1] in DOCUMENTS


def test_a_page_has_its_term_aliases_and_licence(tmp_path: Path) -> None:
    (tmp_path / "top-p.md").write_text(
        "---\nterm: Top-p\naliases: [nucleus]\ncategory: A\n---\nA cut.\n\n## What it is\nText.\n\n"
        "## Related terms\n- top p: itself.\n- Unknown: elsewhere.\n\n## References\n- A book\n"
    )
    page = documents(read_pages(tmp_path))["top-p.md"]
    assert page.startswith("# Top-p\n\nA cut.\n\n*Also: nucleus*\n\n## What it is\n")
    assert "\n- [top p](top-p.md): itself.\n- Unknown: elsewhere.\n" in page
    assert "`index/encyclopedia/top-p.md`" in page
    assert "CC BY 4.0" in page
