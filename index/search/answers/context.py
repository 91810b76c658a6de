"""The context of a question, and the draft of its answer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from index.entry import Entry, Mention
from index.names import NameMatch, content_words, name_key
from index.search.answers.conversation import Conversation
from index.search.answers.intents import (
    LAST,
    ORDINAL,
    ORDINALS,
    defined_in,
    intent_of,
    is_pronoun,
)
from index.search.near import embed_query
from index.search.neighbours import mention, mention_of, nearest_to_entry
from index.search.results import Citation, Confidence
from index.storage import Generation

NEAREST = 3
# The number and the share of entries with a word, from which it does not name a question's subject.
COMMON, COMMON_SHARE = 4, 0.25


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """The draft of an answer: text, citations, confidence, and nearest entries. `topic` is
    the id of the entry that the question is about, if that may not be the first one cited."""

    text: str
    citations: tuple[Citation, ...] = ()
    confidence: Confidence = "none"
    nearest: tuple[Mention, ...] = ()
    sparse: bool = False
    follow_ups: tuple[str, ...] = ()
    topic: str = ""

    @property
    def answered(self) -> bool:
        return self.confidence != "none"


@dataclass(frozen=True, slots=True)
class QuestionContext:
    """A question, the thread in which it is asked, and the index and model that answer it."""

    generation: Generation
    embedder: Embedder
    question: str
    thread: Conversation

    @property
    def focus(self) -> Entry | None:
        """The entry that the thread is about, if it still exists."""
        return self.generation.entries.get(self.thread.focus or "")

    @property
    def topics(self) -> list[Entry]:
        """The entries that the thread is or was about, the latest first, if they still exist."""
        entries = self.generation.entries
        return [entries[one] for one in self.thread.topics if one in entries]

    @property
    def others(self) -> list[Entry]:
        """The other entries that can be picked, in order."""
        ids = (entry_id for entry_id in self.choices if entry_id != self.thread.focus)
        return [self.generation.entries[one] for one in ids if one in self.generation.entries]

    def point(self, text: str) -> NDArray[np.float32]:
        return embed_query(self.generation, self.embedder, text)

    def resolve_subject(self, subject: str) -> Entry | None:
        """Resolve a name, a number in the thread ("the second"), or a pronoun. An empty subject
        counts as a pronoun."""
        if is_pronoun(subject):
            return self.focus
        intent = intent_of(subject)
        if intent.kind == "numbered":
            return self.numbered(intent.subject)
        if intent.kind == "other":
            return next(iter(self.others), None)
        named = self.resolve_name(subject)
        return self.generation.entries[named.entry_id] if named else None

    @property
    def choices(self) -> tuple[str, ...]:
        """The ids of the entries that can be picked by number: those of the last list or
        comparison, or else those that the last question named."""
        shown = self.thread.numbered
        named = self.entries_in(self.thread.question) if len(shown) < 2 else ()
        return tuple(entry.id for entry in named) if len(named) > 1 else shown

    def numbered(self, number: str) -> Entry | None:
        """Return the entry with a list number in the thread, written "2" or "second"."""
        ids = self.thread.numbered if number.isdigit() else self.choices
        at = ORDINALS.get(number.casefold()) or int(number)
        at = len(ids) if at == LAST else at
        return self.generation.entries.get(ids[at - 1]) if 1 <= at <= len(ids) else None

    def name_ordinals(self) -> str:
        """Return the question with "the second" and the like replaced by the term of that entry in
        the thread."""

        def term(found: re.Match[str]) -> str:
            entry = self.numbered(found[1]) if len(self.choices) > 1 else None
            return entry.term if entry else found[0]

        return ORDINAL.sub(term, self.question)

    def entries_in(self, text: str) -> list[Entry]:
        """Return the entries named in `text`, in order. Where names overlap, the longest wins."""
        names = self.generation.names.longest_names_in(self.generation.corrected(text))
        return self._entries(named for _, named in names)

    def subjects_in(self, text: str) -> list[Entry]:
        """Return the entries named in `text`, except by a word that many entries contain, such as
        "AI". Such a word is rarely what a question is about."""
        return self._entries(named for _, named in self._subjects(text))

    def only_subject(self, question: str) -> Entry | None:
        """Return the only entry that `question` names, if it has at most one other content word."""
        subjects = list(self._subjects(question))
        entries = self._entries(named for _, named in subjects)
        others = len(content_words(question)) - sum(length for length, _ in subjects)
        return entries[0] if len(entries) == 1 and others <= 1 else None

    def unknown_words(self, text: str, entry: Entry | None = None) -> list[str]:
        """Return the content words of `text` that `entry`, or else the index, does not contain."""
        words = self.generation.words
        found = content_words(self.generation.corrected(text))
        if entry is None:
            return [word for word in found if not words.knows(word)]
        number = self.generation.number_of[entry.id]
        return [word for word in found if words.scores(word)[number] <= 0]

    def names_another(self, text: str) -> bool:
        """Return whether `text` names an entry that the thread is not about."""
        return any(entry is not self.focus for entry in self.subjects_in(text))

    def _subjects(self, text: str) -> Iterator[tuple[int, NameMatch]]:
        words = self.generation.words
        common = max(COMMON, COMMON_SHARE * len(words))
        for length, named in self.generation.names.longest_names_in(
            self.generation.corrected(text)
        ):
            if length > 1 or words.count(named.name) < common:
                yield length, named

    def _entries(self, names: Iterable[NameMatch]) -> list[Entry]:
        ids = dict.fromkeys(named.entry_id for named in names)
        return [self.generation.entries[entry_id] for entry_id in ids]

    def resolve_name(self, subject: str) -> NameMatch | None:
        """Resolve a name, or a question about its meaning. The last word of the name may be missing
        if the rest is unambiguous ("chain of thought" for "chain-of-thought prompting")."""
        if found := self.generation.names.resolve(subject):
            return found[0]
        key = name_key(defined_in(subject) or subject)
        longer = self.generation.with_last_word.get(key, []) if " " in key else []
        return NameMatch(longer[0].id, longer[0].term, "alias") if len(longer) == 1 else None

    def mentions_near(self, entry: Entry) -> tuple[Mention, ...]:
        """Return mentions of an entry and of the entries nearest to it."""
        near = nearest_to_entry(self.generation, entry.id, NEAREST - 1)
        own = mention_of(self.generation, entry.id, 1.0)
        return (own, *(mention(self.generation, found) for found in near))


def cite(entry: Entry, heading: str) -> Citation:
    return Citation(entry.id, entry.term, heading)


def draft_from(
    context: QuestionContext, entry: Entry, heading: str, text: str, confidence: Confidence = "sure"
) -> AnswerDraft:
    return AnswerDraft(text, (cite(entry, heading),), confidence, context.mentions_near(entry))
