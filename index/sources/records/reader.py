"""Read glossaries in JSON, JSON Lines and YAML files."""

from collections.abc import Iterator, Mapping

from index.errors import SourceError
from index.sources.collector import MOST_ROWS, EntryCollector
from index.sources.columns import MEANINGS, column_key
from index.sources.field_values import marks_of
from index.sources.files import Reading, RefusedError, SourceFile
from index.sources.markdown.links import linked_in
from index.sources.native_json import entry_from_record, is_marked
from index.sources.plain_data import ObjectNode, Value, parse_json, parse_yaml
from index.sources.records.locate import FoundRecord, describes, fields_of, licence_of, records_in
from index.sources.row import draft_of, spells_out
from index.text import one_line, shorten

Cell = tuple[str, str, Value]  # the field, the key, the value
_PROPERTIES = frozenset(
    column_key(name) for name in ("properties", "custom properties", "custom fields", "metadata")
)


def read_records(file: SourceFile, columns: Mapping[str, str] = {}) -> Reading:
    """Read the entries of a .json, .jsonl, .ndjson, .yaml or .yml file.

    The file contains a list of records, a mapping from terms to texts or records, a single record,
    several documents, or any of these under a key such as "terms". `columns` maps fields to keys
    that are not recognized: `{"term": "key"}`. Records exported by Nearsay are read without loss
    (see `native_json`). A refusal names the position of a record, from 1, not a line. Raises
    `SourceError` for a file that cannot be read or has no record.
    """
    collector = EntryCollector(file, "record")
    number = 0
    for root in _roots(file, collector):
        collector.licence(licence_of(root, columns))
        for found in records_in(root, columns):
            number += 1
            if number > MOST_ROWS:
                reason = f"has more than {MOST_ROWS:,} records; the rest is not read"
                collector.refuse(None, reason)
                return collector.reading()
            if isinstance(found.value, ObjectNode) and is_marked(found.value):
                _add_native(found.value, number, collector)
                continue
            if not collector.count_marks(number, marks_of(found.value)):
                return collector.reading()
            _add(found, number, columns, collector)
    return collector.reading()


def _roots(file: SourceFile, collector: EntryCollector) -> Iterator[Value]:
    suffix = file.path.suffix.casefold()
    text = file.text
    if suffix in (".yaml", ".yml"):
        yield from parse_yaml(text, file.path)
    elif suffix in (".jsonl", ".ndjson"):
        yield _json_lines(text, file, collector)
    else:
        yield parse_json(text, file.path)


def _json_lines(text: str, file: SourceFile, collector: EntryCollector) -> Value:
    values: list[Value] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if len(values) > MOST_ROWS:
            break
        if line.strip():
            try:
                values.append(parse_json(line, file.path, number))
            except SourceError as error:
                collector.refuse(None, f"line {number} {error.reason}")
    if not values:
        raise SourceError(file.path, None, "has no line of valid JSON")
    return tuple(values)


def _add_native(record: ObjectNode, number: int, collector: EntryCollector) -> None:
    try:
        collector.add_entry(entry_from_record(record))
    except RefusedError as error:
        collector.refuse(number, str(error))


def _add(
    found: FoundRecord, number: int, columns: Mapping[str, str], collector: EntryCollector
) -> None:
    try:
        for cells in _meanings(found, columns):
            draft = draft_of(cells, number)
            draft.related += linked_in(text for _, _, text in cells if isinstance(text, str))
            collector.add_row(draft)
    except RefusedError as error:
        name = f'"{shorten(one_line(found.term), 60)}": ' if found.term else ""
        collector.refuse(number, f"{name}{error}")


def _meanings(found: FoundRecord, columns: Mapping[str, str]) -> Iterator[list[Cell]]:
    value = found.value
    if isinstance(value, str) and found.term:
        value = ObjectNode((("definition", value),))
    if not isinstance(value, ObjectNode):
        raise RefusedError("is not a record with keys and values")
    value = _flat(value)
    cells = [
        (field, key, item)
        for field, (key, item) in zip(fields_of(value, columns), value.pairs, strict=True)
    ]
    cells += _from_position(found, cells)
    at = next((at for at, cell in enumerate(cells) if _is_several(cell, columns)), None)
    if at is None:
        yield cells
        return
    _, key, several = cells.pop(at)
    for meaning in several if isinstance(several, tuple) else (several,):
        if isinstance(meaning, ObjectNode):
            own = zip(fields_of(meaning, columns), meaning.pairs, strict=True)
            inner = [(field, name, item) for field, (name, item) in own if item]
        else:
            inner = [("definition", key, meaning)]
        yield [*inner, *(cell for cell in cells if cell[0] != "definition")]


def _flat(record: ObjectNode) -> ObjectNode:
    """Return a record with the properties that a data catalogue keeps in a mapping of their own."""
    pairs: list[tuple[str, Value]] = []
    for key, item in record.pairs:
        if isinstance(item, ObjectNode) and column_key(key) in _PROPERTIES:
            pairs += item.pairs
        else:
            pairs.append((key, item))
    return ObjectNode(tuple(pairs))


def _is_several(cell: Cell, columns: Mapping[str, str]) -> bool:
    field, _, value = cell
    if field not in MEANINGS or isinstance(value, str):
        return False
    return describes(value, columns) or (
        field == "definition" and isinstance(value, tuple) and bool(value)
    )


def _from_position(found: FoundRecord, cells: list[Cell]) -> Iterator[Cell]:
    own = next((item for field, _, item in cells if field == "term"), "")
    if found.term and not own:
        yield "term", "term", found.term
    elif found.term and isinstance(own, str) and spells_out(own, found.term):
        yield "aliases", "aliases", (found.term,)
    if found.category and not any(field == "category" and item for field, _, item in cells):
        yield "category", "category", (found.category,)
