"""Import replies as plain lines."""

from pathlib import PurePath

from bot.rendering.common import many, not_as_written, reply_lines
from bot.rendering.dry_run import hides_lines, lost_lines, shared_lines
from bot.replies.imports import Import
from index.sources.files import Refusal
from index.text import one_line

SHOWN = 5  # names of several entries in a preview


@reply_lines.register
def import_lines(reply: Import) -> list[str]:
    """Render the preview or the result of an import."""
    if reply.state == "cancelled":
        return [f"The import of {reply.path} was cancelled; the index was not changed."]
    counts = f"{reply.added:,} added, {reply.changed:,} changed, {reply.removed:,} removed, "
    counts += f"{reply.unchanged:,} unchanged"
    entries = many(reply.entries, "entry", "entries")
    if reply.state == "applied":
        first = f"{reply.name} is live in {reply.live}, with {entries}. {counts}"
        embedded = f"{many(reply.embedded, 'passage')} embedded"
        return [f"{first} · {embedded} · {reply.seconds:g} s", *refused_lines(reply)]
    lines = [
        f"{reply.path} ({reply.form}) would be the source {reply.name}, with {entries}",
        *refused_lines(reply),
        *shared_lines(reply.shared, SHOWN),
        *lost_lines(reply.ignored),
        *hides_lines(reply.hides),
        f"{counts}. This is a preview.",
        *([f"The first entry: {one_line(reply.first)}"] if reply.first else []),
        f"{many(reply.embedded, 'passage')} would be embedded.",
    ]
    if reply.entries and not reply.upload:
        lines.append(f"To import it: /near-admin import {reply.path} --apply")
    return lines


def refused_lines(reply: Import) -> list[str]:
    """Render the first refused files and rows with reasons, and count the others."""
    if not reply.refusals:
        return []
    lines = [f"{not_as_written(reply.refusals)}:"]
    lines += [_refused(item) for item in reply.refused]
    left = reply.refusals - len(reply.refused)
    return [*lines, f"… {left:,} more"] if left else lines


def _refused(item: Refusal) -> str:
    name = PurePath(item.path).name
    where = f"{name}:{item.line}" if item.line else name
    return f"{where}: {item.reason}. {item.hint}".strip()
