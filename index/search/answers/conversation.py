"""The state of a conversation in a thread."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from pydantic import TypeAdapter, ValidationError

from index.search.answers.intents import FOLLOW_UP_KINDS, intent_of
from index.search.answers.moves import MOVES
from index.search.results import Answer, EntryReply, Neighbours

LONGEST_JSON = 2_000  # characters
LONGEST_QUESTION = 500  # characters
TOPICS = 8  # earlier topics that are remembered
ENTRIES = 26  # the length of the longest list, and the entry picked from it


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of a conversation after its last answer. `entries` are entry ids, beginning with
    the entry in focus. After the user picks an entry from a list, the whole list follows, so that
    its numbers remain valid. `told` are the headings already shown from the entry in focus, and
    `suggested` all questions suggested or answered so far. `earlier` are the entries that were in
    focus before, the latest first."""

    question: str = ""
    entries: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()

    def after(self, reply: object) -> Conversation:
        """Return the state after `reply`; a reply without an answer does not change it."""
        match reply:
            case Neighbours() if reply.neighbours and not reply.sparse:
                return self._at(reply.query, *(item.id for item in reply.neighbours))
            case EntryReply():
                near = (item.id for item in reply.neighbours)
                return self._at(reply.entry.term, reply.entry.id, *near)
            case Answer() if reply.answered and reply.citations:
                return self._after_answer(reply)
            case _:
                return self

    def _at(self, question: str, *entries: str) -> Conversation:
        kept = entries[:ENTRIES]
        return Conversation(
            question[:LONGEST_QUESTION], kept, (), self.suggested, self._before(kept[0])
        )

    def _after_answer(self, reply: Answer) -> Conversation:
        cited = (item.id for item in reply.citations)
        entries = tuple(dict.fromkeys((reply.topic or reply.citations[0].id, *cited)))
        told = tuple(item.heading for item in reply.citations if item.id == entries[0])
        if entries[0] == self.focus:
            told = tuple(dict.fromkeys((*self.told, *told)))
        kind = intent_of(reply.question).kind
        # A move that names another entry was answered as a question.
        is_elsewhere = kind in MOVES and self.focus not in (None, entries[0])
        is_follow_up = self.question and kind in FOLLOW_UP_KINDS and not is_elsewhere
        if len(entries) == 1 and self.entries:
            entries += self._kept(entries[0])
        question = self.question if is_follow_up else reply.question[:LONGEST_QUESTION]
        answered = (item.heading for item in reply.citations if item.heading.endswith("?"))
        suggested = tuple(dict.fromkeys((*self.suggested, *reply.follow_ups, *answered)))
        earlier = self._before("" if "" in told else entries[0])
        return Conversation(question, entries[:ENTRIES], told, suggested, earlier)

    def _before(self, focus: str) -> tuple[str, ...]:
        """Return the topics before `focus`."""
        topics = dict.fromkeys(self.topics)
        return tuple(topic for topic in topics if topic != focus)[:TOPICS]

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of the entry in focus, if any, and of those before, the latest first."""
        return (self.focus, *self.earlier) if self.focus else self.earlier

    def _kept(self, focus: str) -> tuple[str, ...]:
        if focus in self.numbered:
            return self.numbered if len(self.numbered) > 1 else ()
        return (self.focus,) if self.focus else ()

    @property
    def focus(self) -> str | None:
        """The id of the entry in focus. It is None after a list until the user picks an entry."""
        return self.entries[0] if self.entries and "" not in self.told else None

    @property
    def numbered(self) -> tuple[str, ...]:
        """The ids of the numbered entries, beginning with number 1."""
        first, others = self.entries[:1], self.entries[1:]
        return others if first and first[0] in others else self.entries

    def to_json(self) -> str:
        """Serialize to JSON of at most `LONGEST_JSON` characters. A longer state is shortened by
        halving its fields in this order: suggestions, earlier topics, headings, question,
        entries."""
        thread = self
        while len(text := json.dumps(asdict(thread))) > LONGEST_JSON:
            parts = ("suggested", "earlier", "told", "question", "entries")
            part = next(name for name in parts if getattr(thread, name))
            value = getattr(thread, part)
            half = (len(value) + 1) // 2
            kept = value[half:] if part in ("suggested", "told") else value[:-half]
            thread = replace(thread, **{part: kept})
        return text

    @classmethod
    def from_json(cls, text: str) -> Conversation:
        """Parse the output of `to_json`; return an empty conversation for any other text."""
        try:
            return _PARSER.validate_json(text)
        except ValidationError:
            return cls()


_PARSER = TypeAdapter(Conversation)
NO_THREAD = Conversation()
