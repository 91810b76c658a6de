"""Ways to ask: write the request, read the reply, and decide on the proposals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from bot.admin.editing_service import EditingService, for_admins
from bot.admin.way_numbers import ALL, Span, is_within, text_of_spans
from bot.identity import User
from bot.replies.base import Problem
from bot.replies.ways import ProposedWay, WayList, WaysDecided, WaysRead, WaysRequest
from bot.working_copy import EntryState, WorkingCopy
from index.editing.validation import can_add_phrase, search_keys
from index.entry import MOST_PHRASES, Entry
from index.errors import ExportError, NotFound
from index.names import name_key
from index.progress import Progress, no_progress
from index.search.choices import resolve_choice
from index.storage.db.edit import text_version
from index.storage.db.edits import OutdatedError
from index.storage.db.way_ledger import CHECK, DecidedError, NewWay, WayProposal
from index.ways.assistant_reply import DroppedWay, Way, read_reply
from index.ways.check import check
from index.ways.request import batches_of, request_for

LISTED = 20  # ways in one list
KNOWN = "the entry has it already"


class WayService(EditingService):
    """Proposes ways to ask for the entries of one index, and decides on them, for admins.

    What is proposed is not in the index. What is accepted becomes search phrases of its entry, by
    an edit in the same transaction, which can be undone like any other.
    """

    @for_admins("ways {source} request".format)
    def write_request(
        self,
        source: str,
        path: Path,
        limit: int | None,
        actor: User,  # noqa: ARG002
    ) -> WaysRequest:
        """Write a request for the entries of a source to a file. Entries for which ways were read
        since their text last changed are left out."""
        source, entries = self.entries_to_ask(source, limit)
        try:
            path.write_text(request_for(entries), encoding="utf-8")
        except OSError as error:
            why = error.strerror or str(error)
            raise ExportError(
                f"{path} cannot be written: {why}.", "Name a file in another folder."
            ) from error
        batches = len(batches_of(entries))
        return WaysRequest(source=source, path=str(path), entries=len(entries), batches=batches)

    @for_admins("ways {source} reply".format)
    def read(
        self,
        source: str,
        text: str,
        actor: User,  # noqa: ARG002  # used by the decorator
        progress: Progress = no_progress,
    ) -> WaysRead:
        """Read a reply, check its ways, and record those of them that are new."""
        source = self._source(source)
        proposed, dropped = self.take(text, self._entries(source), progress)
        return WaysRead(source=source, proposed=proposed, dropped=dropped)

    @for_admins("ways {source} review".format)
    def review(self, source: str, actor: User, progress: Progress = no_progress) -> WayList:  # noqa: ARG002
        """Return the oldest proposed ways. Ways of entries that have changed are checked again."""
        return self._list(self._source(source), progress)

    def _list(self, source: str, progress: Progress) -> WayList:
        entries = self._entries(source)
        dropped = self._check_again(progress)
        waiting = self._waiting(entries)
        return WayList(
            source=source,
            ways=tuple(
                ProposedWay(
                    one.id, one.entry, entries[one.entry].term, one.text, one.reason, one.origin
                )
                for one in waiting[:LISTED]
            ),
            waiting=len(waiting),
            dropped=dropped,
        )

    @for_admins(lambda source, accept, refuse, **_: _decision(source, accept, refuse))
    def decide(
        self,
        source: str,
        accept: Sequence[Span],
        refuse: Sequence[Span],
        actor: User,
        progress: Progress = no_progress,
    ) -> WaysDecided | Problem:
        """Accept and refuse proposed ways by their numbers. May be repeated: what is decided stays
        as it is, and what is accepted but not live goes live."""
        source = self._source(source)
        numbers = [way.id for way in self._store.ledger.ways.all()]
        for first, last in (*accept, *refuse):
            if (first, last) != ALL and not any(first <= number <= last for number in numbers):
                shown = text_of_spans([(first, last)])
                raise NotFound(
                    f"There is no way with the number {shown}; nothing was changed.",
                    f"List the proposed ways with: nearsay ways {source} --review",
                )
        dropped = self._check_again(progress)
        entries = self._entries(source)
        waiting = self._waiting(entries)
        unwanted = {way.id: "" for way in waiting if is_within(way.id, refuse)}
        refused = self._store.ledger.ways.refuse(unwanted, actor.label)
        chosen = [way for way in waiting if is_within(way.id, accept) and way.id not in unwanted]
        accepted, terms, left = self._accept(chosen, actor)
        done = self._go_live(actor, progress)
        return WaysDecided(
            generation=None if isinstance(done, Problem) else done,
            model=self._indexer.embedder.name,
            source=source,
            accepted=accepted,
            refused=refused,
            waiting=len(self._waiting(entries)),
            terms=tuple(terms),
            live=not isinstance(done, Problem),
            trouble=done.message if isinstance(done, Problem) and done.code != "store_busy" else "",
            dropped=(*dropped, *left),
        )

    def entries_to_ask(self, source: str, limit: int | None) -> tuple[str, list[Entry]]:
        """Return the name of a source, and its first entries for which no way was read since their
        text last changed. Raises `NotFound` if there is none."""
        source = self._source(source)
        entries = self.entries_left(source)[:limit]
        if not entries:
            raise NotFound(
                f"All entries of {source} have been asked for.",
                f"List the proposed ways with: nearsay ways {source} --review",
            )
        return source, entries

    def entries_left(self, source: str) -> list[Entry]:
        """Return the entries of a source for which no way was read since their text changed."""
        ways = self._store.ledger.ways.all()
        known = {(way.entry, way.version) for way in ways if way.origin == "model"}
        entries = self._entries(source).values()
        return [one for one in entries if (one.id, text_version(one)) not in known]

    def take(
        self, text: str, entries: Mapping[str, Entry], progress: Progress
    ) -> tuple[int, tuple[DroppedWay, ...]]:
        """Read the ways in a reply, check and record them. Returns the number of new proposals, and
        what was dropped."""
        read = read_reply(text, entries)
        known = {(way.entry, name_key(way.text)): way for way in self._store.ledger.ways.all()}
        new: list[Way] = []
        decided: list[DroppedWay] = []
        for way in read.ways:
            there = known.get((way.entry, name_key(way.text)))
            if there and (
                there.state != "refused" or there.version == text_version(entries[way.entry])
            ):
                decided.append(DroppedWay(way.entry, way.text, f"{there.state} before"))
            else:
                new.append(way)
        with self._store.reading() as generation:
            checked = check(generation, self._indexer.embedder, new, entries, progress)
        reasons = {Way(item.entry, item.text): item.reason for item in checked.dropped}
        added = self._store.ledger.ways.record(
            NewWay(
                entry=way.entry,
                text=way.text,
                version=text_version(entries[way.entry]),
                reason=reasons.get(way, ""),
            )
            for way in new
        )
        return sum(not way.reason for way in added), (*read.dropped, *decided, *checked.dropped)

    def _source(self, source: str) -> str:
        with self._store.reading() as generation:
            return resolve_choice(source, generation.sources, "source", "Sources")

    def _entries(self, source: str) -> dict[str, Entry]:
        with WorkingCopy.read(self._store) as glossary:
            entries = glossary.entries().values()
            indexed = glossary.generation.entries.keys()
        return {one.id: one for one in entries if one.source == source and one.id in indexed}

    def _waiting(self, entries: Mapping[str, Entry]) -> list[WayProposal]:
        return [way for way in self._store.ledger.ways.proposed() if way.entry in entries]

    def _check_again(self, progress: Progress) -> tuple[DroppedWay, ...]:
        """Check the proposed ways of all entries whose text has changed, and refuse those that do
        not pass. Returns the refused ones."""
        ways = self._store.ledger.ways
        with WorkingCopy.read(self._store) as glossary:
            entries = glossary.entries()
            versions = {one: text_version(entry) for one, entry in entries.items()}
            indexed = glossary.generation.entries.keys()
            unknown = entries.keys() - indexed  # not indexed yet, so that no check is possible
            changed = [
                way
                for way in ways.proposed()
                if way.version != versions.get(way.entry) and way.entry not in unknown
            ]
            if not changed:
                return ()
            asked = {Way(way.entry, way.text): way.id for way in changed}
            checked = check(
                glossary.generation, self._indexer.embedder, list(asked), entries, progress
            )
        dropped = checked.dropped
        ways.refuse({asked[Way(one.entry, one.text)]: one.reason for one in dropped}, CHECK)
        ways.confirm({asked[way]: versions[way.entry] for way in checked.ways})
        return dropped

    def _accept(
        self, chosen: Iterable[WayProposal], actor: User
    ) -> tuple[int, list[str], list[DroppedWay]]:
        """Accept ways, in one transaction for each entry. Returns their number, the terms of the
        entries, and the ways that could not be accepted."""
        accepted = 0
        terms: list[str] = []
        left: list[DroppedWay] = []
        with WorkingCopy.read(self._store) as glossary:
            for entry_id, ways in groupby(
                sorted(chosen, key=lambda way: (way.entry, way.id)), lambda way: way.entry
            ):
                found = glossary.by_id(entry_id)
                known, new = _known(found, list(ways))
                self._store.ledger.ways.refuse({way.id: KNOWN for way in known}, CHECK)
                left += [DroppedWay(way.entry, way.text, KNOWN) for way in known]
                fitting, others = _fitting(found, new)
                try:
                    self._accept_for(found, fitting, actor)
                except (OutdatedError, DecidedError) as error:
                    left += [DroppedWay(way.entry, way.text, error.message) for way in fitting]
                else:
                    accepted += len(fitting)
                    terms += [found.term] if fitting else []
                full = f"the entry has {MOST_PHRASES} search phrases from admins already"
                left += [DroppedWay(way.entry, way.text, full) for way in others]
        return accepted, terms, left

    def _accept_for(self, found: EntryState, ways: Sequence[WayProposal], actor: User) -> None:
        if not ways:
            return
        entry = found.required()
        texts = (way.text for way in ways)
        content = replace(entry, search_phrases=(*entry.search_phrases, *texts))
        numbers = [way.id for way in ways]
        self.record(
            "phrase",
            content,
            found,
            actor,
            within=lambda connection: self._store.ledger.ways.accept_within(
                connection, numbers, actor.label
            ),
        )

    def _go_live(self, actor: User, progress: Progress) -> str | Problem:
        """Build a generation with the accepted ways, unless there is one; return its name."""
        if self._indexer.contents.pending_edits():
            done = self.build(actor, progress)
            return done if isinstance(done, Problem) else done.generation
        return self._store.ledger.generations.pointer().generation or ""


def _known(
    found: EntryState, ways: list[WayProposal]
) -> tuple[list[WayProposal], list[WayProposal]]:
    """Split ways into those that the entry has from its source or an admin, and new ones."""
    keys = search_keys(found.required())
    known = [way for way in ways if name_key(way.text) in keys]
    return known, [way for way in ways if way not in known]


def _fitting(
    found: EntryState, ways: list[WayProposal]
) -> tuple[list[WayProposal], list[WayProposal]]:
    """Split ways into those that the entry has room for, and the others."""
    entry = found.required()
    for at, way in enumerate(ways):
        if not can_add_phrase(entry, found.imported):
            return ways[:at], ways[at:]
        entry = replace(entry, search_phrases=(*entry.search_phrases, way.text))
    return ways, []


def _decision(source: str, accept: Sequence[Span], refuse: Sequence[Span]) -> str:
    parts = [f"ways {source}"]
    for what, spans in (("accept", accept), ("refuse", refuse)):
        parts += [f"{what} {text_of_spans(spans)}"] if spans else []
    return " ".join(parts)
