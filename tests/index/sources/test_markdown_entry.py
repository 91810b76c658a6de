from __future__ import annotations

import pytest

from index.sources.files import RefusedError
from index.sources.markdown_blocks import blocks_of
from index.sources.markdown_entry import Draft, entry_of
from index.sources.prose import LONGEST_SECTION, split_definition


def draft(text: str, name: str = "Loom", short: str = "") -> Draft:
    return Draft(name, 1, tuple(blocks_of(text)), short)


def test_the_first_sentences_define_and_the_rest_is_a_section() -> None:
    first = "A loom, e.g. a hand loom, weaves cloth. "
    entry = entry_of(draft(first + "It is old. " * 40), {})
    assert entry.definition.startswith(first)
    assert len(entry.definition) <= 300
    assert entry.definition.endswith("It is old.")
    assert [section.heading for section in entry.sections] == ["More"]


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "Weaves, e.g. Cloth " + "x" * 300 + ". More here."
    assert split_definition(text)[1] == "More here."


def test_a_short_description_that_the_text_repeats_stands_once() -> None:
    entry = entry_of(draft("It weaves cloth.\n\nMore of it.", short="It weaves cloth."), {})
    assert (entry.definition, entry.sections[0].text) == ("It weaves cloth.", "More of it.")


def test_long_sections_are_cut_between_paragraphs() -> None:
    entry = entry_of(draft("A machine.\n\n## Use\n\n" + ("word " * 100 + ".\n\n") * 9), {})
    assert {section.heading for section in entry.sections} == {"Use"}
    assert len(entry.sections) == 5
    assert all(len(section.text) <= LONGEST_SECTION for section in entry.sections)


def test_examples_related_terms_references_and_notes_have_their_place() -> None:
    entry = entry_of(
        draft(
            "A machine.\n\n## Example\nA jacquard.\n\n## See also\n- On this site:\n  - Warp\n"
            "- Weft: the other thread\n- [A page](https://loom.example) elsewhere\n"
        ),
        {},
    )
    assert entry.example == "A jacquard."
    assert [(item.term, item.why) for item in entry.related] == [
        ("Warp", ""),
        ("Weft", "the other thread"),
    ]
    assert [(item.text, item.url) for item in entry.references] == [
        ("A page elsewhere", "https://loom.example")
    ]
    assert not entry.sections


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("", "Loom", "has no definition"),
        ("x", "", "has no term"),
        ("x", "—", "has no term"),
        ("x", "y" * 121, "121 characters"),
        ("See [Warp](x).", "Loom", 'only points to "Warp"'),
        ("a\n\n## B\n\n" + "word. " * 4_000, "Loom", "20,000 are allowed"),
    ],
)
def test_what_is_no_entry_says_why(text: str, name: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        entry_of(draft(text, name), {})
