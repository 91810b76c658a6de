"""Where a conversation stands: a cursor in the space that moves by what is said."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from pydantic import TypeAdapter, ValidationError

from index.search.answers.intents import LEANING, ask_of
from index.search.results import Answer, EntryReply, Neighbours

LONGEST_JSON = 2_000  # characters
LONGEST_QUESTION = 500
ENTRIES = 25  # a list is no longer


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last question, the ids of the entries that the conversation is about, the one in focus
    first, the headings that were told of that one, and the questions that were suggested so far.

    Where the one in focus was picked from several, these follow it whole, itself once more among
    them, so that their numbers stay.
    """

    question: str = ""
    entries: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()

    def after(self, reply: object) -> Conversation:
        """Where the conversation stands after `reply`, which is an `Answer`, `Neighbours` or an
        `EntryReply`: where it stood, if that had no answer or is anything else."""
        match reply:
            case Neighbours():
                if reply.sparse or not reply.neighbours:
                    return self
                return self._at(reply.query, (item.id for item in reply.neighbours))
            case EntryReply():
                near = (item.id for item in reply.neighbours)
                return self._at(reply.entry.term, (reply.entry.id, *near))
            case Answer():
                return self._after_answer(reply)
            case _:
                return self

    def _at(self, question: str, entries: Iterable[str]) -> Conversation:
        found = tuple(entries)[:ENTRIES]
        return Conversation(question[:LONGEST_QUESTION], found, suggested=self.suggested)

    def _after_answer(self, reply: Answer) -> Conversation:
        if not reply.answered:
            return self
        entries = tuple(dict.fromkeys(item.id for item in reply.citations))
        if not entries:
            return self
        told = tuple(item.heading for item in reply.citations if item.id == entries[0])
        if entries[0] == self.focus:
            told = tuple(dict.fromkeys((*self.told, *told)))
        leaning = self.question and ask_of(reply.question).kind in LEANING
        if len(entries) == 1 and self.entries:
            entries += self._kept(entries[0])
        question = self.question if leaning else reply.question[:LONGEST_QUESTION]
        suggested = tuple(dict.fromkeys((*self.suggested, *reply.follow_ups)))
        return Conversation(question, entries[:ENTRIES], told, suggested)

    def _kept(self, focus: str) -> tuple[str, ...]:
        """What stays beside a new focus: the entries it was picked from, or else the one that the
        conversation was about before."""
        if focus in self.numbered:
            return self.numbered if len(self.numbered) > 1 else ()
        return (self.focus,) if self.focus else ()

    @property
    def focus(self) -> str | None:
        """The id of the entry that the conversation is about; None after a list, of which no
        entry was picked yet."""
        return self.entries[0] if self.entries and "" not in self.told else None

    @property
    def numbered(self) -> tuple[str, ...]:
        """The ids of the entries by their numbers, from 1."""
        first, others = self.entries[:1], self.entries[1:]
        return others if first and first[0] in others else self.entries

    def to_json(self) -> str:
        """The thread as JSON of at most 2,000 characters; what is too long is cut by half: the
        suggestions first, then the headings, then the question, then the entries."""
        thread = self
        while len(text := json.dumps(asdict(thread))) > LONGEST_JSON:
            parts = ("suggested", "told", "question", "entries")
            part = next(name for name in parts if getattr(thread, name))
            value = getattr(thread, part)
            half = (len(value) + 1) // 2
            kept = value[half:] if part in ("suggested", "told") else value[:-half]
            thread = replace(thread, **{part: kept})
        return text

    @classmethod
    def from_json(cls, text: str) -> Conversation:
        """The thread that `to_json` wrote; an empty one for any other text."""
        try:
            return _THREADS.validate_json(text)
        except ValidationError:
            return cls()


_THREADS = TypeAdapter(Conversation)
NO_THREAD = Conversation()
