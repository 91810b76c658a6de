"""Check accepted ways to ask again when the text of their entry has changed."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.index_content import IndexContents
from bot.working_copy import EntryState, WorkingCopy
from index.embedding.embedder import Embedder
from index.errors import NearsayError
from index.names import name_key
from index.storage import Store
from index.storage.db.edit import text_version, version_of
from index.storage.db.way_ledger import CHECK, WayProposal
from index.ways.assistant_reply import Way
from index.ways.check import check_indexed

logger = logging.getLogger(__name__)


def return_unfit_ways(contents: IndexContents, embedder: Embedder) -> int:
    """Return accepted ways that no longer find their entry to the proposed ones; return their
    number.

    Checked are the ways of live entries whose text has changed since their last check. A way that
    fails leaves the search phrases of its entry by an edit in the same transaction, which the next
    build makes live. So a process may end at any time: what is not checked yet still has the
    version of the earlier text. Never raises a `NearsayError`.
    """
    store = contents.store
    returned = 0
    try:
        pending = {edit.entry for edit in contents.pending_edits()}
        with WorkingCopy.read(store) as glossary:
            ways = [way for way in store.ledger.ways.accepted() if way.entry not in pending]
            outdated = list(_outdated(ways, glossary))
            asked = [Way(way.entry, way.text) for _, those in outdated for way in those]
            dropped = check_indexed(glossary.generation, embedder, asked).dropped
        reasons = {(one.entry, one.text): one.reason for one in dropped}
        for found, those in outdated:
            own = {way: reasons.get((way.entry, way.text), "") for way in those}
            returned += _settle(store, found, own)
    except NearsayError as error:
        logger.warning("accepted ways to ask were not checked again: %s", error.message)
    return returned


def _outdated(
    ways: Iterable[WayProposal], glossary: WorkingCopy
) -> Iterator[tuple[EntryState, list[WayProposal]]]:
    """Yield the live entries whose text has changed since their ways were checked, with the ways
    that are search phrases of them by their acceptance."""
    of_entry: dict[str, list[WayProposal]] = {}
    for way in ways:
        if way.entry in glossary.generation.entries:
            of_entry.setdefault(way.entry, []).append(way)
    for entry, those in of_entry.items():
        found = glossary.by_id(entry)
        current = found.current
        if found.edit is None or current is None:
            continue
        version = text_version(current)
        given = found.imported.search_phrases if found.imported else ()
        own = set(map(name_key, set(current.search_phrases) - set(given)))
        changed = [one for one in those if one.version != version and name_key(one.text) in own]
        if changed:
            yield found, changed


def _settle(store: Store, found: EntryState, reasons: Mapping[WayProposal, str]) -> int:
    """Record the result of the check of an entry's ways; those with a reason failed. Returns the
    number of the failed ones."""
    entry = found.required()
    version = text_version(entry)
    store.ledger.ways.confirm({way.id: version for way, reason in reasons.items() if not reason})
    failed = {way: reason for way, reason in reasons.items() if reason}
    if failed:
        keys = {name_key(way.text) for way in failed}
        kept = tuple(text for text in entry.search_phrases if name_key(text) not in keys)
        content = replace(entry, search_phrases=kept)
        is_given = found.imported is not None and version_of(content) == version_of(found.imported)
        store.ledger.edits.put(
            "put back" if is_given else "edited",
            "imported" if is_given else "written",
            content,
            by=CHECK,
            expected=found.version,
            imported=found.imported,
            within=lambda connection: store.ledger.ways.return_within(
                connection, {way.id: reason for way, reason in failed.items()}, version
            ),
        )
    return len(failed)
