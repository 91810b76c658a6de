"""A site shows entries of any content safely, links them, and is searched without a server."""

import json
import posixpath
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings

from index.entry import Entry, Related, Section
from index.errors import ExportError
from index.export.site.pages import site_files
from index.export.writer import export
from tests.unit.index.export.support import ENTRIES, WHOLE, plain

ANCHOR = replace(
    plain("team/anchor", "Anchor", "A hook."),
    category="Ship",
    aliases=("Ánker",),
    related=(Related("buoy", "floats above it."), Related("Secret", "is not here.")),
)
BUOY = replace(plain("team/buoy", "Buoy", "A floating mark."), category="Sea & more")
SITE = site_files([BUOY, ANCHOR])
PAGE = "entries/team/anchor.html"


def soup(text: str) -> Any:
    return BeautifulSoup(text, "html.parser")


def test_index_lists_entries_by_category() -> None:
    index = soup(SITE["index.html"])
    assert [(heading.text, heading.find_next("a").text) for heading in index.select("h2")] == [
        ("Sea & more", "Buoy"),
        ("Ship", "Anchor"),
    ]


def test_related_terms_are_links_with_their_reason_if_their_entry_has_a_page() -> None:
    page = soup(SITE[PAGE])
    heading = page.find("h2", string="Related terms")
    assert heading is not None
    linked, unknown = heading.find_next("ul").select("li")
    assert (linked.text, unknown.text) == ("buoy: floats above it.", "Secret: is not here.")
    target = posixpath.normpath(f"entries/team/{linked.find('a')['href']}")
    assert target == "entries/team/buoy.html"
    assert unknown.find("a") is None


def test_pages_describe_their_term_for_programs() -> None:
    page, index = (
        json.loads(soup(SITE[name]).select_one(LD).text) for name in (PAGE, "index.html")
    )
    assert (page["@type"], page["name"], page["description"]) == (
        "DefinedTerm",
        "Anchor",
        "A hook.",
    )
    assert index["@type"] == "DefinedTermSet"
    assert [term["name"] for term in index["hasDefinedTerm"]] == ["Anchor", "Buoy"]


LD = 'script[type="application/ld+json"]'


def test_pages_have_landmarks_a_label_and_a_strict_policy() -> None:
    for name in (PAGE, "index.html"):
        page = soup(SITE[name])
        assert page.html["lang"] == "en"
        for landmark in ("header", "main", "nav[aria-label]", "footer", "[role=search]"):
            assert len(page.select(landmark)) == 1, landmark
        assert page.select_one("label[for=query] + input#query")
        assert len(page.select("h1")) == 1
        policy = page.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy


def test_markdown_is_rendered_without_html_pictures_and_unsafe_links() -> None:
    text = (
        "# Top\n\n*so* <b>bold</b> <script>alert(1)</script>\n\n![p](https://example.org/p.png) "
        "[a](javascript:alert(1)) [b](data:text/html,x) [c](https://example.org/) "
        "[d](mailto:a@example.org) [e](/etc)\n\n| a |\n| - |\n| b |"
    )
    entry = replace(plain("team/x", "X"), sections=(Section("Part", text),))
    page = soup(site_files([entry])["entries/team/x.html"])
    part = page.select_one("article section")
    assert [heading.text for heading in part.select("h2, h3")] == ["Part", "Top"]
    assert part.em.text == "so"
    assert part.td.text == "b"
    assert not part.select("b, script, img")
    assert [link["href"] for link in part.select("a")] == [
        "https://example.org/p.png",
        "https://example.org/",
        "mailto:a@example.org",
    ]


@settings(max_examples=15)
@given(entries=ENTRIES)
def test_hostile_texts_are_shown_as_text(entries: list[Entry]) -> None:
    files = site_files(entries)
    for name, text in files.items():
        if not name.endswith(".html"):
            continue
        page = soup(text)
        scripts = [script for script in page.select("script") if script.get("src")]
        assert len(scripts) == 2
        assert len(page.select("script")) == 3
        json.loads(page.select_one(LD).text)
        assert not page.select("img, iframe, object, form, style, base")
        for tag in page.find_all():
            assert not [key for key in tag.attrs if key.startswith("on") or key == "style"]
        for link in page.select("a"):
            target = link["href"]
            if not target.startswith(("https://", "http://", "mailto:", "#")):
                path = posixpath.join(posixpath.dirname(name), unquote(target.partition("#")[0]))
                assert posixpath.normpath(path) in files
    shown = {soup(text).h1.text for name, text in files.items() if name.startswith("entries/")}
    assert {" ".join(term.split()) for term in shown} == {entry.term for entry in entries}


