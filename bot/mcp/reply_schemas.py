"""JSON schemas of replies, made from their dataclasses."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from bot.replies.base import HIDDEN_FIELDS, SCHEMA, Problem
from index.reply import BaseReply

Schema = dict[str, Any]

_PLAIN: Mapping[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Path: {"type": "string"},
    NoneType: {"type": "null"},
}
_BOUNDS = {"similarity": (0, 1), "cosine": (-1, 1), "percentile": (0, 100)}


def output_schema(reply: type[BaseReply]) -> Schema:
    """Return the schema of a reply of this class, or of the problem in its place."""
    found: dict[str, Schema] = {}
    kinds = [_of_reply(kind, found) for kind in (reply, Problem)]
    return {"type": "object", "anyOf": kinds, "$defs": found}


def _of_reply(reply: type[BaseReply], found: dict[str, Schema]) -> Schema:
    schema = _of_object(reply, found)
    schema["properties"]["schema"] = {"const": SCHEMA}
    schema["required"].append("schema")
    return schema


def _of_object(owner: type, found: dict[str, Schema]) -> Schema:
    hints = get_type_hints(owner)
    names = [field.name for field in fields(owner) if field.name not in HIDDEN_FIELDS]
    return {
        "type": "object",
        "properties": {name: _of_field(name, hints[name], found) for name in names},
        "required": names,
    }


def _of_field(name: str, hint: Any, found: dict[str, Schema]) -> Schema:
    schema = _of_type(hint, found)
    if name in _BOUNDS:
        low, high = _BOUNDS[name]
        return {**schema, "minimum": low, "maximum": high}
    return schema


def _of_type(hint: Any, found: dict[str, Schema]) -> Schema:
    """Return the schema of a type; schemas of dataclasses are added to `found`, by name."""
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in found:
            found[hint.__name__] = {}  # a class may contain itself
            found[hint.__name__] = _of_object(hint, found)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(parts)}
    if origin is tuple:
        return {"type": "array", "items": _of_type(parts[0], found)}
    if origin in (Union, UnionType):
        return {"anyOf": [_of_type(part, found) for part in parts]}
    raise TypeError(f"no schema for {hint}")
