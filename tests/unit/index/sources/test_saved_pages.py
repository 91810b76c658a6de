import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from index.entry import Entry, Reference, Related
from index.errors import SourceError
from index.sources.files import Reading, SourceFile
from index.sources.registry import read_file
from index.sources.webpage.page import (
    LARGEST_TEXT_PAGE,
    looks_like_encyclopedia_page,
    read_encyclopedia_page,
)
from tests.unit.index.tables import rows

PAGES = Path(__file__).parent / "pages"
LATENT_SPACE = (PAGES / "latent-space.txt").read_text(encoding="utf-8")
SYNTAX = re.compile(
    r"\{\{|\}\}|\{%|<!--|</?(?:p|div|a|b|i|span|strong|em|br|script|li|ul)\b[^>]*>|&\w{2,8};|&#\d+;"
    r"|\]\(|!\[|\[\^|\*\*|^#{1,6} "
)


def reading(text: str, name: str = "page.txt") -> Reading:
    return read_encyclopedia_page(SourceFile(Path(name), name, text.encode()))


def entry(text: str, name: str = "page.txt") -> Entry:
    found = reading(text, name)
    assert len(found.entries) == 1
    return found.entries[0]


def texts(value: object) -> Iterator[str]:
    """Yield every string in an entry."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def whole(found: Entry) -> str:
    return "\n".join(texts(asdict(found)))


@pytest.mark.parametrize("markup", rows(__file__, "unseen"))
def test_invisible_html_is_removed(markup: str) -> None:
    sentence = "This sentence is no part of what the entry says."
    page = (
        "<body><h1>A</h1><h2>Definition</h2><p>A thing.</p><h2>How it works</h2><p>Well.</p>"
        f"{markup.format(sentence)}<p>And on.</p><h2>FAQ</h2></body>"
    )
    (found,) = reading(page, "a.html").entries
    assert [section.text for section in found.sections] == ["Well.\n\nAnd on."]


def test_sentences_that_resemble_boilerplate_are_kept() -> None:
    lines = [
        "The weights change with the last update of the model.",
        "After the latest update on 2026-04-30 the answers grew longer.",
        "Aliases make lookups easier for everyone.",
        "A cookie is a small file that a website stores.",
        "Share the prompt with your team before you send it.",
        "See also: Attention",
        "By design the model sees every word.",
        "Next: the model is asked again.",
        "Back to back prompts confuse it less.",
    ]
    body = "\n\n".join(lines)
    (page,) = reading(f"# A\n## Definition\nA thing.\n## How it works\n{body}\n## FAQ\n").entries
    kept = "\n".join(section.text for section in page.sections)
    assert [line for line in lines if line not in kept] == ["See also: Attention"]
    assert {section.heading for section in page.sections} == {"How it works"}
    assert page.related == (Related("Attention", ""),)


@pytest.mark.parametrize(("written", "meant"), rows(__file__, "dates"))
@pytest.mark.parametrize("label", ["Latest update: {}", "Last updated on {}", "Latest update\n{}"])
def test_dates_are_parsed(written: str, meant: date | None, label: str) -> None:
    found = reading(LATENT_SPACE.replace("Latest update: 26/04/30", label.format(written)))
    assert found.entries[0].updated == meant
    assert [refusal.line for refusal in found.refused] == ([] if meant else [5])
    assert written not in whole(found.entries[0])


@pytest.mark.parametrize(("title", "term", "aliases"), rows(__file__, "titles"))
def test_titles_contain_term_and_aliases(title: str, term: str, aliases: tuple[str, ...]) -> None:
    found = entry(f"# {title}\n\n## Definition\n\nIt is a thing of its own kind.\n\n## FAQ\n")
    assert (found.term, found.aliases) == (term, aliases)


@pytest.mark.parametrize(("line", "term", "category"), rows(__file__, "breadcrumbs"))
def test_term_and_category_are_read_from_breadcrumbs(line: str, term: str, category: str) -> None:
    found = entry(f"{line}\nDefinition\nIt is a thing of its own kind.\nFAQ\nReferences\n")
    assert (found.term, found.category) == (term, category)


@pytest.mark.parametrize(("line", "category"), rows(__file__, "lines that lead back"))
def test_the_category_is_read_from_a_back_link(line: str, category: str) -> None:
    head = entry(f"Token\n{line}\nDefinition\nIt is a thing of its own kind.\nFAQ\nReferences\n")
    foot = entry(f"Token\nDefinition\nIt is a thing of its own kind.\nFAQ\nReferences\n{line}\n")
    assert head.category == category
    if line.startswith(("Back", "‹", "←")):
        assert foot.category == category


@pytest.mark.parametrize("mark", [" – ", " — ", " - ", ": ", "—", " −  ", " -- "])
def test_related_terms_are_parsed_with_their_reasons(mark: str) -> None:
    page = (
        "# A\n## Definition\nIt is a thing of its own kind.\n"
        f"## Related Terms\n- Top-p x{mark}why so - really\n"
    )
    assert entry(page).related == (Related("Top-p x", "why so - really"),)


def test_a_page_saved_as_text_may_start_with_a_rule() -> None:
    found = entry("---\nToken\n\nDefinition\nA piece of text.\n\nFAQ\n\nReferences\n")
    assert (found.term, found.definition) == ("Token", "A piece of text.")


def test_invalid_parts_are_refused_with_their_line_numbers() -> None:
    found = reading(
        "# A\n\nA first sentence that stands above everything else here.\n\n"
        "## Definition\nA thing.\n"
        "## FAQ\nIs there an answer?\n## References\nNonsense\n"
    )
    assert [(item.line, item.reason) for item in found.refused] == [
        (3, "is above the first heading"),
        (8, '"Is there an answer?" has no answer'),
        (10, 'is under "References" but is not a reference'),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "## Definition\n\n## FAQ\n\n## References\n",
        "Definition\nFAQ\nReferences\n",
        "# " + "A" * 200 + "\n## Definition\nA thing.\n",
        "---\nterm: !!python/object x\n---\n# A\n",
        " ",
        "<html><script>x</script></html>",
        "x" * (LARGEST_TEXT_PAGE + 1),
    ],
)
def test_unreadable_pages_are_refused(text: str) -> None:
    with pytest.raises(SourceError):
        reading(text)


def test_markup_is_removed_from_all_fields() -> None:
    page = entry(
        "# A <span>B</span>\n<!-- a\n\nb -->\n## Definition\n"
        "A {{< term x >}}thing &amp;amp; more <b>here</b>\u202e.\n## How it works\n"
        "A [link](javascript:alert(1)) ![pic](x.png) {{name}} [^2] <!-- c -->end.\n"
        "## FAQ\n### Is `{{x}}` <i>it</i>?\n{% raw %}Yes{% endraw %} &lt;b&gt;indeed&lt;/b&gt;.\n"
        "## References\n- [Bad](javascript:alert(1))\n"
    )
    assert page.term == "A B"
    assert page.definition == "A thing & more here."
    assert page.references == (Reference("Bad"),)
    assert not SYNTAX.search(whole(page))
    assert "\u202e" not in whole(page)


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://a.test/x_(y)", "https://a.test/x_(y)"),
        ("/go?to=https://evil.test/x", None),
        ("javascript:location='https://evil.test'", None),
        ("https://a.test/some page.pdf", None),
    ],
)
def test_an_address_inside_a_link_is_no_reference(link: str, kept: str | None) -> None:
    page = entry(
        "<html><body><h1>Token</h1><h2>Definition</h2><p>A token is a piece of a text that a model "
        "reads.</p><h2>How it works</h2><p>A text is cut.</p><h2>References</h2><ul><li>"
        f'<a href="{link}">Smith, On Tokens (2020)</a></li></ul></body></html>',
        "page.html",
    )
    assert page.references == (Reference("Smith, On Tokens (2020)", kept),)


def test_a_table_in_an_article_is_no_glossary() -> None:
    row = "<tr><td>Year {0}</td><td>The port grew by {0} berths.</td></tr>"
    rows = "<tr><th>Term</th><th>Definition</th></tr>" + "".join(map(row.format, range(9)))
    page = (
        f"<html><title>Port</title><h1>Port</h1><p>{'A port is a place for ships. ' * 60}</p>"
        f"<table>{rows}</table><h2>See also</h2><ul><li>Quay</li></ul><h2>References</h2></html>"
    )
    read = read_file(SourceFile(Path("port.html"), "port.html", page.encode()), {})
    assert [found.term for found in read.entries] == ["Port"]
    glossary = page.replace("A port is a place for ships. " * 50, "")
    listed = read_file(SourceFile(Path("port.html"), "port.html", glossary.encode()), {})
    assert listed.entries[0].term == "Year 0"


def test_a_formula_becomes_its_tex_source() -> None:
    page = (
        "<html><h1>A</h1><h2>Definition</h2><p>It is <math alttext='x^2'><mi>x</mi></math> or "
        "<math><annotation encoding='application/x-tex'>y_1</annotation></math>,"
        "<img alt='a cat'> and no more.</p><h2>FAQ</h2></html>"
    )
    assert entry(page, "page.html").definition == "It is x^2 or y_1, and no more."


def test_a_repeated_heading_other_than_definition_leaves_a_page_one_entry() -> None:
    text = (
        "# Token\n\n## Definition\n\nA piece of a text.\n\n## How it works\n\nA text is cut.\n\n"
        "## References\n\n- Smith, 2020\n\n## References\n\n- Jones, 2021\n"
    )
    assert looks_like_encyclopedia_page(text)
