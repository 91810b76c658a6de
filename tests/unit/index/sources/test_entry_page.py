from datetime import date
from pathlib import Path

import pytest

from index.entry import LONGEST_TEXT, Entry, Question, Reference, Related, Section
from index.errors import SourceError
from index.sources.entry_page import parse_page
from index.text import is_web_address
from tests.unit.index.tables import rows

FILE = Path("glossary/page.md")
WHOLE = """\
---
term: Temperature
aliases: [sampling temperature, "T"]
category: Model Behaviour
updated: 2026-11-24
url: https://example.org/temperature
---
A number that sets how adventurously
a model picks its next word.

## What it is
A slider.

It has two ends.

## How it works
```
## no heading
```

## Example
> Give ten names.

### A smaller heading
belongs to the example.

## Related terms
- Top-p sampling: trims: the tail.
- Greedy decoding: what remains
  at zero.

## Questions
### Is zero exact?
Not quite.

### Why not?
Chance remains.

Elsewhere.

## References
- Renze, "The Effect" (2024) <https://example.org/a>
- A book without address
- [Softmax](https://example.org/b)
- javascript <javascript:alert(1)>
"""


def parse(text: str) -> Entry:
    return parse_page(text, FILE, "page")


def page(body: str = "A definition.", front: str = "term: Page") -> str:
    return f"---\n{front}\n---\n{body}\n"


def refused(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        parse(text)
    assert caught.value.path == FILE
    assert str(caught.value).startswith(str(FILE))
    return caught.value


def test_a_page_is_parsed_into_an_entry() -> None:
    assert parse_page(WHOLE, FILE, "temperature") == Entry(
        id="temperature",
        term="Temperature",
        definition="A number that sets how adventurously a model picks its next word.",
        category="Model Behaviour",
        aliases=("sampling temperature", "T"),
        updated=date(2026, 11, 24),
        sections=(
            Section("What it is", "A slider.\n\nIt has two ends."),
            Section("How it works", "```\n## no heading\n```"),
        ),
        example="> Give ten names.\n\n### A smaller heading\nbelongs to the example.",
        related=(
            Related("Top-p sampling", "trims: the tail."),
            Related("Greedy decoding", "what remains at zero."),
        ),
        faq=(
            Question("Is zero exact?", "Not quite."),
            Question("Why not?", "Chance remains.\n\nElsewhere."),
        ),
        references=(
            Reference('Renze, "The Effect" (2024)', "https://example.org/a"),
            Reference("A book without address"),
            Reference("Softmax", "https://example.org/b"),
            Reference("javascript <javascript:alert(1)>"),
        ),
        url="https://example.org/temperature",
    )


REWORDED_PAGE = """---
term: Bell
---
It rings.

## Questions
### Why does it ring?

### that noise, what is it for
It is noon.
### Who rings it?
Nobody.
"""


def test_consecutive_headings_are_rewordings_of_one_question() -> None:
    page = REWORDED_PAGE
    assert parse_page(page, Path("bell.md"), "bell").faq == (
        Question("Why does it ring?", "It is noon."),
        Question("that noise, what is it for", "It is noon.", reworded=True),
        Question("Who rings it?", "Nobody."),
    )


def test_a_page_needs_only_a_term_and_a_definition() -> None:
    assert parse(page()) == Entry(id="page", term="Page", definition="A definition.")


def test_windows_line_endings_make_no_difference() -> None:
    assert parse(WHOLE.replace("\n", "\r\n")) == parse(WHOLE)


def test_control_characters_are_removed() -> None:
    entry = parse(page("De\x1bf.\n\n## S\x9bection\nTe\u202ext.", 'term: "Pa\\ege"'))
    assert (entry.term, entry.definition) == ("Page", "Def.")
    assert entry.sections == (Section("Section", "Text."),)


@pytest.mark.parametrize(("front", "reason"), rows(__file__, "front matter"))
def test_invalid_front_matter_is_refused(front: str, reason: str) -> None:
    assert reason in refused(page(front=front)).reason


# The body begins on line 4.
@pytest.mark.parametrize(
    ("body", "line", "reason"),
    [
        *rows(__file__, "bodies"),
        pytest.param("D" * (LONGEST_TEXT + 1), 4, "20,001 characters", id="long definition"),
        pytest.param(
            "D.\n\n## S\n" + "x" * (LONGEST_TEXT + 1), 6, "20,001 characters", id="long section"
        ),
    ],
)
def test_an_invalid_body_is_refused_with_its_line(body: str, line: int, reason: str) -> None:
    error = refused(page(body))
    assert reason in error.reason
    assert error.line == line


@pytest.mark.parametrize(("address", "fine"), rows(__file__, "addresses"))
def test_only_safe_http_addresses_are_accepted(address: str, fine: bool) -> None:
    assert is_web_address(address) is fine
