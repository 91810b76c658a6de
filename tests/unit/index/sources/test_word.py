"""Glossaries in Word documents, and documents of Google Docs saved as web pages."""

from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from index.errors import NoEntriesError, SourceError
from index.sources.files import Reading, SourceFile
from index.sources.linked_terms import with_links
from index.sources.registry import read_file
from tests.unit.index.sources.word_files import cell, paragraph, run, table, word

TERMS = {
    "Berth": "A place where a ship lies.",
    "Bollard": "A post <on the quay>, for lines - of *iron*.",
    "Cargo manifest": "The list of what is loaded.",
    "Draught": "How deep the hull lies.",
    "Keel": "The spine of a ship.",
}
START = '<w:vMerge w:val="restart"/>'
BOLD = "<w:b/><w:bCs/>"


def reading(data: bytes, name: str = "words.docx") -> Reading:
    return read_file(SourceFile(Path(name), name, data), {})


def found(data: bytes, name: str = "words.docx") -> dict[str, str]:
    result = reading(data, name)
    assert not result.refused
    return {entry.term: entry.definition for entry in result.entries}


def test_a_table_of_terms_gives_its_entries() -> None:
    header = cell("Term") + cell("Definition") + cell("Area")
    rows = [
        cell("Berth") + cell("A place.\nIt has a number.") + cell("Quay", START),
        cell("Keel") + cell("A spine.") + cell("", "<w:vMerge/>"),
        cell("D", '<w:gridSpan w:val="3"/>'),
        cell("Draught") + cell("How deep.", '<w:gridSpan w:val="2"/>'),
    ]
    contents = paragraph(run("Berth: 3"), style="Verzeichnis1")
    result = reading(word(contents + paragraph(run("Words")) + table([header, *rows])))
    assert [(entry.term, entry.definition, entry.category) for entry in result.entries] == [
        ("Berth", "A place.", "Quay"),
        ("Keel", "A spine.", "Quay"),
        ("Draught", "How deep.", ""),
    ]
    assert [section.text for section in result.entries[0].sections] == ["It has a number."]


