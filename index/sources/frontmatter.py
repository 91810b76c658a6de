"""Parse front matter: settings at the top of a text file, in YAML (`---`) or TOML (`+++`)."""

import tomllib
from pathlib import Path
from typing import Any

from index.errors import SourceError
from index.sources.files import check_length
from index.sources.plain_data import ObjectNode, Value, parse_yaml
from index.text import shorten

LONGEST_FRONT_MATTER = 64 * 1024  # characters


def split_front_matter(text: str, path: Path) -> tuple[dict[str, object], str, int]:
    """Return the front matter of `text`, the body, and the line on which the body begins.

    Every scalar is a string, so an alias such as `No` or `1.10` keeps its spelling. Raises
    `SourceError` for front matter that is missing, unclosed, too long or not a mapping, or has a
    duplicate key, and for errors of `parse_yaml`.
    """
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != "---":
        raise SourceError(path, 1, "has no front matter", "Start the page with a --- line.")
    end = next((at for at, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if end is None:
        raise SourceError(path, 1, "has front matter without a closing ---")
    block = "\n".join(lines[1:end])
    check_length(block, LONGEST_FRONT_MATTER, "the front matter", path, 1)
    try:
        found = parse_yaml(block, path, first_line=2)
    except SourceError as error:
        reason = f"front matter {error.reason}"
        raise SourceError(path, error.line, reason, error.hint) from error
    if len(found) != 1 or not isinstance(found[0], ObjectNode):
        raise SourceError(path, 1, "front matter must consist of `key: value` lines")
    keys = [key for key, _ in found[0].pairs]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise SourceError(path, 1, f'front matter has the key "{shorten(twice, 60)}" twice')
    return _plain(found[0]), "\n".join(lines[end + 1 :]), end + 2


def _plain(value: Value) -> Any:
    if isinstance(value, ObjectNode):
        return {key: _plain(item) for key, item in value.pairs}
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def loose_front_matter(text: str, path: Path) -> tuple[dict[str, object], str, int]:
    """Split a text like `split_front_matter`; front matter is optional, and may be TOML (`+++`).

    If the first `---` is a horizontal rule, return an empty mapping and the whole text.
    """
    lines = text.splitlines()
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    fence = lines[first].rstrip() if lines else ""
    end = next(
        (at for at in range(first + 1, len(lines)) if lines[at].rstrip() == fence), len(lines)
    )
    block = lines[first + 1 : end]
    if fence == "+++" and end < len(lines):
        return _toml("\n".join(block), path), "\n".join(lines[end + 1 :]), end + 2
    settings = any(":" in line for line in block)
    blank = not any(line.strip() for line in block)
    if fence != "---" or end == len(lines) or not (settings or blank):
        return {}, "\n".join(lines), 1
    if not any(line.strip() and not line.lstrip().startswith("#") for line in block):
        return {}, "\n".join(lines[end + 1 :]), end + 2
    front, body, line = split_front_matter("\n".join(lines[first:]), path)
    return front, body, line + first


def _toml(block: str, path: Path) -> dict[str, object]:
    check_length(block, LONGEST_FRONT_MATTER, "the front matter", path, 1)
    try:
        return tomllib.loads(block)
    except (ValueError, RecursionError) as error:
        raise SourceError(path, 1, f"front matter is not valid TOML: {error}"[:300]) from error
