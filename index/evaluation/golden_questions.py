"""Read and check judged questions: the bundled set, or a team's own.

    answerable.jsonl      {"question": …, "entry": …, "kind": …, "also": […]} on each line
    unanswerable.jsonl    {"question": …, "kind": …} on each line

`entry` is the id or a name of the entry that answers the question; `also` lists other right
entries. `kind` is any label that groups questions; the default is "questions". unanswerable.jsonl
is optional.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from index.errors import SourceError
from index.evaluation.beir import Asked, Line, rows_of
from index.text import one_line

Half = Literal["tuning", "reporting", "both"]


Judged = TypeVar("Judged", bound=Any)  # a judged item with a `kind`

BUNDLED = Path(__file__).parent / "golden_set"
ANY_KIND = "questions"
LAYOUT = "A folder of judged questions contains answerable.jsonl and unanswerable.jsonl."


class _Asked(BaseModel):
    question: Asked
    kind: Line = ANY_KIND


class _Answerable(_Asked):
    entry: Line
    also: list[Line] = []


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question and the ids of the right entries; an unanswerable question has none."""

    text: str
    kind: str
    right: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldenSet:
    """A set of judged questions, answerable and unanswerable."""

    name: str
    answerable: tuple[GoldenQuestion, ...]
    unanswerable: tuple[GoldenQuestion, ...]

    def half(self, half: Half) -> GoldenSet:
        """Return one half of the questions (see `take_half`)."""
        return replace(
            self,
            answerable=tuple(take_half(self.answerable, half)),
            unanswerable=tuple(take_half(self.unanswerable, half)),
        )


def read_golden(folder: Path, find: Callable[[str], str | None]) -> GoldenSet:
    """Read the questions in `folder`.

    `find` returns the id of the entry with a given id or name, or None. Raises `SourceError` with
    the file and line for an invalid line or an unknown entry.
    """
    file, other = folder / "answerable.jsonl", folder / "unanswerable.jsonl"
    answerable = [
        GoldenQuestion(row.question, row.kind, _right(row, find, file, line))
        for line, row in rows_of(file, _Answerable, LAYOUT)
    ]
    unanswerable = [
        GoldenQuestion(row.question, row.kind)
        for _, row in (rows_of(other, _Asked, LAYOUT) if other.exists() else ())
    ]
    return GoldenSet(folder.resolve().name, tuple(answerable), tuple(unanswerable))


def take_half(items: Iterable[Judged], half: Half) -> list[Judged]:
    """Return one half of `items`, or all of them if `half` is "both". Within each kind, the first
    item belongs to the tuning half, the second to the reporting half, and so on."""
    if half == "both":
        return list(items)
    wanted = 0 if half == "tuning" else 1
    seen: Counter[str] = Counter()
    kept: list[Judged] = []
    for item in items:
        if seen[item.kind] % 2 == wanted:
            kept.append(item)
        seen[item.kind] += 1
    return kept


def _right(
    row: _Answerable, find: Callable[[str], str | None], file: Path, line: int
) -> tuple[str, ...]:
    ids = []
    for name in (row.entry, *row.also):
        found = find(name)
        if found is None:
            raise SourceError(
                file,
                line,
                f'the index has no entry "{one_line(name)}"',
                "Write the id, the term or an alias of an entry.",
            )
        ids.append(found)
    return tuple(dict.fromkeys(ids))
