"""Read the entry format: one Markdown file with front matter for each entry.

    ---
    term: Temperature
    aliases: [sampling temperature]
    category: Model Behaviour
    updated: 2026-11-24
    owner: Model team
    details: {Region: EMEA}
    more categories: [Sampling]
    search phrases: [how random is the output]
    ---
    One sentence that defines the term.

    ## What it is
    …
    ## How it works
    …
    ## Why it matters for your prompts
    …
    ## Example
    …
    ## Related terms
    - Top-p sampling: why to read it next
    - Thermodynamics (outside): a term without an entry
    ## Questions
    ### Why do I get a different answer each time?
    …
    ## References
    - Author, "Title" (year) <https://…>
    ## Fields as JSON
    ```json
    {"senses": [{"definition": "…", "context": "…"}]}
    ```

Only `term` and the definition are required. "Example", "Related terms", "Questions" and
"References" have a fixed format; every other second-level heading starts a section of text. "Fields
as JSON" (see `native_json`) holds fields that the page cannot express: several meanings, an id
other than the file name, texts that look like headings. They override the fields of the page.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.entry import (
    LONGEST_NAME,
    LONGEST_TEXT,
    OUTSIDE,
    Entry,
    Question,
    Reference,
    Related,
    Section,
)
from index.errors import SourceError
from index.names import name_key
from index.sources.files import Reading, RefusedError, SourceFile, check_length
from index.sources.frontmatter import split_front_matter
from index.sources.native_json import fields_of
from index.sources.plain_data import ObjectNode, parse_json
from index.text import clean, is_web_address, one_line

KEYS = (
    *("term", "aliases", "category", "updated", "reviewed", "status", "url", "licence"),
    *("search phrases", "search_phrases"),  # two spellings of one key
    *("owner", "details", "more categories", "more_categories"),
)
EXAMPLE, RELATED, QUESTIONS, REFERENCES = "Example", "Related terms", "Questions", "References"
FIELDS = "Fields as JSON"
RESERVED = (EXAMPLE, RELATED, QUESTIONS, REFERENCES, FIELDS)
LONGEST_PAGE = 400_000  # characters; long pages have about 30,000

_MARKDOWN = MarkdownIt("commonmark")
# Inline markup does not affect headings, and most of the parsing time is spent on it.
_BLOCKS = MarkdownIt("commonmark").disable("inline")


@dataclass(frozen=True, slots=True)
class _Part:
    """The text under one heading. `line` is the heading's line in the file, and `text_line` the
    first line of the text, from 1."""

    heading: str
    line: int
    text: str
    text_line: int


def read_page(file: SourceFile) -> Reading:
    """Read a page; its id is the file name. Raises `SourceError` like `parse_page`."""
    return Reading((parse_page(file.text, file.path, id_of_page(file.name)),))


def id_of_page(name: str) -> str:
    """Return the entry id for a page's file name: `a/Top P.md` gives `top-p`."""
    return "-".join(name_key(PurePath(name).stem).split()) or "entry"


def parse_page(text: str, path: Path, entry_id: str) -> Entry:
    """Parse `text`, the content of the file `path`, into an entry.

    Raises `SourceError` with the file and line when the format is wrong.
    """
    check_length(text, LONGEST_PAGE, "the page", path)
    front, body, body_line = split_front_matter(text, path)
    settings = _settings(front, path)
    parts = list(_parts(body, body_line, 2))
    definition = one_line(parts[0].text)
    check_length(definition, LONGEST_TEXT, "the definition", path, body_line)
    sections: list[Section] = []
    special: dict[str, _Part] = {}
    seen: set[str] = set()
    for part in parts[1:]:
        _check_heading(part, seen, path)
        seen.add(part.heading)
        limit = LONGEST_PAGE if part.heading == FIELDS else LONGEST_TEXT
        check_length(part.text, limit, f'"{part.heading}"', path, part.line)
        if part.heading in RESERVED:
            special[part.heading] = part
        elif part.text:
            sections.append(Section(part.heading, part.text))
        else:
            raise SourceError(path, part.line, f'the section "{part.heading}" is empty')
    fields = _fields(special[FIELDS], path) if FIELDS in special else {}
    if not (definition or fields.get("definition")):
        raise SourceError(path, body_line, "the definition is missing", _FORM_HINT)
    entry = Entry(
        id=entry_id,
        definition=definition,
        sections=tuple(sections),
        example=special[EXAMPLE].text if EXAMPLE in special else "",
        related=tuple(_related(special[RELATED], path)) if RELATED in special else (),
        faq=tuple(_questions(special[QUESTIONS], path)) if QUESTIONS in special else (),
        references=tuple(_references(special[REFERENCES], path)) if REFERENCES in special else (),
        **settings,
    )
    return replace(entry, **fields)


_FORM_HINT = "A page has front matter between two --- lines, a definition, and sections."


