"""Map the columns of a table, or the keys of a record, to fields of an entry by name."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

# The known names of each field, the likeliest first. If two columns match one field, the name
# that comes first here wins.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "term": (
        *("term", "headword", "word", "glossary term", "business term", "key term", "keyword"),
        *("phrase", "concept", "entry", "name", "title", "label", "pref label"),
    ),
    "acronym": (
        *("acronym", "abbreviation", "abbrev", "abbr", "initialism", "short form", "short name"),
    ),
    "expansion": (
        *("expansion", "full form", "stands for", "what it stands for", "full name", "long form"),
        *("long name", "expanded form", "expanded", "spelled out", "full term"),
        *("acronym meaning", "acronym expansion", "acronym definition"),
    ),
    "definition": (
        *("short def", "short definition", "short description", "one liner", "summary", "tldr"),
        *("definition", "def", "gloss", "meaning", "sense", "what it means", "description"),
        *("desc", "explanation", "text", "content", "body"),
    ),
    "long": (
        *("long def", "long definition", "long description", "full definition"),
        *("full description", "extended definition", "detailed description", "detail"),
    ),
    "context": ("context", "used in", "where used", "scope"),
    "category": (
        *("category", "categories", "domain", "area", "subject area", "topic", "subject"),
        *("theme", "group", "department", "type"),
    ),
    "tags": ("tag",),
    "owner": (
        *("owner", "owned by", "steward", "responsible", "accountable", "contact", "maintainer"),
        *("maintained by", "managed by", "point of contact", "contact person", "author"),
    ),
    "status": ("status", "state"),
    "aliases": (
        *("aliases", "alias", "aka", "also known as", "also called", "synonym", "other name"),
        *("alternative name", "alternate name", "alternative term", "alt label", "variant"),
    ),
    "search_phrases": ("search phrase", "also asked as"),
    "url": ("url", "link", "href", "uri", "permalink", "web page", "website"),
    "example": ("example", "example sentence", "usage example", "usage", "use case", "sample"),
    "related": (
        *("related", "related term", "related concept", "see also", "see", "cf", "relationship"),
        *("broader", "narrower"),
    ),
    "references": ("reference", "citation", "source", "bibliography", "further reading"),
    "updated": (
        *("updated", "last updated", "updated at", "updated on", "last reviewed", "reviewed"),
        *("last modified", "modified", "date modified", "revised", "review date", "date"),
    ),
    "licence": ("license", "licence", "rights", "copyright"),
    "notes": ("note", "comment", "remark", "additional information"),
    # Columns that are shown with the entry and not searched, like short columns of unknown names.
    "attributes": (
        *("attribute", "reviewer", "reviewed by", "approver", "approved by", "role", "version"),
        *("language", "lang", "locale", "part of speech", "pos", "created", "created at"),
        *("created on", "date created", "created by"),
    ),
    # Columns ignored without a warning.
    "": (
        *("id", "identifier", "uuid", "slug", "no", "nr", "number", "index", "row", "letter"),
        *("order", "weight", "sort key", "draft"),
    ),
}
NO_COLUMNS = "has no column recognized as terms or as definitions"
ATTRIBUTES = "attributes"
OTHER = "other"
MEANINGS = frozenset({"definition", "long", "expansion"})
_SEVERAL = frozenset(
    {"aliases", "search_phrases", "url", "example", "related", "references", "notes", "licence"}
    | {"tags", ATTRIBUTES, ""}
)
_LAST_WORDS = frozenset(
    {
        *("term", "acronym", "abbreviation", "definition", "description", "meaning", "expansion"),
        *("category", "example", "url", "link", "synonym", "tag", "owner", "steward", "status"),
    }
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_APART = re.compile(r"[^\w]+|_+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PARTS = re.compile(r"[/,&|+]|\bor\b|\band\b", re.IGNORECASE)
_LONGEST_NAME = 60


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def column_key(name: str) -> str:
    """Normalize a column name: ignore case, spaces, underscores and the plural."""
    words = _APART.split(_CAMEL.sub(" ", unicodedata.normalize("NFKC", name)).casefold())
    return "".join(_singular(word) for word in words if word)


def is_plural(name: str) -> bool:
    """Return whether a column name is a plural, such as "Categories"."""
    return name.strip().casefold().endswith("s")


_KNOWN: dict[str, tuple[str, int]] = {
    column_key(name): (field, rank)
    for field, names in reversed(list(FIELDS.items()))
    for rank, name in enumerate(names)
}


@lru_cache(maxsize=1024)
def field_of(name: str) -> tuple[str, int] | None:
    """Return the field called `name` and the rank of that name (0 is the likeliest), or None.
    "Term (English)", "Acronym/Term" and "Business Definition" match by their parts."""
    if not name or len(name) > _LONGEST_NAME:
        return None
    if found := _KNOWN.get(column_key(name)):
        return found
    bare = _BRACKETS.sub(" ", name).strip()
    parts = [part for part in _PARTS.split(bare) if part]
    for part in (bare, *parts):
        if found := _KNOWN.get(column_key(part)):
            return found
    words = [word for word in _APART.split(_CAMEL.sub(" ", bare)) if word]
    if words[1:] and words[-1].casefold() in ("on", "at", "date"):
        found = _KNOWN.get(column_key(" ".join(words[:-1])))
        return found if found and found[0] == "updated" else None
    if 1 < len(words) <= 3 and column_key(words[-1]) in {column_key(w) for w in _LAST_WORDS}:
        return _KNOWN[column_key(words[-1])]
    return None


def assign(names: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """Return the field of each of `names`: a key of `FIELDS`, "" (ignored) or "other" (unknown).

    `columns` (field: name) takes precedence. If two columns match one field, the likelier name wins
    and the other column is "other"; a second definition becomes the long definition, and a second
    owner or status an attribute.
    """
    given = explicit(names, columns)
    found = [field_of(name) if given[at] is None else None for at, name in enumerate(names)]
    fields = [field or OTHER for field in given]
    taken = {field for field in given if field is not None}
    order = sorted(
        (at for at, item in enumerate(found) if item), key=lambda at: (found[at] or ("", 0))[1]
    )
    for at in order:
        field = (found[at] or ("", 0))[0]
        if field == "definition" and field in taken and "long" not in taken:
            field = "long"
        if field in taken and field in ("owner", "status"):
            field = ATTRIBUTES
        if field in taken and field not in _SEVERAL:
            continue
        fields[at] = field
        taken.add(field)
    return _acronyms(fields, names)


def explicit(names: Sequence[str], columns: Mapping[str, str]) -> list[str | None]:
    """Return the field that `columns` assigns to each of `names`, or None."""
    by_name: dict[str, str] = {}
    for field, name in columns.items():
        known = field_of(field)
        by_name[column_key(name)] = known[0] if known and known[0] else OTHER
    return [by_name.get(column_key(name)) for name in names]


def _acronyms(fields: list[str], names: Sequence[str]) -> list[str]:
    if "acronym" not in fields:
        return fields
    at = fields.index("acronym")
    described = "definition" in fields or "long" in fields
    if "term" in fields:
        if described or "expansion" in fields:
            fields[at] = "aliases"
            return fields
        fields[fields.index("term")] = "expansion"
        fields[at] = "term"
        return fields
    fields[at] = "term"
    if "expansion" in fields or "definition" not in fields:
        return fields
    definition = fields.index("definition")
    if column_key(names[definition]) in _EXPLAINS and "long" not in fields:
        return fields
    if "long" in fields:
        fields[fields.index("long")] = "definition"
    fields[definition] = "expansion"
    return fields


_EXPLAINS = frozenset(column_key(name) for name in ("description", "desc", "explanation", "text"))


def is_header(cells: Iterable[str], columns: Mapping[str, str]) -> bool:
    """Return whether these cells are column names that include the term and its meaning."""
    return is_complete(assign(list(cells), columns))


def is_complete(fields: Iterable[str]) -> bool:
    """Return whether these fields include a term and its meaning."""
    return "term" in (known := set(fields)) and bool(MEANINGS & known)
