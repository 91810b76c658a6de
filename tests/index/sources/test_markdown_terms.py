from __future__ import annotations

from pathlib import Path

import pytest

from index.sources.files import Reading, SourceFile
from index.sources.markdown_glossary import read_markdown


def read(text: str, name: str) -> Reading:
    return read_markdown(SourceFile(Path("/glossary") / name, name, text.encode()))


HEADINGS = """# Weaving glossary

## A

### Arm {#arm}
Holds the reed.

#### Example
The left arm.

### BOB (Bobbin On Beam)
A spool.

## W

### Warp
Also known as long threads. They run along.[^1]

### Weft
Crosses the [warp](#warp).

### Woof
See [Weft](#weft).

### Wool
See [Sheep](#sheep).

### Xyz

## License
Text is licensed under CC BY 4.0.

[^1]: As in a book.
"""


def test_headings_are_terms_and_letters_divide() -> None:
    reading = read(HEADINGS, "glossary.md")
    assert [(entry.id, entry.aliases) for entry in reading.entries] == [
        ("arm", ()),
        ("bob", ("Bobbin On Beam",)),
        ("warp", ("long threads",)),
        ("weft", ("Woof",)),
    ]
    assert {entry.category for entry in reading.entries} == {""}
    assert reading.entries[0].example == "The left arm."
    assert reading.entries[2].definition == "They run along."
    assert reading.entries[2].sections[0].text == "As in a book."
    assert reading.licence == "Text is licensed under CC BY 4.0."


def test_what_is_left_out_of_a_page_is_told_with_its_line() -> None:
    lines = HEADINGS.splitlines()
    told = {refusal.line: refusal.reason for refusal in read(HEADINGS, "glossary.md").refused}
    assert told[lines.index("### Wool") + 1] == '"Wool" only points to "Sheep"'
    assert told[lines.index("### Xyz") + 1] == '"Xyz" has no definition'
    assert "outside any term" in told[lines.index("Text is licensed under CC BY 4.0.") + 1]


BOLD = """---
title: Our terms
---
### Threads
**Warp:** Runs along.

**Weft** (aka woof) – runs across, such as:**

- **Thin:** one kind

**Thread Per Inch (TPI)** is a measure.

### Machines
**Loom**
Weaves.
**Warp**: Another meaning.
**Loom**: Weaves.
"""


def test_bold_words_are_terms_and_headings_their_category() -> None:
    reading = read(BOLD, "page.md")
    assert [(entry.id, entry.category, entry.definition) for entry in reading.entries] == [
        ("warp", "Threads", "Runs along."),
        ("weft", "Threads", "runs across, such as:"),
        ("thread-per-inch", "Threads", "Thread Per Inch (TPI) is a measure."),
        ("loom", "Machines", "Weaves."),
        ("warp-2", "Machines", "Another meaning."),
    ]
    assert reading.entries[1].aliases == ("woof",)
    assert reading.entries[1].sections[0].text == "- Thin: one kind"
    assert [refusal.reason for refusal in reading.refused] == ['"Loom" stands twice']


@pytest.mark.parametrize(
    "page",
    [
        "- **Warp** - runs along\n- **Weft (WF)**: runs across\n",
        "1. **Warp**: runs along\n2. **Weft** (WF): runs across\n",
        "Warp\n: runs along\n\nWeft (WF)\n: runs across\n",
        "<dl>\n<dt>Warp</dt><dd>runs along</dd>\n<dt>Weft (WF)</dt><dd>runs across</dd>\n</dl>\n",
        "|Term|Definition|\n|-|-|\n|Warp|runs along|\n|**Weft** (WF)|runs across|\n",
        "|Abbreviation|Term|Meaning|\n|-|-|-|\n||Warp|runs along|\n|WF|Weft|runs across|\n",
        "## Warp\n\nruns along\n\n## Weft (WF)\n\nruns across\n",
    ],
)
def test_every_form_gives_the_same_terms(page: str) -> None:
    reading = read(f"# Glossary\n\n{page}", "glossary.md")
    assert [(entry.term, entry.aliases, entry.definition) for entry in reading.entries] == [
        ("Warp", (), "runs along"),
        ("Weft", ("WF",), "runs across"),
    ]
    assert not reading.refused


def test_other_columns_are_sections() -> None:
    page = "|Acronym|Stands for|Notes|Link|\n|-|-|-|-|\n|TPI|Threads per inch|a *b*|javascript:x|\n"
    (entry,) = read(page + "|WPI|Wraps per inch|||\n", "x.md").entries[:1]
    assert (entry.term, entry.definition, entry.url) == ("TPI", "Threads per inch", None)
    assert [(section.heading, section.text) for section in entry.sections] == [("Notes", "a b")]


def test_letters_divide_at_the_level_of_the_terms_too() -> None:
    page = "# Glossary\n\n## A\n\n## Arm\n\nHolds.\n\n## W\n\nLetters.\n\n## Warp\n\nRuns.\n"
    reading = read(page, "glossary.md")
    assert [entry.term for entry in reading.entries] == ["Arm", "Warp"]
    assert [refusal.line for refusal in reading.refused] == [11]
