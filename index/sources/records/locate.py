"""Find the records of a glossary in a JSON or YAML value."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from index.sources.columns import MEANINGS, OTHER, assign, column_key, field_of, is_complete
from index.sources.plain_data import ObjectNode, Value

_HOLDERS = frozenset(
    column_key(name)
    for name in (
        *("terms", "glossary", "glossaries", "entries", "items", "data", "records", "acronyms"),
        *("words", "definitions", "abbreviations", "concepts", "vocabulary", "dictionary"),
        *("glossary terms", "glossary entries", "results", "list", "rows", "nodes", "children"),
    )
)
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record in a file: its value, its term if given as a key, and the name of its group."""

    value: Value
    term: str = ""
    category: str = ""


def fields_of(record: ObjectNode, columns: Mapping[str, str]) -> tuple[str, ...]:
    """Return the field of each key of a record (see `columns.assign`)."""
    return _fields(tuple(key for key, _ in record.pairs), tuple(columns.items()))


@lru_cache(maxsize=512)
def _fields(keys: tuple[str, ...], columns: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(assign(keys, dict(columns)))


def describes(value: Value, columns: Mapping[str, str]) -> bool:
    """Return whether `value` is a record with a definition."""
    return isinstance(value, ObjectNode) and bool(MEANINGS & set(fields_of(value, columns)))


def _is_record(value: ObjectNode, columns: Mapping[str, str]) -> bool:
    texts = {
        field
        for field, (_, item) in zip(fields_of(value, columns), value.pairs, strict=True)
        if field != "term" or isinstance(item, str)
    }
    return is_complete(texts)


def licence_of(value: Value, columns: Mapping[str, str]) -> str:
    """Return the licence at the top level of a file, or ""."""
    if not isinstance(value, ObjectNode):
        return ""
    cells = zip(fields_of(value, columns), value.pairs, strict=True)
    licences = (item for field, (_, item) in cells if field == "licence")
    return next((item for item in licences if isinstance(item, str)), "")


def records_in(
    value: Value, columns: Mapping[str, str], category: str = "", depth: int = 0
) -> Iterator[FoundRecord]:
    """Yield the records in `value`, in order.

    `value` is a list of records, a mapping with terms as keys, either of these under a key such as
    "terms", or a single record.
    """
    if isinstance(value, tuple):
        for item in value:
            if _is_named(item, columns):
                yield from records_in(item, columns, category, depth + 1)
                continue
            own, lists = _group(item, columns) if depth < _DEEPEST else (item, [])
            if not lists:
                yield FoundRecord(item, category=category)
                continue
            if describes(own, columns):
                yield FoundRecord(own, category=category)
            inner = (isinstance(own, ObjectNode) and _name_of(own, columns)) or category
            for records in lists:
                yield from records_in(records, columns, inner, depth + 1)
    elif not isinstance(value, ObjectNode) or depth > _DEEPEST:
        if value:
            yield FoundRecord(value, category=category)
    elif held := _held(value, columns):
        for key, item in value.pairs:
            if key in held:
                plain = column_key(key) in _HOLDERS or len(key) == 1
                inner = category if plain else key
                yield from records_in(item, columns, inner, depth + 1)
            elif isinstance(item, ObjectNode) and not field_of(key):
                yield from _by_term(ObjectNode(((key, item),)), columns, category, depth)
    elif _is_record(value, columns) or _is_partial(value, columns):
        yield FoundRecord(value, category=category)
    else:
        yield from _by_term(value, columns, category, depth)


def _group(value: Value, columns: Mapping[str, str]) -> tuple[ObjectNode, list[Value]]:
    """Return a record without the lists of records that it holds under known keys, as in a data
    catalogue, and these lists. There are none for any other value."""
    if not isinstance(value, ObjectNode):
        return ObjectNode(()), []
    held = _held(value, columns)
    is_inner = [key in held and column_key(key) in _HOLDERS for key, _ in value.pairs]
    own = tuple(pair for pair, inner in zip(value.pairs, is_inner, strict=True) if not inner)
    lists = [item for (_, item), inner in zip(value.pairs, is_inner, strict=True) if inner]
    return ObjectNode(own), lists


def _name_of(record: ObjectNode, columns: Mapping[str, str]) -> str:
    cells = zip(fields_of(record, columns), record.pairs, strict=True)
    names = (item for field, (_, item) in cells if field == "term")
    return next((name for name in names if isinstance(name, str)), "")


def _is_named(value: Value, columns: Mapping[str, str]) -> bool:
    """Return whether a mapping has a term as its only key, as in `API: Application …`."""
    if not isinstance(value, ObjectNode) or len(value.pairs) != 1:
        return False
    return not {"term", *MEANINGS} & set(fields_of(value, columns))


def _held(value: ObjectNode, columns: Mapping[str, str]) -> set[str]:
    """Return the keys of a mapping whose values are lists or mappings of records."""
    record = _is_record(value, columns)
    held: set[str] = set()
    for field, (key, item) in zip(fields_of(value, columns), value.pairs, strict=True):
        known = column_key(key) in _HOLDERS or len(key) == 1
        if isinstance(item, tuple) and item and isinstance(item[0], ObjectNode):
            of_records = _is_record(item[0], columns)
            inner = not describes(item[0], columns) or bool(_group(item[0], columns)[1])
            listed = of_records or (known and not record and inner)
            own = record and field != OTHER and column_key(key) not in _HOLDERS
            if listed and not own:
                held.add(key)
        elif isinstance(item, ObjectNode) and item.pairs and known and not describes(item, columns):
            held.add(key)
    return held


def _is_partial(value: ObjectNode, columns: Mapping[str, str]) -> bool:
    """Return whether a mapping is a record without a definition, not a mapping with terms as
    keys."""
    fields = fields_of(value, columns)
    known = sum(field != OTHER for field in fields)
    return "term" in fields and 2 * known > len(fields) and len(fields) > 1


def _by_term(
    value: ObjectNode, columns: Mapping[str, str], category: str, depth: int
) -> Iterator[FoundRecord]:
    inner = Counter(
        key
        for _, item in value.pairs
        if isinstance(item, ObjectNode) and not describes(item, columns)
        for key, _ in item.pairs
    )
    fields = fields_of(value, columns)
    for field, (key, item) in zip(fields, value.pairs, strict=True):
        if (field == "licence" and depth == 0) or key.startswith(("$", "@", "_")):
            continue
        if isinstance(item, tuple) and item:
            for meaning in item:
                yield FoundRecord(meaning, key, category)
        elif (
            isinstance(item, ObjectNode)
            and item.pairs
            and not describes(item, columns)
            and all(inner[name] == 1 for name, _ in item.pairs)
        ):  # a group of terms, since none of its keys recurs in another group
            yield from _by_term(item, columns, key, depth + 1)
        else:
            yield FoundRecord(item, key, category)
