"""Apply the edits of users to the entries from sources."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from index.entry import Entry, unlinked
from index.names import unique_names
from index.sources.source import WRITTEN
from index.storage.db.edit import Edit, version_of


def apply_edits(
    entries: Iterable[Entry], edits: Iterable[Edit], sources: Collection[str]
) -> list[Entry]:
    """Return the entries of `sources` with the edits applied.

    Edited entries replace the originals, removed ones are dropped, and added ones come last.
    Entries written in Nearsay are kept only if an edit contains them.
    """
    by_id = {edit.entry: edit for edit in edits}
    wanted = {entry_id: _wanted(edit) for entry_id, edit in by_id.items()}
    kept: list[Entry] = []
    for entry in entries:
        if entry.id not in by_id:
            kept += [entry] if entry.source != WRITTEN else []
        elif found := wanted.pop(entry.id):
            kept.append(found)
    places = {name: at for at, name in enumerate(dict.fromkeys(entry.source for entry in kept))}
    places[WRITTEN] = len(places)
    new = [entry for entry in wanted.values() if entry and entry.source in (WRITTEN, *sources)]
    return sorted([*kept, *new], key=lambda entry: places.get(entry.source, len(places)))


def rebase(
    edits: Iterable[Edit], entries: Mapping[str, Entry], read: Collection[str]
) -> tuple[list[Edit], dict[str, Entry | None]]:
    """Update the edits with the current content of the sources that were `read`.

    Returns the updated edits, and the source content that has changed, by entry id.
    """
    found: list[Edit] = []
    others: dict[str, Entry | None] = {}
    for edit in edits:
        given = entries.get(edit.entry)
        given = unlinked(given) if given else None
        if edit.content.source in read and given != edit.imported:
            others[edit.entry] = given
            edit = edit.rebased(given)
        found.append(edit)
    return found, others


def pending_edits(
    edits: Iterable[Edit], entries: Mapping[str, Entry], sources: Collection[str]
) -> Iterator[Edit]:
    """Yield the edits that have not yet been applied to the entries of an index."""
    for edit in edits:
        wanted, there = _wanted(edit), entries.get(edit.entry)
        if wanted is not None and wanted.source not in (WRITTEN, *sources):
            continue
        if (wanted and version_of(wanted)) != (there and version_of(there)):
            yield edit


def _wanted(edit: Edit) -> Entry | None:
    """Return the content of the entry after an edit, or None if the entry should not exist."""
    content = edit.current
    if content is not None and edit.state == "written" and edit.imported is not None:
        return _with_own_fields(content, edit.imported)
    return content


def _with_own_fields(content: Entry, imported: Entry) -> Entry:
    """Return an edited entry with the fields of its source that forms do not show."""
    return replace(
        content,
        search_phrases=content.search_phrases or imported.search_phrases,
        status=imported.status,
        details=imported.details,
        more_categories=unique_names(content.category, imported.more_categories),
    )
