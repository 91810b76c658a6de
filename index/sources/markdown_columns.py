"""Tables of terms in Markdown: which column holds what."""

from __future__ import annotations

from functools import lru_cache

from index.sources.markdown_blocks import Block
from index.sources.markdown_entry import Draft
from index.sources.markdown_names import names_in, search_phrases_in, split_phrases
from index.text import is_web_address

_TERMS = ("term", "terms", "name", "word", "phrase", "concept", "keyword", "expression", "title")
_ACRONYMS = ("acronym", "acronyms", "abbreviation", "abbr", "abbreviations", "short form")
_FULL = ("full form", "full name", "expansion", "stands for", "long form", "spelled out")
_MEANINGS = (
    *("definition", "definitions", "meaning", "description", "explanation", "what it is"),
    *("what it means", "summary", "in plain english", "details"),
)
_ALIASES = ("aka", "alias", "aliases", "synonym", "synonyms", "also known as", "other names")
_ROLES = {
    "category": ("category", "type", "area", "topic", "domain", "group"),
    "example": ("example", "examples", "usage"),
    "related": ("related", "related terms", "see also"),
    "url": ("url", "link", "links", "reference", "source"),
    "search_phrases": ("search phrases", "search phrase", "also asked as"),
}


@lru_cache(maxsize=64)
def roles_of(header: tuple[str, ...]) -> tuple[str, ...] | None:
    """What each column of a table is, "" for others; None when it is no table of terms."""
    names = [name.casefold().strip(" :?") for name in header]
    roles = [
        "term" if name in _TERMS else
        "acronym" if name in _ACRONYMS else
        "full" if name in _FULL else
        "meaning" if name in _MEANINGS else
        "aliases" if name in _ALIASES else
        next((role for role, known in _ROLES.items() if name in known), "")
        for name in names
    ]  # fmt: skip
    if "term" not in roles:
        for other in ("acronym", "full"):
            if other in roles:
                roles[roles.index(other)] = "term"
                break
    if "meaning" not in roles and "full" in roles:
        roles[roles.index("full")] = "meaning"
    return tuple(roles) if {"term", "meaning"} <= set(roles) else None


def row_draft(block: Block) -> Draft | None:
    """The term in a row of a table; None when its table holds no terms."""
    roles = roles_of(block.header)
    if roles is None:
        return None
    cells: dict[str, str] = {}
    others: list[Block] = []
    for role, name, cell in zip(roles, block.header, block.cells, strict=False):
        if role and cell:
            cells.setdefault(role, cell)
        elif cell:
            others += [Block("heading", name or "More", block.line, 2)]
            others += [Block("text", cell, block.line)]
    aliases = [
        name for role in ("aliases", "acronym", "full") for name in names_in(cells.get(role, ""))
    ]
    url = block.url or cells.get("url", "")
    phrases, left_out = search_phrases_in(split_phrases(cells.get("search_phrases", "")))
    return Draft(
        cells.get("term", ""),
        block.line,
        (Block("text", cells.get("meaning", ""), block.line), *others),
        aliases=tuple(aliases),
        category=cells.get("category", ""),
        example=cells.get("example", ""),
        related=names_in(cells.get("related", "")),
        url=url if is_web_address(url) else None,
        search_phrases=phrases,
        left_out=left_out,
    )
