"""The content of an index: the entries from its sources, with the edits applied."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.editing.overlay import apply_edits, pending_edits, rebase
from index.entry import Entry
from index.indexing.reindex import SourceContent
from index.progress import Progress
from index.sources.loader import read_sources
from index.sources.source import BUNDLED, WRITTEN, Source, SourceReport, bundled_digest
from index.sources.web.copies import WebCopies
from index.sources.web.local_sources import LocalSources
from index.storage import Generation, Store
from index.storage.db.edit import Edit
from index.storage.manifest import Provenance

FEW = 10  # entries; that a source loses fewer is not checked, unless it loses all
CONFIRM = (
    "Check the files. To remove the entries: /near-admin reindex --confirm, or in a terminal: "
    "nearsay index --confirm"
)


@dataclass(frozen=True, slots=True)
class IndexContents:
    """Reads the entries of the index in `store` from their sources, including the bundled
    encyclopedia unless it is switched off. `copies` are the files of sources on the web."""

    store: Store
    encyclopedia: bool
    copies: WebCopies

    @property
    def expected_digest(self) -> str:
        """The digest of the bundled encyclopedia in an up-to-date manifest; empty if it is off."""
        return bundled_digest() if self.encyclopedia else ""

    def read(
        self,
        sources: Mapping[str, Source],
        only: Sequence[str],
        tell: Progress,
        chosen: Collection[str] | None = None,
    ) -> SourceContent:
        """Read `sources` (by name) and apply the edits. With `only`, the other sources keep their
        indexed entries, and so does one that cannot be fetched.

        Unless `chosen` is None, so does one that would lose most of its entries, and is not among
        the sources that the user has `chosen` to change (see `_removals`). Raises `NearsayError`.
        """
        before = self.store.readable()
        indexed = before.manifest.sources if before else ()
        local = LocalSources.fetch(list(sources.values()), self.copies, only or None, indexed, tell)
        content = self._content(before, sources, local, only, tell)
        held = {} if chosen is None else self._removals(before, content, chosen)
        if not held:
            return content
        for name, reason in held.items():
            local.keep(sources[name], reason, CONFIRM)
        content = self._content(before, sources, local, only, tell)
        return replace(content, held=tuple(held.values()))

    def _content(
        self,
        before: Generation | None,
        sources: Mapping[str, Source],
        local: LocalSources,
        only: Sequence[str],
        tell: Progress,
    ) -> SourceContent:
        earlier = {item.name: item for item in before.manifest.reports} if before else {}
        wanted = only or _names(self.expected_digest, sources.values())
        wanted = [name for name in wanted if name not in local.unread]
        report = read_sources(
            local.sources,
            tell,
            known=self.store.ledger.files,
            only=wanted if only or local.unread else None,
            before=list(before.entries.values()) if before else (),
            encyclopedia=self.encyclopedia,
        )
        read = {item.name: item for item in report.sources}
        reports = dict(earlier) if only else {}
        reports |= {item.name: item for item in local.reports(read.values(), earlier.values())}
        if not self.encyclopedia:
            reports.pop(BUNDLED, None)
        encyclopedia = self.expected_digest
        if only and before and BUNDLED not in only and self.encyclopedia:
            encyclopedia = before.manifest.encyclopedia
        overlay = self.store.ledger.edits.overlay()
        given = {entry.id: entry for entry in report.entries}
        edits, others = rebase(overlay.edits, given, read)
        entries = apply_edits(report.entries, edits, _names(encyclopedia, sources.values()))
        return SourceContent(
            entries=entries,
            encyclopedia=encyclopedia,
            sources=tuple(sources.values()),
            reports=_with_written(reports.values(), entries),
            edits=overlay.last,
            given=others,
        )

    @staticmethod
    def _removals(
        before: Generation | None, content: SourceContent, chosen: Collection[str]
    ) -> dict[str, str]:
        """Return the sources that have no entries left, or would lose most of them and at least
        `FEW`, each with the reason to keep them: its folder may be empty because a disk is not
        mounted. Sources in `chosen` are not checked, nor is the encyclopedia."""
        there = before.entries.values() if before else ()
        kept = {entry.id for entry in content.entries}
        named = {source.name: source for source in content.sources if source.name not in chosen}
        indexed = [entry for entry in there if entry.source in named]
        total = Counter(entry.source for entry in indexed)
        emptied = {report.name for report in content.reports if not report.entries}
        lost = Counter(entry.source for entry in indexed if entry.id not in kept)
        return {
            name: f"{name} would lose {count:,} of its {total[name]:,} entries "
            f"({named[name].shown})"
            for name, count in lost.items()
            if name in emptied or (2 * count > total[name] and count >= FEW)
        }

    def with_edits(self, entries: Iterable[Entry], of: Provenance) -> SourceContent:
        """Return the content of a generation, its `entries` with all edits applied. Reads no
        source; `of` has the names of the sources and their reports."""
        overlay = self.store.ledger.edits.overlay()
        overwritten = apply_edits(entries, overlay.edits, _names(of.encyclopedia, of.sources))
        return SourceContent(
            entries=overwritten,
            encyclopedia=of.encyclopedia,
            sources=of.sources,
            reports=_with_written(of.reports, overwritten),
            edits=overlay.last,
        )

    def pending_edits(self) -> list[Edit]:
        """Return the edits that are not in the index yet. Raises `LedgerError`."""
        generation = self.store.readable()
        overlay = self.store.ledger.edits.overlay()
        if generation is None or overlay.last == generation.manifest.edits:
            return []
        names = _names(generation.manifest.encyclopedia, generation.manifest.sources)
        return list(pending_edits(overlay.edits, generation.entries, names))


def _names(encyclopedia: str, sources: Iterable[Source]) -> tuple[str, ...]:
    return (*([BUNDLED] if encyclopedia else []), *(source.name for source in sources))


def _with_written(
    reports: Iterable[SourceReport], entries: Sequence[Entry]
) -> tuple[SourceReport, ...]:
    others = [report for report in reports if report.name != WRITTEN]
    count = sum(entry.source == WRITTEN for entry in entries)
    own = SourceReport(
        name=WRITTEN,
        path="",
        files=0,
        entries=count,
        senses=count,
        merged=0,
        kept=0,
        refused=(),
        licence="",
    )
    return (*others, own) if count else tuple(others)