def test_several_meanings_facts_and_equal_names_are_shown() -> None:
    files = site_files([WHOLE, replace(plain("rag", "sea lock"), source="other")])
    page = soup(files["entries/team/sea-lock.html"])
    assert [item.text for item in page.select("ol.definition li")][1] == (
        "A door that keeps the sea out of a ship. (Ships, old)"
    )
    assert page.find("dt", string="Owner").find_next("dd").text == "Ana Lima; Bo"
    assert "how do boats climb" not in "".join(files.values()), "search phrases are never shown"
    assert {a.text for a in soup(files["index.html"]).select(".terms a")} == {
        "Sea lock (team)",
        "sea lock (other)",
    }


def test_only_pages_of_the_encyclopedia_give_its_credit() -> None:
    files = site_files([ANCHOR, replace(plain("rag", "RAG"), source="encyclopedia")])
    credited = {name for name, text in files.items() if "by the Nearsay authors" in text}
    assert credited == {"index.html", "entries/encyclopedia/rag.html"}
    assert "Terms of the source encyclopedia: From" in soup(files["index.html"]).footer.text


def test_same_entries_give_the_same_bytes_in_any_order() -> None:
    assert site_files([ANCHOR, BUOY]) == SITE


# A page of the browser, as far as the script needs one.
STUB = """
const made = () => ({ hidden: true, value: "", textContent: "", children: [], dataset: { root: "" },
  append(...parts) { this.children.push(...parts); },
  replaceChildren(...parts) { this.children = parts; },
  addEventListener(name, run) { this.run = run; } });
const known = { query: made(), results: made(), found: made(), search: made() };
globalThis.document = { documentElement: made(), createElement: made,
  getElementById: (id) => known[id] };
"""
ASK = """
for (const text of JSON.parse(process.argv[1])) {
  known.query.value = text;
  known.query.run();
  const shown = known.results.children.map((row) => row.children[0].textContent);
  console.log(JSON.stringify([shown, known.found.textContent]));
}
"""


def searched(files: dict[str, str], texts: Sequence[str]) -> list[tuple[list[str], str]]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("runs the script in Node.js")
    code = "\n".join((STUB, files["search-data.js"], files["search.js"], ASK))
    done = subprocess.run(
        [node, "-e", code, json.dumps(texts)], capture_output=True, text=True, check=True
    )
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.mark.children
def test_search_ignores_case_and_accents_and_puts_names_first() -> None:
    asked = ["ÂNCHÓR", "anker", "float", "mark FLOATING", "hook mark", "", "</script>"]
    assert searched(SITE, asked) == [
        (["Anchor"], "1 term"),
        (["Anchor"], "1 term"),
        (["Buoy"], "1 term"),
        (["Buoy"], "1 term"),
        ([], "No term found."),
        ([], ""),
        ([], "No term found."),
    ]
    hull = [plain("t/a", "Aft hull", "Back."), plain("t/h", "Hull", "Body."), BUOY]
    keel = replace(plain("t/k", "Keel", "Under a hull."), aliases=("hull beam",))
    assert searched(site_files([*hull, keel]), ["hull"]) == [
        (["Hull", "Keel", "Aft hull"], "3 terms")
    ]


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_site_is_replaced_as_a_whole_and_other_folders_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "site"
    export([ANCHOR, BUOY], "site", target)
    done = export([BUOY], "site", target)
    assert (done.form, done.entries, done.files) == ("site", 1, len(files_in(target)))
    assert files_in(target) == set(site_files([BUOY]))
    (target / "CNAME").write_text("mine")
    with pytest.raises(ExportError, match='"CNAME" is not of an exported site') as refused:
        export([BUOY], "site", target)
    assert "--overwrite" in refused.value.hint
    assert (target / "CNAME").exists()
    export([BUOY], "site", target, overwrite=True)
    assert not (target / "CNAME").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("name", [".git", ".bashrc"])
def test_a_folder_with_hidden_files_is_never_replaced(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(ExportError, match="not of an exported site"):
            export([BUOY], "site", tmp_path, overwrite=overwrite)
    assert files_in(tmp_path) == {name}


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"nearsay-site": 2, "files": ["a.txt"]}'])
def test_a_damaged_list_of_files_gives_no_right_to_replace_them(manifest: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "site"
        folder.mkdir()
        (folder / "a.txt").write_text("mine")
        (folder / "nearsay-site.json").write_text(manifest)
        with pytest.raises(ExportError, match="is not of an exported site"):
            export([BUOY], "site", folder)
