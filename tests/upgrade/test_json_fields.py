"""No field of a JSON reply disappears or is renamed while the schema number stays."""

import json
import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.replies.base import SCHEMA, Reply

RECORD = Path(__file__).with_name("json_fields.json")
NOW = f"""Record added fields with: python -m {__name__}.
If a field was removed or renamed, raise SCHEMA in bot/replies/base.py first,
and say so in CHANGELOG."""


def kinds() -> dict[str, list[str]]:
    """Return the fields of each kind of reply, such as `neighbours[].passage.text`, in order."""
    found: dict[str, set[str]] = {}
    for reply in _members(Reply):
        (kind,) = get_args(get_type_hints(reply)["kind"])
        found.setdefault(kind, {"schema"}).update(_paths(reply))
    return {kind: sorted(names) for kind, names in found.items()}


def _members(union: Any) -> Iterator[type]:
    for one in get_args(union):
        yield from _members(one) if get_origin(one) in (Union, types.UnionType) else (one,)


def _paths(kind: type, seen: tuple[type, ...] = ()) -> Iterator[str]:
    hints = get_type_hints(kind)
    for field in fields(kind):
        yield field.name
        for inner, sign in _inside(hints[field.name]):
            if inner not in seen:
                for path in _paths(inner, (*seen, kind)):
                    yield f"{field.name}{sign}.{path}"


def _inside(hint: Any, sign: str = "") -> Iterator[tuple[type, str]]:
    """Yield the dataclasses that a field may hold; `[]` marks several."""
    if is_dataclass(hint) and isinstance(hint, type):
        yield hint, sign
    several = get_origin(hint) in (tuple, list)
    for part in get_args(hint):
        yield from _inside(part, "[]" if several else sign)


def test_no_field_disappears_within_a_schema_version() -> None:
    recorded = json.loads(RECORD.read_text())
    assert recorded == {"schema": SCHEMA, "kinds": kinds()}, NOW


if __name__ == "__main__":
    content = {"schema": SCHEMA, "kinds": kinds()}
    RECORD.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
