"""Parse JSON and YAML into texts, lists, and mappings that keep duplicate keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from index.errors import SourceError
from index.text import one_line, shorten

DEEPEST = 100  # levels of nesting
MOST_VALUES = 1_000_000
_YAML_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class ObjectNode:
    """A mapping as (key, value) pairs in the order of the file, with duplicate keys."""

    pairs: tuple[tuple[str, Value], ...]


# A text (numbers and booleans as written, null as ""), a list, or a mapping.
Value = str | tuple["Value", ...] | ObjectNode


def parse_json(text: str, path: Path, first_line: int = 1) -> Value:
    """Parse a JSON text.

    Raises `SourceError` for invalid JSON, nesting deeper than 100 levels, or more than 1,000,000
    values.
    """
    if sum(map(text.count, ",:[{")) > 2 * MOST_VALUES:
        raise SourceError(path, None, f"has more than {MOST_VALUES:,} values")
    try:
        value = json.loads(
            text, object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=str
        )
        return _plain(value, 0, path)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        raise SourceError(path, line, f"is not valid JSON: {error.msg}") from error
    except RecursionError as error:
        raise SourceError(path, None, "is nested too deeply") from error


def _plain(value: object, depth: int, path: Path) -> Value:
    if depth > DEEPEST:
        raise SourceError(path, None, f"is nested deeper than {DEEPEST} levels")
    if isinstance(value, tuple):  # the pairs of a JSON object; an array is a list
        return ObjectNode(tuple((key, _plain(item, depth + 1, path)) for key, item in value))
    if isinstance(value, list):
        return tuple(_plain(item, depth + 1, path) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ""


def parse_yaml(text: str, path: Path, first_line: int = 1) -> list[Value]:
    """Parse the documents in a YAML string that starts on `first_line` of its file. Scalars become
    strings.

    Raises `SourceError` for invalid YAML, tags (which build objects), anchors (which can expand
    exponentially), a key that is not a string, nesting deeper than 100 levels, or more than
    1,000,000 values.
    """
    try:
        return list(_documents(text, path, first_line))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problem = one_line(str(error.problem or error.context or "unreadable"))
        line = mark.line + first_line if mark else None
        raise SourceError(path, line, f"is not valid YAML: {shorten(problem, 200)}") from error
    except (RecursionError, yaml.YAMLError) as error:
        raise SourceError(path, None, "is not valid YAML") from error


@dataclass(slots=True)
class _Open:
    """A list or mapping being parsed; in a mapping, keys and values alternate."""

    mapping: bool
    line: int | None
    items: list[Value]


def _documents(text: str, path: Path, first_line: int) -> Iterator[Value]:
    stack: list[_Open] = []
    for count, event in enumerate(yaml.parse(text, Loader=_YAML_LOADER)):
        if count > MOST_VALUES:
            raise SourceError(path, None, f"has more than {MOST_VALUES:,} values")
        line = event.start_mark.line + first_line if event.start_mark else None
        _check_event(event, len(stack), path, line)
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            mapping = isinstance(event, yaml.MappingStartEvent)
            stack.append(_Open(mapping, line, []))
            continue
        if isinstance(event, yaml.ScalarEvent):
            null = event.implicit[0] and event.value in _NULLS
            value: Value = "" if null else event.value
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            value = _close(stack.pop(), path)
        else:
            continue
        if stack:
            stack[-1].items.append(value)
        else:
            yield value


def _close(done: _Open, path: Path) -> Value:
    if not done.mapping:
        return tuple(done.items)
    pairs: list[tuple[str, Value]] = []
    for key, value in zip(done.items[::2], done.items[1::2], strict=True):
        if not isinstance(key, str):
            raise SourceError(path, done.line, "has a key that is not text")
        pairs.append((key, value))
    return ObjectNode(tuple(pairs))


def _check_event(event: yaml.Event, depth: int, path: Path, line: int | None) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise SourceError(path, line, "has a YAML anchor or alias (& or *)", "Write out the value.")
    if tag := getattr(event, "tag", None):
        shown = shorten(one_line(str(tag)), 60)
        raise SourceError(path, line, f"has a YAML tag ({shown})", "Remove the tag.")
    if depth > DEEPEST:
        raise SourceError(path, line, f"is nested deeper than {DEEPEST} levels")
