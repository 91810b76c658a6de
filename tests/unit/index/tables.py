"""Read tables of inputs and expected outputs from the YAML file next to a test file."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _tables(file: Path) -> dict[str, list[list[Any]]]:
    found: dict[str, list[list[Any]]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def rows(test: str, name: str) -> list[Any]:
    """Return the rows of the table `name` for the test file `test`; lists become tuples."""
    table = _tables(Path(test).with_suffix(".yaml"))[name]
    return [_frozen(row) if len(row) > 1 else _frozen(row[0]) for row in table]


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
