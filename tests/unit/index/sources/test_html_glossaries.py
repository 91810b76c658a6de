"""Glossaries in the tables and definition lists of HTML pages."""

from pathlib import Path

from index.sources.files import Reading, SourceFile
from index.sources.registry import read_file

PROPERTIES = (
    '<table class="confluenceTable"><tbody><tr><th class="confluenceTh">Owner</th>'
    '<td class="confluenceTd">Ana</td></tr><tr><th class="confluenceTh">Status</th>'
    '<td class="confluenceTd">Approved</td></tr></tbody></table>'
)
CONFLUENCE = f"""<!DOCTYPE html>
<html><head><title>Operations : Glossary</title>
<META http-equiv="Content-Type" content="text/html; charset=UTF-8"></head>
<body class="theme-default aui-theme-default"><div id="page"><div id="main-header">
<div id="breadcrumb-section"><ol id="breadcrumbs"><li><a href="index.html">Operations</a></li></ol>
</div><h1 id="title-heading" class="pagetitle"><span id="title-text">Glossary</span></h1></div>
<div id="main-content" class="wiki-content group">{PROPERTIES}
<p>The words that we use.</p><div class="table-wrap">
<table class="relative-table wrapped confluenceTable"><colgroup><col style="width: 16%;" /><col/>
</colgroup><thead><tr><th class="confluenceTh"><p><strong>Term</strong></p></th>
<th class="confluenceTh"><p>Definition</p></th><th class="confluenceTh">Area</th></tr></thead>
<tbody>
<tr><td colspan="3" class="confluenceTd"><strong>B</strong></td></tr>
<tr><td class="confluenceTd"><p>Berth</p></td><td class="confluenceTd"><p>A place where a ship
lies.</p><ul><li>It has a number.</li><li><p>It has &lt;big&gt; bollards.</p></li></ul></td>
<td rowspan="2" class="confluenceTd">Quay</td></tr>
<tr><td class="confluenceTd">Bollard</td><td class="confluenceTd">A post, as in a_b_c.</td></tr>
<tr><td class="confluenceTd">Draught</td><td colspan="2" class="confluenceTd">How deep the hull
lies&nbsp;in the water.</td></tr></tbody></table></div></div></div></body></html>"""
SPHINX = """<html><body><nav><dl><dt>Home</dt><dd>The page where every reader begins.</dd>
<dt>Next</dt><dd>The page after this page of the manual.</dd></dl></nav><h1>Glossary</h1>
<dl class="simple glossary"><dt id="term-berth">berth<a class="headerlink" href="#term-berth"
title="Link">¶</a></dt><dt>mooring place</dt><dd><p>A place where a ship lies.</p>
<p>It has a number.</p></dd>
<dt>bollard<dd>A post of iron for the lines of a ship.
<dt>without a text</dt></dl></body></html>"""


def reading(text: str, name: str = "page.html") -> Reading:
    return read_file(SourceFile(Path(name), name, text.encode()), {})


def test_a_confluence_table_gives_its_entries_and_not_the_page_properties() -> None:
    found = reading(CONFLUENCE)
    assert [(entry.term, entry.definition, entry.category) for entry in found.entries] == [
        ("Berth", "A place where a ship lies.", "Quay"),
        ("Bollard", "A post, as in a_b_c.", "Quay"),
        ("Draught", "How deep the hull lies in the water.", ""),
    ]
    (section,) = found.entries[0].sections
    assert section.text == "- It has a number.\n- It has <big> bollards."
    assert not found.refused


def test_a_definition_list_gives_its_entries_and_further_names_are_aliases() -> None:
    entries = reading(SPHINX).entries
    assert [(entry.term, entry.aliases, entry.definition) for entry in entries] == [
        ("berth", ("mooring place",), "A place where a ship lies."),
        ("bollard", (), "A post of iron for the lines of a ship."),
    ]


def test_a_table_without_column_names_is_read_if_it_has_short_and_long_texts() -> None:
    rows = "".join(
        f"<tr><td>Word {n}</td><td>Means a thing with number {n} in this harbour.</td></tr>"
        for n in range(5)
    )
    assert len(reading(f"<table>{rows}</table>").entries) == 5
    page = f"<h1>Bow</h1><p>A bow is the foremost part of a ship's hull.</p>{PROPERTIES}"
    assert [entry.term for entry in reading(page).entries] == ["Bow"]


def test_an_encyclopedia_page_with_a_small_table_is_one_entry() -> None:
    page = (
        "<html><h1>Berth</h1><h2>Definition</h2><p>A place where a ship lies.</p>"
        "<h2>How it works</h2>"
        "<table><tr><th>Term</th><th>Meaning</th></tr><tr><td>Bow</td><td>Front.</td></tr>"
        "<tr><td>Stern</td><td>Back.</td></tr></table><h2>FAQ</h2><p>What? That.</p>"
    )
    assert [entry.term for entry in reading(page).entries] == ["Berth"]


def test_a_table_inside_a_layout_table_is_read() -> None:
    page = (
        "<table><tr><td>Menu</td><td><table><tr><th>Term</th><th>Definition</th></tr>"
        "<tr><td>Bow</td><td>Front.</td></tr><tr><td>Stern</td><td>Back.</td></tr></table>"
        "</td></tr></table>"
    )
    assert [entry.term for entry in reading(page).entries] == ["Bow", "Stern"]


def test_lists_of_one_term_are_read_like_longer_ones() -> None:
    one = "<h2>{0}</h2><dl><dt>{1}</dt><dd>{2}</dd></dl>"
    page = "".join(
        one.format(term[0], term, f"A part of a ship that is called {term} by sailors.")
        for term in ("Anchor", "Bollard", "Capstan")
    )
    assert [found.term for found in reading(f"<html><body>{page}</body></html>").entries] == [
        "Anchor",
        "Bollard",
        "Capstan",
    ]
