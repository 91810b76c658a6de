"""JSON schemas of replies, made from their dataclasses."""

from typing import Any

from pydantic import TypeAdapter

from bot.replies.base import HIDDEN_FIELDS, SCHEMA, Problem
from index.reply import BaseReply

Schema = dict[str, Any]


def output_schema(reply: type[BaseReply]) -> Schema:
    """Return the schema of a reply of this class, or of the problem in its place."""
    either: Any = reply | Problem
    schema = TypeAdapter(either).json_schema(mode="serialization")
    for form in schema["$defs"].values():
        for name in HIDDEN_FIELDS:
            form["properties"].pop(name, None)
        form["required"] = [one for one in form["required"] if one not in HIDDEN_FIELDS]
    version = {"schema": {"const": SCHEMA}}
    return {"type": "object", "properties": version, "required": ["kind", "schema"], **schema}
