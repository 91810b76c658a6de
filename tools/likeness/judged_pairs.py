"""Pairs of short texts, judged by hand and never trained on.

`judged_pairs.jsonl` has {"a": …, "b": …, "class": …} on each line; a class is one of `KINDS`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Kind = Literal["synonyms apart", "synonyms sharing", "related sharing", "other senses", "unrelated"]
KINDS: tuple[Kind, ...] = get_args(Kind)

NEAR: tuple[Kind, ...] = ("synonyms apart", "synonyms sharing", "related sharing")
FAR: tuple[Kind, ...] = ("other senses", "unrelated")


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two texts and their judged relation."""

    a: str
    b: str
    kind: Kind


def judged_pairs() -> list[JudgedPair]:
    lines = Path(__file__).with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    return [JudgedPair(row["a"], row["b"], row["class"]) for row in map(json.loads, lines)]
