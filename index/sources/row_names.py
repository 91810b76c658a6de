"""Find the names in rows, and the rows that are only another name of a term."""

from collections.abc import Mapping
from dataclasses import replace

from index.names import name_key
from index.sources.markdown.naming import definition_of, pointing, term_of
from index.sources.row import Row


def with_names(draft: Row) -> Row:
    """Return a row with the other names that its term and its definition contain as aliases."""
    term, names = term_of(draft.term)
    definition, more = definition_of(draft.definition, term)
    return replace(
        draft,
        term=term,
        definition=definition or draft.definition,
        aliases=[*names, *draft.aliases, *more],
    )


def without_pointers(rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """Return the rows by key, without those of terms that only name another term. Their names
    become aliases of that term."""
    keys = list(rows)
    names = [_names(rows[key]) for key in keys]
    kept = {key: list(drafts) for key, drafts in rows.items()}
    for at, to in pointing(names, [_text(rows[key]) for key in keys]).items():
        first, *others = kept[keys[to]]
        aliases = [*first.aliases, *(name for name in names[at] if name_key(name) != keys[to])]
        kept[keys[to]] = [replace(first, aliases=aliases), *others]
        del kept[keys[at]]
    return kept


def _names(drafts: list[Row]) -> list[str]:
    others = [name for draft in drafts for name in draft.aliases]
    return [drafts[0].term, *others]


def _text(drafts: list[Row]) -> str:
    """Return the only text of a term, or "" if it has several."""
    first = drafts[0]
    texts = list(filter(None, (first.definition, first.long, first.expansion)))
    single = len(drafts) == len(texts) == 1 and not (first.sections or first.example)
    return texts[0] if single else ""