LAYOUTS: dict[str, Callable[[str, str], str]] = {
    "a dash": lambda term, text: paragraph(run(term), run(" – "), run(text)),
    "a colon": lambda term, text: paragraph(run(f"{term}: {text}")),
    "a tab": lambda term, text: paragraph(run(term), "<w:r><w:tab/></w:r>", run(text)),
    "a line break": lambda term, text: paragraph(run(term), "<w:r><w:br/></w:r>", run(text)),
    "bold": lambda term, text: paragraph(run(term[:2], BOLD), run(term[2:], BOLD), run(f" {text}")),
    "a bold style": lambda term, text: paragraph(
        run(term, '<w:rStyle w:val="Fett"/>'), run(f": {text}")
    ),
    "a bold paragraph": lambda term, text: paragraph(run(term, BOLD)) + paragraph(run(text)),
    "a heading": lambda term, text: (
        paragraph(run(term), style="berschrift2") + paragraph(run(text))
    ),
    "a heading of another name": lambda term, text: (
        paragraph(run(term), style="Begriff") + paragraph(run(text))
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
def test_terms_are_read_however_they_are_set_apart(layout: Callable[[str, str], str]) -> None:
    title = paragraph(run("Harbour glossary"), style="Titel")
    assert found(word(title + "".join(layout(*item) for item in TERMS.items()))) == TERMS


def test_deleted_and_hidden_text_is_not_read() -> None:
    unseen = (
        run("secret", "<w:vanish/>")
        + f'<w:del w:id="1">{run("old").replace("w:t", "w:delText")}</w:del>'
        + f'<w:moveFrom w:id="2">{run("moved")}</w:moveFrom>'
    )
    body = "".join(paragraph(run(f"{term}: {text}"), unseen) for term, text in TERMS.items())
    assert found(word(body)) == TERMS


def test_a_document_without_terms_says_what_to_write() -> None:
    with pytest.raises(NoEntriesError, match="lists no terms") as caught:
        reading(word(paragraph(run("We met and talked."))))
    assert "Definition" in caught.value.hint


def test_a_refusal_names_the_paragraph() -> None:
    rows = [cell(term) + cell(text) for term, text in (*TERMS.items(), ("Bow", ""))]
    result = reading(word(table([cell("Term") + cell("Definition"), *rows])))
    assert [item.reason for item in result.refused] == ["paragraph 13: has no definition"]


def test_a_document_of_google_docs_saved_as_a_web_page_gives_its_entries() -> None:
    style = ".c1{color:#000;font-weight:700;font-size:11pt}.c2{font-weight:400}"
    body = "".join(
        f'<p class="c0"><span class="c1 c4">{escape(term)}</span>'
        f'<span class="c2">&nbsp;{escape(text)}</span></p>'
        for term, text in TERMS.items()
    )
    page = (
        f'<html><head><meta content="text/html; charset=UTF-8"><style type="text/css">{style}'
        f'</style></head><body class="c9 doc-content">{body}</body></html>'
    )
    assert found(page.encode(), "words.html") == TERMS


HEAD = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
BODY = "".join(paragraph(run(f"{term}: {text}")) for term, text in TERMS.items())
HOSTILE: dict[str, tuple[bytes, str]] = {
    "not a zip": (b"Berth: a place", "is not a readable Word document"),
    "cut off": (word(BODY)[:-200], "is not a readable Word document"),
    "encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4_000, "is encrypted"),
    "without a text": (word("", {"word/document.xml": b""}), "is not a readable Word document"),
    "broken XML": (word("<w:p>"), "is not a readable Word document"),
    "entities": (word(BODY, head=HEAD), "declares XML entities"),
    "entities in its styles": (
        word(BODY, {"word/styles.xml": f"{HEAD}<a>&b;</a>".encode()}),
        "declares XML entities",
    ),
    "a zip bomb": (word(BODY, {"word/media/a.bmp": b"\0" * 30_000_000}), "100 times its size"),
    "deep elements": (word("<w:p>" * 1_000 + "</w:p>" * 1_000), "is nested too deeply"),
    "only white space": (b"  \n", "is empty"),
}


@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_document_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        reading(data)
    assert reason in caught.value.reason


def test_a_part_whose_size_is_understated_is_refused() -> None:
    data = bytearray(word(BODY + paragraph(run("x" * 100_000))))
    at = data.rfind(b"word/document.xml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    with pytest.raises(SourceError, match="is not a readable Word document"):
        reading(bytes(data))


def test_a_document_with_unusual_numbers_is_read() -> None:
    odd = '<w:gridSpan w:val="99999999999"/><w:gridSpan w:val="-3"/><w:vMerge w:val=""/>'
    rows = [cell(term, odd) + cell(text) for term, text in TERMS.items()]
    with pytest.raises(NoEntriesError):
        reading(word(table(rows)))


def link(text: str, anchor: str, more: str = "") -> str:
    return f'<w:hyperlink w:anchor="{anchor}" w:history="1"{more}>{run(text)}</w:hyperlink>'


def bookmark(name: str) -> str:
    return f'<w:bookmarkStart w:id="0" w:name="{name}"/><w:bookmarkEnd w:id="0"/>'


def related(data: bytes) -> dict[str, list[str]]:
    """Return the related terms of each entry, as `read_sources` resolves them."""
    return {
        entry.term: [item.term for item in entry.related]
        for entry in with_links(reading(data).entries)
    }


LINKED: dict[str, Callable[[str, str, str], str]] = {
    "a colon": lambda mark, term, text: paragraph(mark, run(f"{term}: "), text),
    "bold": lambda mark, term, text: paragraph(mark, run(term, BOLD), run(" "), text),
    "a heading": lambda mark, term, text: (
        mark + paragraph(run(term), style="berschrift2") + paragraph(text)
    ),
}


@pytest.mark.parametrize("layout", LINKED.values(), ids=list(LINKED))
def test_links_to_other_entries_are_related_terms(
    layout: Callable[[str, str, str], str],
) -> None:
    title = paragraph(run("Harbour glossary"), style="Titel")
    texts = {term: run(text) for term, text in TERMS.items()}
    texts["Berth"] = run("A place with a ") + link("post", "_Ref12") + run(" for a ship.")
    texts["Keel"] = run("A spine; see ") + link("the list", "_Ref13") + run(" of words, or ")
    texts["Keel"] += link("the top", "_Ref99") + link("draught", "x", ' w:id="rId4"')
    marks = {
        "Bollard": bookmark("_GoBack") + bookmark("_Ref12"),
        "Cargo manifest": bookmark("_Ref13"),
    }
    body = "".join(layout(marks.get(term, ""), term, text) for term, text in texts.items())
    found = related(word(title + body))
    assert found["Berth"] == ["Bollard"]
    assert found["Keel"] == ["Cargo manifest"]
    assert found["Bollard"] == found["Draught"] == []


def code(*parts: str) -> str:
    return "".join(
        f'<w:r><w:instrText xml:space="preserve">{part}</w:instrText></w:r>' for part in parts
    )


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field_of(*parts: str, text: str) -> str:
    return mark("begin") + code(*parts) + mark("separate") + run(text) + mark("end")


FIELDS: dict[str, str] = {
    "a reference": field_of(r" REF _Ref12 \h ", text="Bollard"),
    "a code in pieces": field_of(" RE", "F _Re", r"f12 \h  \* MERGEFORMAT ", text="Bollard"),
    "a short form": rf'<w:fldSimple w:instr=" REF _Ref12 \h ">{run("above")}</w:fldSimple>',
    "a link": field_of(r' HYPERLINK \l "_Ref12" ', text="the post"),
    "a field in another": field_of(" QUOTE ", text="").replace(
        mark("end"), field_of(" ref _Ref12 ", text="it") + mark("end")
    ),
}


@pytest.mark.parametrize("reference", FIELDS.values(), ids=list(FIELDS))
def test_references_by_field_codes_are_related_terms(reference: str) -> None:
    texts = {term: run(text) for term, text in TERMS.items()}
    texts["Berth"] += reference
    texts["Keel"] += mark("end") + mark("begin") + code(" REF _Ref12 ") + mark("end")
    texts["Draught"] += field_of(" REF _Ref99 ", text="12") + field_of(" PAGE ", text="Bollard")
    body = "".join(
        LINKED["a colon"](bookmark("_Ref12") if term == "Bollard" else "", term, text)
        for term, text in texts.items()
    )
    expected = {term: ["Bollard"] if term == "Berth" else [] for term in TERMS}
    assert related(word(body)) == expected
    assert not [one for one in reading(word(body)).entries if "REF" in one.definition]


def test_links_in_tables_are_related_terms_and_those_of_the_contents_are_not() -> None:
    def with_link(term: str, text: str) -> str:
        return cell(term) + f"<w:tc>{paragraph(text)}</w:tc>"

    contents = paragraph(link("Keel", "_Toc1"), style="Verzeichnis1")
    rows = [
        cell("Term") + cell("Definition"),
        with_link("Berth", run("A place above a ") + link("*spine*", "k") + run(".")),
        f"<w:tc>{paragraph(bookmark('k'), run('Keel'))}</w:tc>" + cell("A spine."),
        cell("Draught") + cell("How deep."),
    ]
    data = word(contents + table(rows))
    assert related(data) == {"Berth": ["Keel"], "Keel": [], "Draught": []}
    assert reading(data).entries[0].definition == "A place above a *spine*."
