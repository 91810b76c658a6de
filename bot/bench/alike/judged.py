"""Pairs of short texts and what they are to one another, as people judged them.

    pairs.jsonl      {"a": …, "b": …, "class": …}, one a line

The classes are those of `KINDS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from bot.bench.data import objects_of
from index.errors import SourceError
from index.text import clean, one_line

Kind = Literal["synonyms apart", "synonyms sharing", "related sharing", "other senses", "unrelated"]
KINDS: tuple[Kind, ...] = get_args(Kind)

BUNDLED = Path(__file__).parent / "pairs.jsonl"
LAYOUT = 'A file of judged pairs has {"a": …, "b": …, "class": …} on each line.'


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two texts, and what they are to one another."""

    a: str
    b: str
    kind: Kind


def read_pairs(file: Path) -> list[JudgedPair]:
    """The pairs of a file, in its order. Raises `SourceError`, which names the file and the
    line."""
    pairs = []
    for line, raw in objects_of(file, LAYOUT):
        texts = [raw.get("a"), raw.get("b")]
        a, b = (clean(text) if isinstance(text, str) else "" for text in texts)
        if not a or not b:
            raise SourceError(file, line, 'has no "a" and "b" that are texts', LAYOUT)
        kind = next((kind for kind in KINDS if kind == raw.get("class")), None)
        if kind is None:
            raise SourceError(
                file,
                line,
                f'the class "{one_line(str(raw.get("class")))}" is none',
                f"The classes are: {', '.join(KINDS)}.",
            )
        pairs.append(JudgedPair(a, b, kind))
    if not pairs:
        raise SourceError(file, None, "holds no pair", LAYOUT)
    return pairs
