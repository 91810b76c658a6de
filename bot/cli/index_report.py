"""The report on a reindex or a dry run, as terminal text."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from bot.rendering.admin import lines_of
from bot.rendering.common import many
from bot.rendering.dry_run import (
    SHOWN,
    finding_lines,
    hides_lines,
    lost_lines,
    shared_lines,
    trial_lines,
)
from index.indexing.reindex import Plan
from index.sources.source import BUNDLED, WRITTEN, SourceReport
from index.text import one_line

SHOWN_SKIPPED = 20  # maximum skipped files and rows listed for a source


def plan_lines(reply: Plan) -> list[RenderableType]:
    """Return the report on a dry run. If sources are added, it is about them: what to look at,
    what is lost and hidden, the counts, and the trial."""
    if not reply.reviews:
        return [*map(Text, lines_of(reply)), *source_lines(reply.sources)]
    names = {review.name for review in reply.reviews}
    added = [report for report in reply.sources if report.name in names]
    refused = [item for report in added for item in report.refused]
    shared = [item for review in reply.reviews for item in review.shared]
    first = [*finding_lines(refused, SHOWN), *shared_lines(shared, SHOWN)]
    first += lost_lines([name for report in added for name in report.ignored])
    first += hides_lines([term for review in reply.reviews for term in review.hides])
    first += [""] if first else []
    trial = ["", *trial_lines(reply.trial)] if reply.trial else []
    counts = source_lines(reply.sources, skipped=False)
    return [*map(_indented, [*first, *lines_of(reply)]), *counts, *map(_indented, trial)]


def _indented(line: str) -> RenderableType:
    """Return a line whose indent is kept when it is wrapped."""
    text = line.lstrip()
    return Padding(Text(text), (0, 0, 0, len(line) - len(text))) if text else Text()


def source_lines(reports: Iterable[SourceReport], *, skipped: bool = True) -> list[RenderableType]:
    """Return the counts of each source and, unless `skipped` is off, what was skipped."""
    lines: list[RenderableType] = []
    for report in reports:
        if report.name in (BUNDLED, WRITTEN) and not (skipped and report.refused):
            continue
        counts = f"{many(report.files, 'file')}, {many(report.entries, 'entry', 'entries')}"
        if report.senses > report.entries:
            counts += f" with {report.senses:,} meanings"
        counts += f", {report.merged:,} merged" if report.merged else ""
        counts += f", {report.kept:,} with the same name kept separate" if report.kept else ""
        counts += f", {len(report.refused):,} skipped" if skipped and report.refused else ""
        lines.append(Text.assemble((one_line(report.name), "bold"), f": {counts}"))
        if not skipped:
            continue
        for item in report.refused[:SHOWN_SKIPPED]:
            where = f"{item.path}:{item.line}" if item.line else item.path
            lines.append(Text(one_line(f"  {where}: {item.reason}. {item.hint}"), "dim"))
        if len(report.refused) > SHOWN_SKIPPED:
            lines.append(Text(f"  … {len(report.refused) - SHOWN_SKIPPED:,} more (--json)", "dim"))
    return lines
