"""Build an entry from the text blocks of one term: the definition and the sections."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz import fuzz

from index.entry import LONGEST_NAME, LONGEST_TEXT, MOST_NAMES, Entry, Reference, Related, Section
from index.names import name_key, unique_names
from index.sources.details import NO_FIELDS, TeamFields
from index.sources.files import RefusedError
from index.sources.linked_terms import linked
from index.sources.markdown.blocks import Block, as_text
from index.sources.markdown.naming import definition_of, term_of
from index.sources.markdown.term_names import alias_line, points_to, split_name
from index.sources.prose import LONGEST_SECTION, sections, split_definition
from index.text import address_in, one_line, shorten

LONGEST_RELATED = 60  # characters; a longer item is not a related term
MORE = "More"  # the heading for text after the definition that has no heading
NOTES = "Notes"

_CONTENTS = frozenset({"table of contents", "contents", "on this page"})
_RELATED = frozenset(
    {"related", "related terms", "related concepts", "related entries", "see also"}
    | {"related glossary terms", "related topics"}
)
_REFERENCES = frozenset(
    {"references", "sources", "further reading", "external links", "learn more", "bibliography"}
)
_EXAMPLES = frozenset({"example", "examples"})
_OWNER = re.compile(
    r"(?:[\w ]{1,30} )?(?:owner|owned by|steward|maintainer):\s+([^\s:][^:]*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """An entry before parsing: its name as written, its text blocks, and other fields. `short` is
    a definition from the front matter."""

    name: str
    line: int
    blocks: tuple[Block, ...] = ()
    short: str = ""
    aliases: tuple[str, ...] = ()
    category: str = ""
    example: str = ""
    related: tuple[str, ...] = ()
    url: str | None = None
    updated: date | None = None
    search_phrases: tuple[str, ...] = ()
    team: TeamFields = NO_FIELDS
    left_out: tuple[str, ...] = ()  # reasons for skipped values


def build_entry(draft: DraftEntry, notes: dict[int, str]) -> Entry:
    """Build the entry of a draft; its id is derived from the term. `notes` maps numbers to
    footnotes.

    Raises `RefusedError` if the term or the definition is missing, if the definition is only a
    reference ("See X") or too long, or if there are too many aliases.
    """
    term, names = term_of(draft.name)
    if not name_key(term) or not any(character.isalnum() for character in term):
        raise RefusedError("has no term")
    if len(term) > LONGEST_NAME:
        raise RefusedError(f"has a term of {len(term):,} characters; {LONGEST_NAME} are allowed")
    draft = _with_owner(draft)
    first = draft.blocks[0].text if draft.blocks else draft.short
    labelled = [name for block in draft.blocks for name in alias_line(block.text)]
    parts = _parts([block for block in draft.blocks if not alias_line(block.text)])
    definition, also = _definition(draft.short, term, parts)
    if not definition:
        raise RefusedError(f'"{term}" has no definition')
    if (target := points_to(definition)) and not any(blocks for _, blocks in parts):
        raise RefusedError(f'"{term}" only points to "{target}"')
    if len(definition) > LONGEST_TEXT:
        size = f"{len(definition):,} characters; {LONGEST_TEXT:,} are allowed"
        raise RefusedError(f'"{term}" has a definition of {size}')
    aliases = (*names, *draft.aliases, *also, *labelled, *definition_of(first, term)[1])
    aliases = unique_names(term, (name for name in aliases if len(name) <= LONGEST_NAME))
    if len(aliases) > MOST_NAMES:
        raise RefusedError(f'"{term}" has more than {MOST_NAMES} aliases')
    category = shorten(draft.category, LONGEST_NAME)
    entry = Entry(
        "-".join(name_key(term).split()),
        term,
        definition,
        category=category,
        aliases=aliases,
        updated=draft.updated,
        example=draft.example,
        related=tuple(Related(name, "") for name in draft.related),
        url=draft.url,
        search_phrases=draft.search_phrases,
        owner=draft.team.owner,
        status=draft.team.status,
        details=draft.team.details,
        more_categories=unique_names(category, draft.team.categories),
    )
    entry = _with_sections(entry, parts, _notes(draft.blocks, notes))
    links = linked(link for block in draft.blocks for link in block.links)
    return replace(entry, related=(*entry.related, *links))


def _with_owner(draft: DraftEntry) -> DraftEntry:
    """Take a last paragraph such as "Owner: Ana" for the owner, if the draft has none."""
    *others, last = draft.blocks or (Block("text", "", 0),)
    found = _OWNER.fullmatch(last.text) if last.kind == "text" and (others or draft.short) else None
    if not found or draft.team.owner or len(found[1]) > LONGEST_NAME:
        return draft
    team = replace(draft.team, owner=one_line(found[1]))
    return replace(draft, blocks=tuple(others), team=team)


def _parts(blocks: Sequence[Block]) -> list[tuple[str, list[Block]]]:
    parts: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if block.kind == "heading":
            parts.append((shorten(block.text, LONGEST_NAME), []))
        else:
            parts[-1][1].append(block)
    return [(heading, found) for heading, found in parts if heading or found] or [("", [])]


def _definition(
    short: str, term: str, parts: list[tuple[str, list[Block]]]
) -> tuple[str, tuple[str, ...]]:
    """Return the definition and the aliases at its start, and remove both from `parts`."""
    at = next((at for at, (heading, found) in enumerate(parts) if _defines(heading, found)), 0)
    blocks = parts[at][1]
    first = blocks[0] if blocks else Block("text", "", 0)
    if short:
        short, also = definition_of(short, term)
        if fuzz.ratio(name_key(first.text), name_key(short)) >= 92:
            del blocks[0]
        elif first.text.startswith(short) and first.text[len(short) :].strip():
            blocks[0] = replace(first, text=first.text[len(short) :].strip())
        return short, also
    text, also = definition_of(first.text, term)
    definition, rest = split_definition(text)
    if rest:
        blocks[0] = replace(first, text=rest)
    elif blocks:
        del blocks[0]
    return one_line(definition), also


def _defines(heading: str, blocks: list[Block]) -> bool:
    key = heading.casefold().strip(" :?")
    return bool(blocks) and key not in (_RELATED | _REFERENCES | _CONTENTS | _EXAMPLES)


def _notes(blocks: Sequence[Block], notes: dict[int, str]) -> list[str]:
    wanted = dict.fromkeys(number for block in blocks for number in block.notes)
    return [notes[number] for number in wanted if number in notes]


def _with_sections(
    entry: Entry, parts: list[tuple[str, list[Block]]], notes: Sequence[str]
) -> Entry:
    found: list[Section] = []
    for heading, blocks in parts:
        key = heading.casefold().strip(" :?")
        text = as_text(blocks)
        if not text or key in _CONTENTS:
            continue
        if key in _EXAMPLES and not entry.example and len(text) <= LONGEST_SECTION:
            entry = replace(entry, example=text)
        elif key in _RELATED | _REFERENCES and all(block.kind == "item" for block in blocks):
            entry = _with_pointers(entry, blocks, names=key in _RELATED)
        else:
            found += sections(heading or MORE, text)
    found += sections(NOTES, "\n\n".join(notes))
    return replace(entry, sections=tuple(found))


def _with_pointers(entry: Entry, blocks: Sequence[Block], *, names: bool) -> Entry:
    """Add the items of "See also" or "References" to an entry: names and "name: reason" as related
    terms, others as references. Items such as "On this site:" are labels and are skipped."""
    related = list(entry.related)
    references = list(entry.references)
    for block in blocks:
        name, _, why = block.text.partition(": ")
        if block.text.endswith(":"):
            continue
        if names and not block.url and len(name) <= LONGEST_RELATED:
            related.append(Related(split_name(name)[0], why.strip()))
        else:
            address = block.url or address_in(block.text)
            references.append(Reference(block.text, address or None))
    return replace(entry, related=tuple(related), references=tuple(references))
