"""YAML front matter: the settings between two `---` lines at the top of a text file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml

from index.errors import SourceError
from index.text import one_line, shorten

LONGEST_FRONT_MATTER = 64 * 1024
DEEPEST_FRONT_MATTER = 20


def split_front_matter(text: str, path: Path) -> tuple[dict[str, object], str, int]:
    """The front matter of `text`, the body after it, and the line of the file the body begins on.

    Every plain value is a string, so that an alias `No` or `1.10` stays what was written. Raises
    `SourceError` for front matter that is missing, unclosed, too long, no mapping, has a key
    twice, or is no plain YAML (tags, which build objects, and anchors, which multiply, are
    refused).
    """
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != "---":
        raise SourceError(path, 1, "no front matter", "The first line of a page is ---")
    end = next((at for at, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if end is None:
        raise SourceError(path, 1, "the front matter has no closing ---")
    block = "\n".join(lines[1:end])
    if len(block) > LONGEST_FRONT_MATTER:
        raise SourceError(path, 1, f"front matter of {len(block):,} characters")
    try:
        _check_plain(block, path)
        front = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506  # gives strings only
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else None
        raise SourceError(path, line, f"front matter is no YAML: {error.problem}") from error
    except yaml.reader.ReaderError as error:
        line = block[: error.position].count("\n") + 2
        raise SourceError(path, line, f"front matter is no YAML: {error.reason}") from error
    except RecursionError as error:
        raise SourceError(path, 1, "front matter is nested too deep") from error
    if not isinstance(front, dict) or not all(isinstance(key, str) for key in front):
        raise SourceError(path, 1, "front matter is no list of `key: value` lines")
    return front, "\n".join(lines[end + 1 :]), end + 2


def _check_plain(block: str, path: Path) -> None:
    depth = 0
    for event in yaml.parse(block, Loader=yaml.BaseLoader):
        line = event.start_mark.line + 2 if event.start_mark else None
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST_FRONT_MATTER:
            raise SourceError(path, line, "front matter is nested too deep")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise SourceError(
                path, line, "front matter has a YAML anchor or alias (& or *)", "Write it out."
            )
        tag = getattr(event, "tag", None)
        if tag:
            shown = shorten(one_line(str(tag)), 60)
            raise SourceError(
                path, line, f"front matter has a YAML tag ({shown})", "Leave the tag away."
            )
    node = yaml.compose(block, Loader=yaml.BaseLoader)
    seen: set[str] = set()
    for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        line = key.start_mark.line + 2
        if not isinstance(key, yaml.ScalarNode):
            raise SourceError(path, line, "front matter is no list of `key: value` lines")
        if key.value in seen:
            raise SourceError(path, line, f'front matter has "{key.value}" twice')
        seen.add(str(key.value))


def loose_front_matter(text: str, path: Path) -> tuple[dict[str, object], str, int]:
    """As `split_front_matter`, for text that may have none, or TOML between `+++` lines.

    A first `---` that is a rule and no fence gives an empty mapping and the whole text.
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
    if len(block) > LONGEST_FRONT_MATTER:
        raise SourceError(path, 1, f"front matter of {len(block):,} characters")
    try:
        return tomllib.loads(block)
    except (ValueError, RecursionError) as error:
        raise SourceError(path, 1, f"front matter is no TOML: {error}"[:300]) from error
