"""Replace sources on the web with their copies, so that they are read like files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from index.errors import FetchError
from index.progress import Progress
from index.sources.files import Refusal
from index.sources.source import Source, SourceReport
from index.sources.web.copies import WebCopies
from index.text import one_line


@dataclass(frozen=True, slots=True)
class LocalSources:
    """Sources with local paths.

    `copied` maps the copies' paths to the addresses as shown. `failed` has the reason for each
    source, by name, that could not be fetched or is kept; those without a copy are `unread`: their
    entries are in the index only.
    """

    sources: list[Source] = field(default_factory=list)
    copied: dict[str, str] = field(default_factory=dict)
    failed: dict[str, Refusal] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    @classmethod
    def fetch(
        cls,
        sources: Collection[Source],
        copies: WebCopies,
        only: Collection[str] | None,
        indexed: Collection[Source],
        tell: Progress,
    ) -> LocalSources:
        """Fetch the sources on the web that are in `only` (None: all of them).

        Raises `FetchError` if a source cannot be fetched, has no copy, and is not `indexed` with
        the same address.
        """
        found = cls()
        in_index = {(source.name, source.path) for source in indexed}
        for done, source in enumerate(sources):
            if not source.is_web or (only is not None and source.name not in only):
                found.sources.append(source)
                continue
            tell("reading", done, len(sources))
            try:
                copy = copies.refresh(source)
            except FetchError as error:
                if (source.name, source.path) not in in_index:
                    raise
                found.keep(source, error.reason, error.hint)
                found.sources.append(source)
                continue
            if copy.problem is not None:
                found._fail(source, copy.problem.reason, copy.problem.hint)
            found.copied[one_line(str(copy.path))] = source.shown
            found.sources.append(replace(source, path=str(copy.path)))
        return found

    def keep(self, source: Source, reason: str, hint: str) -> None:
        """Keep the indexed entries of a source, for a reason."""
        self._fail(source, reason, hint)
        self.unread.add(source.name)

    def _fail(self, source: Source, reason: str, hint: str) -> None:
        reason = f"{one_line(reason)}. Its entries stay as they were last read"
        self.failed[source.name] = Refusal(source.shown, None, reason, one_line(hint))

    def reports(
        self, read: Iterable[SourceReport], earlier: Iterable[SourceReport]
    ) -> Iterator[SourceReport]:
        """Yield the reports on the sources that were `read`, with addresses in place of copies, and
        the `earlier` ones of those that could not be, each with the reason."""
        for report in read:
            refused = tuple(
                replace(one, path=self.copied.get(one.path, one.path)) for one in report.refused
            )
            path = self.copied.get(one_line(report.path), report.path)
            yield self._with_reason(replace(report, path=path, refused=refused))
        for report in earlier:
            if report.name in self.unread:
                of_parts = tuple(one for one in report.refused if one.line is not None)
                yield self._with_reason(replace(report, refused=of_parts))

    def _with_reason(self, report: SourceReport) -> SourceReport:
        failed = self.failed.get(report.name)
        return replace(report, refused=(failed, *report.refused)) if failed else report
