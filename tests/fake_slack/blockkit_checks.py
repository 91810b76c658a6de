"""The basic checks from which the rules of Block Kit are composed.

A check looks at a value and adds its problems to a list, with Slack's wording and JSON pointer:
`must be fewer than 151 characters [json-pointer:/blocks/0/text/text]`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any


class Problems:
    """A list of problems, true unless it is empty. `code` is Slack's error code."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.code = "invalid_blocks"

    def add(self, message: str, pointer: str) -> None:
        self.lines.append(f"{message} [json-pointer:{pointer}]")

    @property
    def messages(self) -> list[str]:
        """The problems as in `response_metadata.messages`."""
        return [f"[ERROR] {line}" for line in self.lines]

    def __bool__(self) -> bool:
        return bool(self.lines)

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)

    def __repr__(self) -> str:
        return f"Problems({self.lines!r})"


Check = Callable[[Any, str, Problems], None]


def string(largest: int, smallest: int = 1, pattern: str = "") -> Check:
    """Build a check for a string of `smallest` to `largest` characters."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add("must be a string", pointer)
        elif len(value) > largest:
            problems.add(f"must be fewer than {largest + 1} characters", pointer)
        elif len(value) < smallest:
            problems.add(f"must be more than {smallest - 1} characters", pointer)
        elif pattern and not re.fullmatch(pattern, value):
            problems.add(f"must match {pattern}", pointer)

    return check


def integer(smallest: int, largest: int) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            problems.add("must be an integer", pointer)
        elif not smallest <= value <= largest:
            problems.add(f"must be from {smallest} to {largest}", pointer)

    return check


def boolean(value: Any, pointer: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        problems.add("must be a boolean", pointer)


def anything(value: Any, pointer: str, problems: Problems) -> None:
    """Accept any value."""


def one_of(*allowed: str) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:
        if value not in allowed:
            problems.add(f"must be one of {', '.join(allowed)}", pointer)

    return check


def items(each: Check, smallest: int, largest: int) -> Check:
    """Build a check for a list of `smallest` to `largest` items that all pass a check."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.add("must be an array", pointer)
            return
        if len(value) > largest:
            problems.add(f"no more than {largest} items allowed", pointer)
        if len(value) < smallest:
            problems.add(f"no fewer than {smallest} items allowed", pointer)
        for index, item in enumerate(value):
            each(item, f"{pointer}/{index}", problems)

    return check


def fields(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Build a check for an object with only these fields; `type` is always allowed."""
    allowed = {"type": anything, **required, **(optional or {})}

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add("must be an object", pointer)
            return
        for name in required:
            if value.get(name) is None:
                problems.add(f"missing required field: {name}", pointer)
        for name, inside in value.items():
            if name not in allowed:
                problems.add(f"invalid additional property: {name}", pointer)
            elif inside is not None:
                allowed[name](inside, f"{pointer}/{name}", problems)

    return check


def every(*checks: Check) -> Check:
    """Combine checks; all must pass."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        for each in checks:
            each(value, pointer, problems)

    return check


def by_type(table: Mapping[str, Check], *allowed: str) -> Check:
    """Build a check for an object whose `type` is in the table and in `allowed`, if given."""
    names = allowed or tuple(table)

    def check(value: Any, pointer: str, problems: Problems) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind is None:
            problems.add("missing required field: type", pointer)
        elif kind not in names:
            problems.add(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            table[kind](value, pointer, problems)

    return check
