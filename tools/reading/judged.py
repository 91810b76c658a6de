"""Read judged lines: questions and conversations, each with the excerpts that answer it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.search.answers.conversation import NO_THREAD, Conversation
from index.storage import Generation

Place = tuple[str, str]
"""The id of an entry and a heading. An empty heading stands for every excerpt of the entry."""


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A line, its kind, its turn (from 1), the state of its conversation, and for each thing that
    it asks the places that answer it; none if nothing does."""

    text: str
    kind: str
    turn: int
    state: Conversation
    answers: tuple[frozenset[Place], ...]

    @property
    def places(self) -> frozenset[Place]:
        return frozenset().union(*self.answers)

    def is_answered_by(self, entry_id: str, heading: str) -> bool:
        return not self.places.isdisjoint({(entry_id, heading), (entry_id, "")})


def read_questions(file: Path) -> Iterator[JudgedLine]:
    """Yield the questions of a file: {"question", "kind", "answers"}, or {"question", "entry"} with
    ids joined by "|"."""
    for row in _rows(file):
        yield JudgedLine(row["question"], row.get("kind", ""), 1, NO_THREAD, _answers(row))


def read_conversations(file: Path, generation: Generation) -> Iterator[list[JudgedLine]]:
    """Yield the conversations of a file, with the state that right answers would have led to."""
    for row in _rows(file):
        state, lines = NO_THREAD, []
        for turn, one in enumerate(row["turns"], start=1):
            kind = one.get("kind", one.get("want", ""))
            line = JudgedLine(one["say"], kind, turn, state, _answers(one))
            lines.append(line)
            state = _after(state, line, generation)
        yield lines


def _rows(file: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(row) for row in file.read_text(encoding="utf-8").splitlines()]


def _answers(row: dict) -> tuple[frozenset[Place], ...]:  # type: ignore[type-arg]
    if "answers" in row:
        return tuple(frozenset((one[0], one[1]) for one in half) for half in row["answers"])
    ids = [one for one in row.get("entry", "").split("|") if one] + row.get("also", [])
    return (frozenset((one, "") for one in ids),) if ids else ()


def _after(state: Conversation, line: JudgedLine, generation: Generation) -> Conversation:
    """Return the state after a right answer: the topic is the only entry that the line names, or
    else the topic before, if that answers, or else the first entry that does."""
    if not line.places:
        return state
    ids = sorted({entry_id for entry_id, _ in line.places})
    named = list(generation.names.main_names_in(line.text))
    topic = state.focus if state.focus in ids else ids[0]
    if len(named) == 1 and named[0] in ids:
        topic = named[0]
    earlier = tuple(one for one in state.topics if one != topic)
    return Conversation(line.text, (topic,), (), (), earlier)
