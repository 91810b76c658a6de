"""Parse the values of a row or record: names, texts, related terms, references.

A text that is too long, or a list with too many items, raises `RefusedError`.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from index.entry import LONGEST_NAME, Reference, Related
from index.sources.cells import LONGEST_CELL, marks_in, plain, plain_line
from index.sources.columns import field_of
from index.sources.details import split_names
from index.sources.files import RefusedError
from index.sources.page_ids import without_page_links
from index.sources.plain_data import ObjectNode, Value
from index.text import address_in, is_web_address, shorten

_WHY = {"broader": "broader term", "narrower": "narrower term"}
MOST_ITEMS = 200
_Items = TypeVar("_Items", bound=Sequence[Value])


def marks_of(value: Value) -> int:
    """Count the markup characters in the texts of a value."""
    if isinstance(value, str):
        return marks_in(value)
    items = (item for _, item in value.pairs) if isinstance(value, ObjectNode) else iter(value)
    return sum(map(marks_of, items))


def _check_length(text: str) -> str:
    if len(text) > LONGEST_CELL:
        raise RefusedError(f"has a text of {len(text):,} characters; {LONGEST_CELL:,} are allowed")
    return text


def text_of(value: Value) -> str:
    """Convert a value to text: a list to "- " lines, a mapping to "key: value" paragraphs."""
    if isinstance(value, str):
        return _check_length(value)
    if isinstance(value, ObjectNode):
        parts = [f"{key}: {text_of(item)}" for key, item in value.pairs if item]
        return _check_length("\n\n".join(parts))
    items = [text for item in items_of(value) if (text := text_of(item))]
    return _check_length("\n".join(f"- {item}" for item in items) if items[1:] else "".join(items))


def line_of(value: Value) -> str:
    """Convert a value to one line: the items of a list, or the values of a mapping, with `; `."""
    if isinstance(value, str):
        return plain_line(_check_length(value))
    items = (item for _, item in value.pairs) if isinstance(value, ObjectNode) else items_of(value)
    return _check_length("; ".join(filter(None, map(line_of, items))))


def items_of(value: Value) -> tuple[Value, ...]:
    """Return the items of a list; any other value is a single item."""
    return _check_count(value if isinstance(value, tuple) else (value,))


def _check_count(items: _Items) -> _Items:
    if len(items) > MOST_ITEMS:
        raise RefusedError(f"has a list of {len(items):,} items; {MOST_ITEMS:,} are allowed")
    return items


def names_in(value: Value, *, commas: bool = True) -> Iterator[str]:
    """Yield the names in a list, or in a text that separates them by `;`, `|` or line breaks.

    With `commas`, a text without these separators is split at commas.
    """
    if isinstance(value, str):
        parts = split_names(without_page_links(_check_length(value)), commas=commas)
    elif isinstance(value, ObjectNode):
        parts = [_name_in(value)]
    else:
        parts = [_name_in(i) if isinstance(i, ObjectNode) else text_of(i) for i in items_of(value)]
    for part in _check_count(parts):
        if name := plain_line(part):
            yield name


def _name_in(item: ObjectNode) -> str:
    for key, value in item.pairs:
        known = field_of(key)
        if known and known[0] in ("term", "acronym", "expansion") and isinstance(value, str):
            return value
    return ""


def example_in(value: Value) -> str:
    """Convert an example to text: a string, a list, or a mapping with keys such as "do"."""
    if isinstance(value, ObjectNode):
        parts = [(_DO.get(key.casefold(), heading_of(key)), item) for key, item in value.pairs]
        return _check_length(
            "\n\n".join(f"{key}:\n{_bullets(item)}" for key, item in parts if item)
        )
    return _bullets(value) if isinstance(value, tuple) and value[1:] else plain(text_of(value))


_DO = {"do": "Do", "dont": "Don't", "don't": "Don't", "do_not": "Don't", "do not": "Don't"}


def _bullets(value: Value) -> str:
    texts = (plain_line(text_of(item)) for item in items_of(value))
    return "\n".join(f"- {text}" for text in texts if text)


def related_in(value: Value, name: str) -> Iterator[Related]:
    """Yield the related terms in the value of the key `name`.

    A term without a reason gets the reason "related", "broader term" or "narrower term".
    """
    if isinstance(value, ObjectNode) and not _name_in(value):
        for key, item in value.pairs:
            if item:
                yield from related_in(item, key)
        return
    for item in items_of(value):
        reason = ""
        if isinstance(item, ObjectNode):
            reasons = (text_of(text) for key, text in item.pairs if _is_reason(key, text))
            reason = plain_line(next(reasons, ""))
        for term in names_in((item,) if isinstance(value, tuple) else item):
            if len(term) <= LONGEST_NAME:
                yield Related(term, reason or _WHY.get(name.casefold(), "related"))


def _is_reason(key: str, value: Value) -> bool:
    known = field_of(key)
    return isinstance(value, str) and (
        key.casefold() in ("why", "reason", "relation") or bool(known and known[0] == "definition")
    )


def references_in(value: Value) -> Iterator[Reference]:
    """Yield the references in a value, with their web addresses, if any."""
    for item in items_of(value):
        if isinstance(item, ObjectNode):
            url = next((v for k, v in item.pairs if (field_of(k) or " ")[0] == "url"), "")
            words = [plain_line(text_of(v)) for _, v in item.pairs if v and v != url]
            address = url if isinstance(url, str) and is_web_address(url) else ""
            text = ", ".join(word for word in words if word)
        else:
            raw = text_of(item)
            address = address_in(raw)
            text = plain_line(raw.replace(address, "")).strip(" -–—:,;().") if address else ""
            text = text or plain_line(raw)
        if text or address:
            yield Reference(text or address, address or None)


def heading_of(name: str) -> str:
    """Return the section heading for a field called `name`."""
    words = plain_line(name).replace("_", " ")
    return shorten(words[:1].upper() + words[1:], LONGEST_NAME)
