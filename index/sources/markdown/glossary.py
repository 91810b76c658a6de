"""Read Markdown glossaries: one file per entry, or one page with many terms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from index.entry import Entry
from index.errors import SourceError
from index.sources.files import (
    Reading,
    Refusal,
    RefusalKind,
    RefusedError,
    SourceFile,
    check_count,
)
from index.sources.frontmatter import loose_front_matter
from index.sources.lengths import PAGE_CAUSE, far_longer
from index.sources.markdown.blocks import Block, blocks_of, plain_line
from index.sources.markdown.entry_parser import DraftEntry, build_entry
from index.sources.markdown.many_entries import Terms, resolve, terms_in
from index.sources.markdown.properties import split_properties
from index.sources.markdown.single_entry import (
    DEFINITION_KEYS,
    TERM_KEYS,
    draft_of,
    licence_in,
    top_heading,
    values_in,
)
from index.sources.text_terms import GLOSSARY
from index.text import one_line, shorten, word_set

LONGEST_MARKDOWN = 1_000_000  # characters
MOST_LINES = 20_000
MOST_CELLS = 50_000

_NO_ENTRY_STEMS = word_set(
    "template style-guide styleguide contributing contribute code-of-conduct changelog license "
    "licence copying authors contributors maintainers owners governance summary toc"
)
_INDEX = "is an index page, not an entry"
_INDEX_LAYOUTS = frozenset(
    {"glossary", "search", "list", "landing", "landing-page", "listing-page", "home", "index"}
)
_UNPUBLISHED = frozenset({"todo", "template", "stub", "unpublished", "archived"})
_LICENCE_LINE = re.compile(
    r"^[^\w\n]*+(?:SPDX-License-Identifier:|licen[cs]ed? ?:|(?:[^.\n]{0,80}\b)?"
    r"(?:licen[cs]ed|distributed|available|released|published) under (?=.*(?:licen[cs]e|\bCC\b|"
    r"creative commons|apache|\bMIT\b|public domain))).*$",
    re.IGNORECASE | re.MULTILINE,
)


def read_markdown(file: SourceFile) -> Reading:
    """Read the entries in a Markdown file.

    Index pages, templates, drafts and other files without entries are refused with the reason.
    Raises `SourceError` when the file or its front matter cannot be read.
    """
    text = file.text
    hint = "Split it into several files."
    check_count(len(text), LONGEST_MARKDOWN, "characters", file.path, hint)
    check_count(text.count("\n"), MOST_LINES, "lines", file.path, hint)
    check_count(text.count("|"), MOST_CELLS, "table cells", file.path, hint)
    try:
        return _read(text, file)
    except RefusedError as error:
        raise SourceError(file.path, None, str(error)) from error
    except RecursionError as error:
        raise SourceError(file.path, None, "is nested too deeply") from error


def _read(text: str, file: SourceFile) -> Reading:
    front, body, first_line = loose_front_matter(text, file.path)
    if not front:
        front, body = split_properties(body, file.name)
    front = _flatten(front)
    licence = licence_in(front) or _licence(body)
    if reason := _reason_not_an_entry(front, PurePosixPath(file.name)):
        return Reading((), (_refusal(file, None, reason),), licence)
    blocks = [replace(block, line=block.line + first_line - 1) for block in blocks_of(body)]
    many = terms_of_page(front, blocks, file)
    if many is not None:
        return reading_of_page(file, many.drafts, blocks, many.skipped, licence)
    if reason := _reason_not_a_page(front, PurePosixPath(file.name)):
        return Reading((), (_refusal(file, None, reason),), licence)
    draft = draft_of(front, blocks, file.name, first_line)
    return reading_of_page(file, [draft], blocks, (), licence)


def _flatten(front: Mapping[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in front.items():
        name = str(key).casefold().strip().replace("-", "_").replace(" ", "_")
        if name in ("params", "extra", "taxonomies") and isinstance(value, dict):
            for inner, held in _flatten(value).items():
                flat.setdefault(inner, held)
        else:
            flat[name] = value
    return flat


def _reason_not_an_entry(front: Mapping[str, object], name: PurePosixPath) -> str:
    """Return the reason why a file's name or front matter excludes it as an entry, or ""."""
    stem = name.stem.casefold().replace("_", "-").strip("-")
    if name.stem == "_index":
        return _INDEX
    if stem.endswith("-template") or name.stem.startswith("_") or stem in _NO_ENTRY_STEMS:
        return f"is not an entry, by its name ({shorten(stem, 40)})"
    for key in ("layout", "page_type", "type"):
        value = str(front.get(key, "")).casefold()
        if value in _INDEX_LAYOUTS and (value != "glossary" or key == "layout"):
            return _INDEX
        if value.endswith("disambiguation"):
            return "is a list of other pages, not an entry"
    if str(front.get("draft", "")).casefold() in ("true", "yes", "on", "1"):
        return "is a draft"
    if str(front.get("status", "")).casefold().strip() in _UNPUBLISHED:
        return f"is not published (its status is {shorten(one_line(str(front['status'])), 40)})"
    return ""


