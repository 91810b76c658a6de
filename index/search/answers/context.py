"""A question where it is asked, and what is told in return before it becomes a reply."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from index.entry import Entry, Mention
from index.names import Named, name_key
from index.search.answers.conversation import Conversation
from index.search.answers.intents import ORDINALS, ask_of, is_pronoun
from index.search.near import embed_query
from index.search.neighbours import around, mention, named
from index.search.results import Citation, Confidence
from index.storage import Generation

NEAREST = 3  # entries named beside an answer
_WHAT_IS = re.compile(r"(?:and |so )?(?:what(?:'s| is| are)|define|explain) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A text, where it stands in the encyclopedia, how sure it is to answer, and what is near."""

    text: str
    citations: tuple[Citation, ...] = ()
    confidence: Confidence = "none"
    nearest: tuple[Mention, ...] = ()
    sparse: bool = False
    follow_ups: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether this is an answer."""
        return self.confidence != "none"


@dataclass(frozen=True, slots=True)
class QuestionContext:
    """A question to a generation, in a thread."""

    generation: Generation
    embedder: Embedder
    question: str
    thread: Conversation

    @property
    def focus(self) -> Entry | None:
        """The entry that the thread is about, if it is still there."""
        return self.generation.entries.get(self.thread.focus or "")

    @property
    def others(self) -> list[Entry]:
        """The other entries that the thread is about, in their order."""
        ids = (entry_id for entry_id in self.thread.numbered if entry_id != self.thread.focus)
        return [self.generation.entries[one] for one in ids if one in self.generation.entries]

    @property
    def beside_focus(self) -> Entry | None:
        """The first of the others."""
        return next(iter(self.others), None)

    def percentile(self, cosine: float) -> float:
        """The share of random pairs with a lower cosine, 0…100."""
        return self.generation.manifest.calibration.percentile(cosine)

    def point(self, text: str) -> NDArray[np.float32]:
        """Where `text` lies, `float32[d]`."""
        return embed_query(self.generation, self.embedder, text)

    def meant(self, subject: str) -> Entry | None:
        """The entry that a subject names or counts ("the second"); the one in focus for a pronoun,
        and for nothing."""
        if is_pronoun(subject):
            return self.focus
        if (ask := ask_of(subject)).kind in ("numbered", "other"):
            return self.numbered(ask.subject) if ask.subject else self.beside_focus
        named = self.named(subject)
        return self.generation.entries[named.entry_id] if named else None

    def numbered(self, number: str) -> Entry | None:
        """The entry of the thread with that number, in digits or as a word."""
        at = ORDINALS.get(number.casefold()) or int(number)
        ids = self.thread.numbered
        return self.generation.entries.get(ids[at - 1]) if 1 <= at <= len(ids) else None

    def said(self, text: str) -> list[Entry]:
        """The entries whose names stand in `text`, in order; of names that overlap, the longest."""
        names = self.generation.names.longest_in(self.generation.corrected(text))
        found = {named.entry_id: self.generation.entries[named.entry_id] for _, named in names}
        return list(found.values())

    def named(self, subject: str) -> Named | None:
        """The name that `subject` is or asks for, or is but for its last word where only one
        entry's term begins so ("chain of thought" for "chain-of-thought prompting")."""
        if found := self.generation.names.asked(subject):
            return found[0]
        key = name_key(_WHAT_IS.sub("", subject))
        terms = {entry.id: entry.term for entry in self.generation.listed if " " in key}
        longer = [one for one, term in terms.items() if name_key(term).rpartition(" ")[0] == key]
        return Named(longer[0], terms[longer[0]], "alias") if len(longer) == 1 else None

    def beside(self, entry: Entry) -> tuple[Mention, ...]:
        """An entry that is answered from, and those nearest to it."""
        near = around(self.generation, entry.id, NEAREST - 1)
        own = named(self.generation, entry.id, 1.0)
        return (own, *(mention(self.generation, found) for found in near))


def cite(entry: Entry, heading: str) -> Citation:
    """A place in an entry."""
    return Citation(entry.id, entry.term, heading)


def told_of(
    asked: QuestionContext, entry: Entry, heading: str, text: str, confidence: Confidence = "sure"
) -> Told:
    """What stands under one heading of one entry."""
    return Told(text, (cite(entry, heading),), confidence, asked.beside(entry))
