"""Where a conversation stands."""

from __future__ import annotations

import json
from dataclasses import dataclass

from index.space.results import Answer


@dataclass(frozen=True, slots=True)
class Thread:
    """The last question of a conversation and the entries it is about."""

    question: str = ""
    entries: tuple[str, ...] = ()

    def after(self, reply: object) -> Thread:
        if isinstance(reply, Answer) and reply.answered:
            return Thread(reply.question[:500], tuple(item.id for item in reply.citations))
        return self

    def to_json(self) -> str:
        return json.dumps({"question": self.question, "entries": self.entries})

    @classmethod
    def from_json(cls, text: str) -> Thread:
        try:
            fields = json.loads(text)
            return cls(str(fields["question"]), tuple(map(str, fields["entries"])))
        except (ValueError, TypeError, KeyError):
            return cls()