def _reason_not_a_page(front: Mapping[str, object], name: PurePosixPath) -> str:
    if name.stem.casefold() == "readme":
        return "is a read-me file, not an entry"
    if name.stem == "index" and len(name.parts) == 1:
        return "" if any(values_in(front, DEFINITION_KEYS)) else _INDEX
    return ""


def terms_of_page(
    front: Mapping[str, object], blocks: Sequence[Block], file: SourceFile
) -> Terms | None:
    """Return the terms on a page, or None if it is one entry."""
    if "term" in front or any(values_in(front, ("short_description", "definition"))):
        return None
    found = terms_in(blocks)
    path = PurePosixPath(file.name)
    top = top_heading(blocks)
    title = next(values_in(front, TERM_KEYS), "")
    count, general = len(found.drafts), path.stem.casefold() in ("readme", "index")
    named = title or top or path.stem
    if general:
        sure = found.dividers >= 3 or found.in_order or found.form in ("bold", "list", "table")
        return found if count >= 5 and sure and GLOSSARY.search(f"{named} {top}") else None
    if (found.dividers >= 2 and count >= 2) or (GLOSSARY.search(named) and count >= 2):
        return found
    if title or not count:
        return None
    lone = not top and not any(block.kind == "text" for block in blocks[:1])
    enough = {"headings": 8, "bold": 5, "list": 3, "table": 2}[found.form or "headings"]
    ordered = count >= 4 and found.in_order
    return found if count >= enough or ordered or (lone and count >= 2) else None


def reading_of_page(
    file: SourceFile,
    drafts: Sequence[DraftEntry],
    blocks: Sequence[Block],
    skipped: Sequence[tuple[int, str]],
    licence: str,
) -> Reading:
    """Return the entries of the drafts on a page, and its refusals."""
    notes: dict[int, str] = {}
    for block in blocks:
        if block.kind == "note":
            notes[block.level] = f"{notes.get(block.level, '')}\n\n{block.text}".strip()
    entries: list[Entry] = []
    refused = [_refusal(file, line, reason) for line, reason in skipped]
    lines: list[int] = []
    for draft in resolve(drafts):
        try:
            entries.append(build_entry(draft, notes))
            lines.append(draft.line)
            refused += [
                _refusal(file, draft.line, reason, "shortened")
                for reason in (*draft.left_out, *draft.team.left_out)
            ]
        except RefusedError as error:
            refused.append(_refusal(file, draft.line, str(error)))
    warnings = far_longer(list(zip(lines, entries, strict=True)), PAGE_CAUSE)
    refused += [_refusal(file, line, reason, "far longer") for line, reason in warnings]
    refused.sort(key=lambda refusal: refusal.line or 0)
    return Reading(tuple(entries), tuple(refused), licence)


def _refusal(
    file: SourceFile, line: int | None, reason: str, kind: RefusalKind = "skipped"
) -> Refusal:
    return Refusal(str(file.path), line, reason, kind=kind)


def _licence(body: str) -> str:
    if "icen" not in body and "ICEN" not in body:
        return ""
    found = _LICENCE_LINE.search(body)
    if not found:
        return ""
    return shorten(plain_line(found[0][:2_000].strip(" -*#<!>")), 300)