def _settings(front: Mapping[str, object], path: Path) -> dict[str, Any]:
    values: dict[str, Any] = {"term": ""}
    for key, value in front.items():
        if key not in KEYS:
            raise SourceError(
                path, None, f'unknown front matter "{key}"', f"Known: {', '.join(KEYS)}."
            )
        values[key.replace(" ", "_")] = _value(key, value)
    try:
        return fields_of(ObjectNode(tuple(values.items())))
    except RefusedError as error:
        raise SourceError(path, None, f"front matter: {error}", _FORM_HINT) from error


def _value(key: str, value: object) -> object:
    """Return a list as a tuple, and the mapping of details as a tuple of names and values."""
    if key == "details" and isinstance(value, dict):
        pairs = value.items()
        return tuple(ObjectNode((("name", name), ("value", text))) for name, text in pairs)
    return tuple(value) if isinstance(value, list) else value


def _check_heading(part: _Part, seen: set[str], path: Path) -> None:
    if not part.heading:
        raise SourceError(path, part.line, "has a heading without text")
    check_length(part.heading, LONGEST_NAME, "the heading", path, part.line)
    if part.heading in seen:
        raise SourceError(path, part.line, f'"{part.heading}" appears twice')
    near = process.extractOne(part.heading, RESERVED, scorer=OSA.distance, score_cutoff=2)
    if near and near[1] > 0:
        raise SourceError(path, part.line, f'heading "{part.heading}": did you mean "{near[0]}"?')


def _parts(body: str, first_line: int, level: int) -> Iterator[_Part]:
    lines = body.splitlines()
    marks: list[tuple[str, int, int]] = [("", -1, 0)]
    tokens = _BLOCKS.parse(body)
    for token, inside in itertools.pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.tag == f"h{level}":
            start, end = token.map or (0, 0)
            marks.append((one_line(inside.content), start, end))
    ends = [start for _, start, _ in marks[1:]] + [len(lines)]
    for (heading, start, after), end in zip(marks, ends, strict=True):
        while after < end and not lines[after].strip():
            after += 1
        text = clean("\n".join(lines[after:end]))
        yield _Part(heading, first_line + max(start, 0), text, first_line + after)


def _items(part: _Part, path: Path) -> Iterator[tuple[Token, int]]:
    """Yield the first inline token of each list item, with its line in the file. Raises
    `SourceError` for any other content, since it would be lost."""
    tokens = _MARKDOWN.parse(part.text)
    for index, token in enumerate(tokens):
        start = (token.map or (0, 0))[0]
        stray = token.level == 0 and token.nesting >= 0 and token.type != "bullet_list_open"
        if stray or (token.type.endswith("list_open") and token.level > 0):
            raise SourceError(
                path, part.text_line + start, f'"{part.heading}" may only have "- " list items'
            )
        if token.type == "list_item_open" and token.level == 1:
            if tokens[index + 1].type != "paragraph_open":
                raise SourceError(path, part.text_line + start, "has a list item without text")
            yield tokens[index + 2], part.text_line + start


def _fields(part: _Part, path: Path) -> dict[str, Any]:
    tokens = _BLOCKS.parse(part.text)
    if [token.type for token in tokens] != ["fence"]:
        raise SourceError(path, part.text_line, f'"{part.heading}" must be a single ```json block')
    value = parse_json(tokens[0].content, path, part.text_line + 1)
    if not isinstance(value, ObjectNode):
        raise SourceError(path, part.text_line, f'"{part.heading}" is not a JSON object')
    try:
        return fields_of(value)
    except ValueError as error:
        raise SourceError(path, part.line, f'"{part.heading}": {error}') from error


def _related(part: _Part, path: Path) -> Iterator[Related]:
    for token, line in _items(part, path):
        term, colon, why = one_line(token.content).partition(":")
        if not colon or not term.strip() or not why.strip():
            raise SourceError(path, line, "a related term must be a '- Term: reason' line")
        name = term.strip()
        outside = name.endswith(OUTSIDE)
        yield Related(name.removesuffix(OUTSIDE).strip(), why.strip(), outside=outside)


def _questions(part: _Part, path: Path) -> Iterator[Question]:
    parts = list(_parts(part.text, part.text_line, 3))
    if parts[0].text:
        raise SourceError(path, part.line, 'has text before the first "### Question?" heading')
    asked: list[str] = []  # consecutive headings without text are rewordings of one question
    for item in parts[1:]:
        asked.append(item.heading)
        if item.text:
            first, *others = asked
            yield Question(first, item.text)
            yield from (Question(other, item.text, reworded=True) for other in others)
            asked = []
    if asked:
        raise SourceError(path, parts[-1].line, f'"{asked[-1]}" has no answer')


def _references(part: _Part, path: Path) -> Iterator[Reference]:
    for token, line in _items(part, path):
        url = next(
            (str(child.attrs["href"]) for child in token.children or () if "href" in child.attrs),
            None,
        )
        text = one_line(
            "".join(child.content for child in token.children or () if child.type != "link_open")
        )
        if url and is_web_address(url):
            yield Reference(one_line(text.replace(url, "")) or url, url)
        elif text:
            yield Reference(text)
        else:
            raise SourceError(path, line, "has a reference without text")
