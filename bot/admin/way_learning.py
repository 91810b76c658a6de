"""Propose questions as ways to ask for the entries that their users meant."""

from collections.abc import Iterable

from bot.indexing import Indexer
from bot.working_copy import WorkingCopy
from index.entry import Entry
from index.names import name_key
from index.sources.source import BUNDLED
from index.storage.db.edit import text_version
from index.storage.db.questions import QuestionRecord
from index.storage.db.way_ledger import NewWay
from index.ways.asked_question import way_of_question
from index.ways.assistant_reply import Way
from index.ways.check import check

MOST_WAITING = 500  # ways from questions that wait for a decision; further ones are dropped


class WayLearner:
    """Proposes questions as ways to ask for own entries of one index. Thread-safe.

    A proposal has the text of the question and its entry, but neither its user nor its place. What
    is proposed is not in the index.
    """

    def __init__(self, indexer: Indexer) -> None:
        self._embedder = indexer.embedder
        self._store = indexer.store

    def own_entries(self, ids: Iterable[str]) -> list[Entry]:
        """Return those of the entries with these ids that are in the index and not bundled."""
        with self._store.reading() as generation:
            found = [generation.entries[one] for one in ids if one in generation.entries]
        return [entry for entry in found if entry.source != BUNDLED]

    def terms(self, ids: Iterable[str]) -> list[tuple[str, str]]:
        """Return the ids and terms of those of the entries that are in the index."""
        with self._store.reading() as generation:
            there = [one for one in ids if one in generation.entries]
            return [(one, generation.entries[one].term) for one in there]

    def is_new(self, question: QuestionRecord, entry: str) -> bool:
        """Return whether a question could be proposed for an entry if the owners may see it."""
        return self._way(question, entry) is not None

    def propose(self, question: QuestionRecord, entry: str) -> bool:
        """Propose a question for an entry; return whether it is a new proposal.

        It is none if the owners of the glossary may not see it, if it does not pass the check of
        all ways to ask, or if the entry has it already.
        """
        way = self._way(question, entry) if question.is_open else None
        return way is not None and bool(self._store.ledger.ways.record([way], "use"))

    def _way(self, question: QuestionRecord, entry_id: str) -> NewWay | None:
        with WorkingCopy.read(self._store) as glossary:
            generation = glossary.generation
            if entry_id not in generation.entries or generation.names.resolve(question.text):
                return None  # a name is no other way to ask
            entry = glossary.by_id(entry_id).current
            text = way_of_question(question.text, entry) if entry else ""
            if entry is None or entry.source == BUNDLED or not text:
                return None
            if not self._has_room(entry_id, text, text_version(entry)):
                return None
            way = Way(entry_id, text)
            if not check(generation, self._embedder, [way], {entry_id: entry}).ways:
                return None
            return NewWay(entry=entry_id, text=text, version=text_version(entry))

    def _has_room(self, entry: str, text: str, version: str) -> bool:
        """Return whether the ledger has no such way, and not too many that wait."""
        ways = self._store.ledger.ways.all()
        waiting = sum(way.origin == "use" and way.state == "proposed" for way in ways)
        same = (way for way in ways if way.entry == entry and name_key(way.text) == name_key(text))
        is_known = any(way.state != "refused" or way.version == version for way in same)
        return not is_known and waiting < MOST_WAITING
