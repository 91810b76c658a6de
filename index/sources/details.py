"""Keep a team's own fields with an entry, within limits: owner, status, details, categories."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.entry import (
    LONGEST_DETAIL,
    LONGEST_DETAIL_NAME,
    LONGEST_NAME,
    MOST_CATEGORIES,
    MOST_DETAILS,
    Detail,
)
from index.names import name_key
from index.text import one_line, shorten

_LISTED = re.compile(r";#|[;|\n]")  # ";#" in lists of SharePoint
_PROSE_WORDS = 4
_PROSE_LENGTH = 25  # characters


@dataclass(frozen=True, slots=True)
class TeamFields:
    """The own fields of a team in one entry. `left_out` has the reasons for skipped values."""

    owner: str = ""
    status: str = ""
    details: tuple[Detail, ...] = ()
    categories: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


NO_FIELDS = TeamFields()


def split_names(text: str, *, commas: bool) -> list[str]:
    """Split a text into names at `;`, `|` and line breaks. With `commas`, a text without these is
    split at commas."""
    parts = text.split(",") if commas and not _LISTED.search(text) else _LISTED.split(text)
    return [part.strip() for part in parts]


def is_prose(text: str) -> bool:
    """Return whether a text is a phrase or a sentence, which a search should find."""
    return len(text) >= _PROSE_LENGTH and len(text.split()) >= _PROSE_WORDS


def too_long(name: str, line: str) -> str:
    """Return the reason for skipping a line that is too long to be only shown, or ""."""
    if len(line) <= LONGEST_DETAIL:
        return ""
    size = f"{len(line):,} characters; {LONGEST_DETAIL} are allowed"
    return f'"{shorten(name, LONGEST_DETAIL_NAME)}" has {size}, so it is skipped'


def detail_of(name: str, line: str) -> Detail:
    """Return the detail for a field called `name`, such as `part_of_speech`."""
    words = one_line(name).replace("_", " ")
    return Detail(shorten(words[:1].upper() + words[1:], LONGEST_DETAIL_NAME), line)


def team_fields(lines: Iterable[tuple[str, str, str]], categories: Iterable[str]) -> TeamFields:
    """Collect lines of text, each with its field (see `columns.FIELDS`) and its name. The first
    owner and status are fields; other lines are details."""
    found = {"owner": "", "status": ""}
    details: dict[Detail, None] = {}
    left_out: list[str] = []
    for field, name, line in lines:
        if reason := too_long(name, line):
            left_out.append(reason)
        elif not found.get(field, " "):
            found[field] = line
        elif line:
            details[detail_of(name, line)] = None
    if len(details) > MOST_DETAILS:
        left_out.append(f"has {len(details):,} details; the first {MOST_DETAILS} are used")
    names, reasons = _names_of(categories)
    return TeamFields(
        found["owner"],
        found["status"],
        tuple(details)[:MOST_DETAILS],
        names,
        (*left_out, *reasons),
    )


def _names_of(categories: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the categories, each once, and the reasons for those that are skipped."""
    found: dict[str, str] = {}
    left_out: list[str] = []
    for name in map(one_line, categories):
        if len(name) > LONGEST_NAME:
            left_out.append(f"a category of {len(name):,} characters is skipped")
        elif key := name_key(name):
            found.setdefault(key, name)
    most = MOST_CATEGORIES + 1
    if len(found) > most:
        left_out.append(f"has {len(found):,} categories; the first {most} are used")
    return tuple(found.values())[:most], left_out
