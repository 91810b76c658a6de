from __future__ import annotations

import time

import pytest

from index.sources.macros import expand, neutral


def shown(text: str) -> str:
    return neutral(expand(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a {{Glossary("Loom")}} b', "a Loom b"),
        ('a {{Glossary("Loom", "looms")}} b', "a looms b"),
        ("a {{Glossary('Loom')}} b", "a Loom b"),
        ('a {{HTTPHeader("Accept")}} b', "a Accept b"),
        ('a {{< tooltip text="warp" term_id="x" >}} b', "a warp b"),
        ('a {{<tooltip term_id="warp-knit">}} b', "a warp knit b"),
        ('a {{% gloss "warp" %}} b', "a warp b"),
        ('a {{< tooltip text="brace }} inside" >}} b', "a brace } } inside b"),
        ("a {% include x.html %}b", "a b"),
        ('a {{ "/x" | relative_url }}b', "a b"),
        ("a {% comment %}gone{% endcomment %}b", "a b"),
        ("a {{!-- gone --}}b", "a b"),
        ("a <!-- gone -->b", "a b"),
        ("a {# gone #}b", "a b"),
        ("a {{deprecated_inline}}b", "a b"),
        ("write `{{name}}` there", "write `name` there"),
        ("don't {{ don't }} and {{ won't }}!", "don't  and !"),
        ("unclosed {{ here", "unclosed  here"),
        ("## Warp {#warp}", "## Warp"),
        ("{{rfc('9110')}}", ""),
        ("see {{rfc('9110')}}", "see RFC 9110"),
    ],
)
def test_a_macro_leaves_what_it_shows(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_a_macro_that_makes_a_paragraph_shows_nothing() -> None:
    assert shown('a\n\n{{EmbedPart("x", 10)}}\n{{APIRef("y")}}\n\nb').split() == ["a", "b"]


def test_what_encloses_text_leaves_the_text() -> None:
    assert shown("{{< note >}}\nkept\n{{< /note >}} {% x %}too{% endx %}").split() == [
        "kept",
        "too",
    ]


def test_shown_text_is_not_read_as_markup() -> None:
    hidden = expand('the {{cssxref("<length>")}} of a_b')
    assert "<" not in hidden
    assert neutral(hidden) == "the <length> of a_b"


def test_lines_are_those_of_the_original() -> None:
    text = "one\n{{< x\n text='two'\n >}} more\n<!--\n\n-->\nlast"
    assert expand(text).split("\n").index("last") == text.split("\n").index("last")
    assert neutral(expand(text)).startswith("one\ntwo")


def test_nothing_that_begins_a_macro_is_left() -> None:
    text = neutral("&#123;&#123; &amp;lt;!-- {% }} {{{{ &mdash; {\u202e{")
    assert text == "{ { < !-- { % } } { { { { — { {"


@pytest.mark.parametrize(
    "text", ["{{", '{{"a ', "{% comment %}", "{#a ", "<!-- ", "<script>", "{{a}}", "{{\n"]
)
@pytest.mark.parametrize("end", ["", "}}%}#}-->"])
def test_hostile_text_takes_no_longer_than_its_length(text: str, end: str) -> None:
    start = time.perf_counter()
    expand(text * (200_000 // len(text)) + end)
    assert time.perf_counter() - start < 5
