"""Questions whose right answers are known, read and checked: a bundled set, or a team's own.

    answerable.jsonl      {"question": …, "entry": …, "kind": …, "also": […]}, one a line
    unanswerable.jsonl    {"question": …, "kind": …}, one a line

`entry` is the entry that answers, by its id or one of its names, and `also` are others that do as
well; `kind` groups questions, and the kinds are the team's own. Without `kind` a question is one
of the "questions". There need be no unanswerable.jsonl.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel

from index.errors import SourceError
from index.evaluation.beir import Asked, Line, rows_of
from index.text import one_line

Half = Literal["tuning", "reporting", "both"]


class OfKind(Protocol):
    """Something that was judged: it is of one of the kinds of its set."""

    @property
    def kind(self) -> str: ...


Judged = TypeVar("Judged", bound=OfKind)

BUNDLED = Path(__file__).parent / "golden_set"
ANY_KIND = "questions"
LAYOUT = "A folder of judged questions holds answerable.jsonl and unanswerable.jsonl."


class _Asked(BaseModel):
    question: Asked
    kind: Line = ANY_KIND


class _Answerable(_Asked):
    entry: Line
    also: list[Line] = []


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """What is asked, and the ids of the entries that answer it: none when nothing does."""

    text: str
    kind: str
    right: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Golden:
    """A set of judged questions: those that some entry answers, and those that none does."""

    name: str
    answerable: tuple[GoldenQuestion, ...]
    unanswerable: tuple[GoldenQuestion, ...]

    def half(self, half: Half) -> Golden:
        """The questions of one half. Within each kind, in the order of the file, the first
        question is for tuning, the second one for reporting, and so on."""
        return replace(
            self,
            answerable=tuple(halved(self.answerable, half)),
            unanswerable=tuple(halved(self.unanswerable, half)),
        )


def read_golden(folder: Path, find: Callable[[str], str | None]) -> Golden:
    """The questions in `folder`; `find` gives the id of the entry that an id or a name means, or
    None. Raises `SourceError`, which names the file and the line."""
    if not folder.is_dir():
        raise SourceError(folder, None, "there is no such folder", LAYOUT)
    file, other = folder / "answerable.jsonl", folder / "unanswerable.jsonl"
    answerable = [
        GoldenQuestion(row.question, row.kind, _right(row, find, file, line))
        for line, row in rows_of(file, _Answerable, LAYOUT)
    ]
    if not answerable:
        raise SourceError(file, None, "holds no question", LAYOUT)
    unanswerable = [
        GoldenQuestion(row.question, row.kind)
        for _, row in (rows_of(other, _Asked, LAYOUT) if other.exists() else ())
    ]
    return Golden(folder.resolve().name, tuple(answerable), tuple(unanswerable))


def halved(items: Iterable[Judged], half: Half) -> list[Judged]:
    """Those of one half. Within each kind, in their order, the first is for tuning, the second one
    for reporting, and so on."""
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
    """The ids of the entries that answer."""
    ids = []
    for name in (row.entry, *row.also):
        found = find(name)
        if found is None:
            raise SourceError(
                file,
                line,
                f'there is no entry "{one_line(name)}" in the index',
                "Write the id of an entry, its term or another of its names.",
            )
        ids.append(found)
    return tuple(dict.fromkeys(ids))
