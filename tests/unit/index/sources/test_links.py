"""Links between entries become related terms."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from index.entry import Entry, Related
from index.sources.linked_terms import LINKED, MOST_LINKED
from index.sources.loader import read_sources
from index.sources.source import Source


def entry(folder: Path, files: Mapping[str, str]) -> Entry:
    """Return the entry "Berth" of a source with these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    report = read_sources([Source("terms", str(folder))], encyclopedia=False)
    return next(found for found in report.entries if found.term == "Berth")


def related(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Return the related terms of the entry "Berth", which all come from links."""
    found = entry(folder, files).related
    assert all(item.why == LINKED for item in found)
    return [item.term for item in found]


OTHER = {
    "mooring-line.md": "# Mooring line\n\nA rope to the quay.\n",
    "keel/index.md": "---\ntitle: Keel (of a ship)\n---\n\nThe spine of a ship.\n",
}


@pytest.mark.parametrize(
    "link",
    [
        "[lines](/mooring-line/)",
        "[lines](../mooring-line.md)",
        "[lines](./mooring-line.mdx#use 'A title')",
        "[mooring line](<other place.md>)",
        '[Mooring line]({{< ref "mooring-line.md" >}})',
        "[[Mooring line]]",
        "[[mooring-line|lines]]",
        "[Mooring line]",
        "[lines][1]",
        "<a href='/glossary#mooring-line'>lines</a>",
        "[lines](Mooring%20line%201f2e3d4c5b6a79880123456789abcdef.md)",
        '{{< glossary_tooltip text="lines" term_id="mooring-line" >}}',
        "**[lines](/mooring-line/)**",
    ],
)
def test_a_link_to_another_page_is_a_related_term(tmp_path: Path, link: str) -> None:
    page = f"# Berth\n\nA place to hold a ship with {link} for a while.\n\n[1]: /mooring-line/\n"
    assert related(tmp_path, {**OTHER, "berth.md": page}) == ["Mooring line"]


def test_a_link_to_a_page_is_resolved_by_the_name_of_its_folder(tmp_path: Path) -> None:
    page = "# Berth\n\nA place for a [ship](/keel/).\n"
    assert related(tmp_path, {**OTHER, "berth.md": page}) == ["Keel (of a ship)"]


def test_a_link_to_the_web_a_part_of_the_page_or_the_entry_itself_is_none(tmp_path: Path) -> None:
    page = (
        "# Berth\n\nA place, see [mooring line](https://example.org/mooring-line), [use](#use), "
        "[sic], [mail](mailto:a@example.org), [berth](/berth/) and `[[Mooring line]]`.\n"
    )
    assert related(tmp_path, {**OTHER, "berth.md": page}) == []


def test_a_term_that_is_listed_as_related_is_not_repeated(tmp_path: Path) -> None:
    page = "# Berth\n\nA [place](/mooring-line/).\n\n## See also\n\n- Mooring line: it holds\n"
    berth = entry(tmp_path, {**OTHER, "berth.md": page})
    assert berth.related == (Related("Mooring line", "it holds"),)


FORMATS = {
    "words.csv": "term,definition\nBerth,A place with [lines](#mooring-line).\n"
    "Mooring line,A rope.\n",
    "words.json": '[{"term": "Berth", "definition": "A place with [[Mooring line]]s."},'
    '{"term": "Mooring line", "definition": "A rope."}]',
    "words.txt": "Harbour terms\n\nBerth - A place with [[Mooring line]]s.\n"
    "Mooring line - A rope.\n",
    "words.md": "# Terms\n\n## Berth\n\nA place with [lines](#mooring-line).\n\n"
    "## Mooring line\n\nA rope.\n",
    "table.md": "# Terms\n\n| Term | Definition |\n|-|-|\n"
    "| Berth | A place with [lines](#mooring-line). |\n| Mooring line | A rope. |\n",
    "words.html": "<table><tr><th>Term<th>Definition</tr><tr><td>Berth<td>A place with "
    '<a href="#mooring-line">lines</a>.</tr><tr><td>Mooring line<td>A rope.</tr></table>',
    "list.html": "<dl><dt id='term-berth'>Berth<dd>A place in a harbour with <a href='#term-mooring"
    "-line'><span>lines</span></a>.<dt>Mooring line<dd>A rope of a ship to the quay.</dl>",
}


@pytest.mark.parametrize("name", FORMATS)
def test_links_are_found_in_every_format(tmp_path: Path, name: str) -> None:
    assert related(tmp_path, {name: FORMATS[name]}) == ["Mooring line"]


def test_an_entry_gets_at_most_20_related_terms_from_its_links(tmp_path: Path) -> None:
    links = " ".join(f"[{n}](#word-{n})" for n in range(50))
    words = "".join(f"## Word {n}\n\nA thing.\n\n" for n in range(50))
    page = f"# Terms\n\n## Berth\n\nA place of {links}.\n\n{words}"
    assert len(related(tmp_path, {"words.md": page})) == MOST_LINKED
