"""Read the rows of Markdown tables of terms."""

from functools import lru_cache

from index.sources.columns import ATTRIBUTES, OTHER, assign, is_plural
from index.sources.details import is_prose, split_names, team_fields
from index.sources.markdown.blocks import Block
from index.sources.markdown.entry_parser import DraftEntry
from index.sources.markdown.term_names import names_in, search_phrases_in, split_phrases
from index.text import is_web_address, one_line

_KEPT = frozenset(
    {"term", "definition", "expansion", "category", "aliases", "example", "related", "url"}
    | {"search_phrases", "tags"}
)
_TEAM = frozenset({"owner", "status", ATTRIBUTES})


@lru_cache(maxsize=64)
def _fields_of(header: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the field of each column of a table (see `columns.assign`), or None if the table
    does not list terms."""
    fields = assign([name.strip(" :?") for name in header], {})
    if "definition" not in fields and "expansion" in fields:
        fields[fields.index("expansion")] = "definition"
    return tuple(fields) if {"term", "definition"} <= set(fields) else None


def row_draft(block: Block) -> DraftEntry | None:
    """Return the draft entry in a table row, or None if the table does not list terms."""
    fields = _fields_of(block.header)
    if fields is None:
        return None
    cells: dict[str, str] = {}
    others: list[Block] = []
    lines: list[tuple[str, str, str]] = []
    for field, name, cell in zip(fields, block.header, block.cells, strict=False):
        if field in _KEPT and cell:
            cells.setdefault(field, cell)
        elif cell and (field in _TEAM or (field == OTHER and not is_prose(cell))):
            lines.append((field, name or "More", one_line(cell)))
        elif field and cell:
            others += [Block("heading", name or "More", block.line, 2)]
            others += [Block("text", cell, block.line)]
    header = zip(fields, block.header, strict=False)
    commas = any(field == "category" and is_plural(name) for field, name in header)
    categories = split_names(cells.get("category", ""), commas=commas)
    team = team_fields(lines, [*categories, *split_names(cells.get("tags", ""), commas=True)])
    url = block.url or cells.get("url", "")
    phrases, left_out = search_phrases_in(split_phrases(cells.get("search_phrases", "")))
    return DraftEntry(
        cells.get("term", ""),
        block.line,
        (Block("text", cells.get("definition", ""), block.line, links=block.links), *others),
        aliases=(*names_in(cells.get("aliases", "")), *names_in(cells.get("expansion", ""))),
        category=next(iter(team.categories), ""),
        example=cells.get("example", ""),
        related=names_in(cells.get("related", "")),
        url=url if is_web_address(url) else None,
        search_phrases=phrases,
        team=team,
        left_out=left_out,
    )
