"""Admin replies as plain lines."""

import re
from collections.abc import Mapping
from typing import Any, get_args

from rich.filesize import decimal

from bot.commands.catalog import COMMANDS
from bot.rendering import imports, insights, lists, ways  # noqa: F401  # registers their renderers
from bot.rendering.common import ago, duration, many, moment, not_as_written, reply_lines
from bot.rendering.editing import set_aside_lines
from bot.replies.admin import (
    AuditLog,
    GenerationKept,
    GenerationLine,
    GenerationList,
    RecentUsage,
    Status,
    StopRequested,
)
from bot.replies.base import AdminReply, Problem, Reply
from bot.replies.editing import Review
from index.export.exported import ExportResult
from index.indexing.reindex import Churn, Plan, ReindexResult
from index.indexing.rollback import RollbackResult
from index.storage.db.audit import AuditRecord
from index.text import one_line, shorten

_COMMAND = re.compile(rf"(?<!\S)/({'|'.join(one.name for one in COMMANDS if one.slack)})(?= )")
RESUME = "To resume: /near-admin reindex --resume"
PHASES = {
    "reading": "Reading files",
    "embedding": "Embedding passages",
    "encoding": "Encoding texts for reading",
    "writing": "Writing the index",
    "verifying": "Verifying the index",
    "switching": "Switching generations",
    "removing": "Removing old files",
    "comparing": "Comparing answers",
}


def lines_of(reply: Reply, prefix: str = "") -> list[str]:
    """Return a reply as plain lines, the answer first. `prefix` is the prefix of commands in them.

    Lines of admin replies, except those of a `Review`, are stripped of line breaks and control
    characters.
    """
    lines = reply_lines(reply)
    if not isinstance(reply, get_args(AdminReply | Problem)):
        return lines
    lines = [prefixed(line, prefix) for line in lines]
    if isinstance(reply, Problem):
        return lines
    return lines if isinstance(reply, Review) else [one_line(line) for line in lines]


def prefixed(text: str, prefix: str) -> str:
    """Insert the prefix of commands into the commands in a text."""
    return _COMMAND.sub(lambda found: f"/{prefix}{found[1]}", text)


@reply_lines.register
def _(reply: StopRequested) -> list[str]:
    return [f"Stopping the reindex by {reply.holder}."]


@reply_lines.register
def _(reply: GenerationKept) -> list[str]:
    resumes = " Scheduled reindexing resumes." if reply.resumed else ""
    return [f"{reply.generation} stays live.{resumes}"]


@reply_lines.register
def _(reply: RollbackResult) -> list[str]:
    entries = many(reply.entries, "entry", "entries")
    return [
        f"{reply.generation} is live again, with {entries}, in place of {reply.before}.",
        f"Scheduled reindexing is paused. {RESUME}",
        *set_aside_lines(reply.set_aside),
    ]


@reply_lines.register
def _status(reply: Status) -> list[str]:
    lines = []
    if reply.generation is not None:
        lines.append(
            f"{reply.generation} is live: {many(reply.entries, 'entry', 'entries')}, "
            f"{many(reply.passages, 'passage')}, model {reply.model}"
        )
    lines += reply.health
    if reply.built is not None:
        lines.append(
            f"Built {moment(reply.built)}, {ago(reply.age or 0)}, by {reply.by}{_last(reply.last)}"
        )
    for source in reply.sources:
        origin = source.host or many(source.files, "file")
        of = f"{many(source.entries, 'entry', 'entries')} from {origin}"
        of = of if source.path else f"{many(source.entries, 'entry', 'entries')} written in Nearsay"
        skipped = f", {not_as_written(source.skipped)}"
        lines.append(f"{source.name}: {of}{skipped if source.skipped else ''}")
    lines.append(_asked(reply.asked))
    lines.append(f"{decimal(reply.disk)} on disk; ledger: {reply.ledger}")
    if reply.reindexing is not None:
        going = reply.reindexing
        phase = PHASES.get(going.phase, going.phase or "starting").casefold()
        of = f" {going.done:,} of {going.total:,}" if going.total else ""
        lines.append(f"Reindexing for {duration(going.seconds)}, by {going.holder}: {phase}{of}")
    if reply.paused:
        lines.append(f"Scheduled reindexing is paused after a rollback. {RESUME}")
    return lines if reply.health or reply.paused else [*lines, "No problems found."]


def _asked(asked: RecentUsage) -> str:
    if not (asked.questions or asked.helpful or asked.not_helpful):
        return f"No questions in the last {asked.days} days"
    text = f"In the last {asked.days} days: {many(asked.questions, 'question')} from "
    text += f"{many(asked.people, 'person', 'people')}, {asked.unanswered:,} without an answer; "
    return f"{text}votes: {asked.helpful:,} helpful, {asked.not_helpful:,} not helpful"


@reply_lines.register
def _plan(reply: Plan) -> list[str]:
    if not (reply.added or reply.changed or reply.removed):
        entries = many(reply.unchanged, "entry is", "entries are")
        return [f"A reindex would change nothing: {entries} unchanged."]
    return [
        f"A reindex would make these changes: {_counts(reply)}. This was a dry run.",
        f"{many(reply.embedded, 'passage')} would be embedded.",
    ]


@reply_lines.register
def _reindexed(reply: ReindexResult) -> list[str]:
    if reply.generation == reply.before:
        entries = many(reply.unchanged, "entry", "entries")
        return [
            f"Nothing changed: {reply.generation} stays live, with {entries}. {reply.seconds:g} s"
        ]
    lines = [
        f"{reply.generation} is live. {_counts(reply)} · "
        f"{many(reply.embedded, 'passage')} embedded, {reply.reused:,} reused · "
        f"{reply.seconds:g} s"
    ]
    return [*lines, *(_churn(reply.churn) if reply.churn else ())]


def _churn(churn: Churn) -> list[str]:
    if not churn.questions:
        return ["There are no test questions for comparing answers."]
    if not churn.changed:
        return [f"Same neighbours as before for {many(churn.questions, 'test question')}."]
    text = (
        f"{churn.changed:,} of {many(churn.questions, 'test question')} have different entries in "
        f"their first ten; {churn.first:,} have a different first entry."
    )
    worst = "; ".join(
        f'"{shorten(one_line(item.question), 80)}" ({item.changed})' for item in churn.worst
    )
    return [text, f"Most changed: {worst}"]


@reply_lines.register
def _generations(reply: GenerationList) -> list[str]:
    if not reply.generations:
        return ["Nothing has been indexed yet."]
    lines = [_generation(line) for line in reply.generations]
    gone = reply.total - len(reply.generations)
    left = many(gone, "earlier one is", "earlier ones are")
    return [*lines, *([f"{left} no longer stored."] if gone else [])]


def _generation(line: GenerationLine) -> str:
    states = ["live"] if line.current else []
    states += ["damaged"] if line.state == "damaged" else []
    marked = f" ({', '.join(states)})" if states else ""
    text = (
        f"{line.name}{marked}: {moment(line.built)}, by "
        f"{line.by}, {line.added:,} added, {line.changed:,} changed, {line.removed:,} removed"
    )
    return f"{text}. {line.note}" if line.note else text


@reply_lines.register
def _exported(reply: ExportResult) -> list[str]:
    forms = {"markdown": "Markdown pages", "site": "web pages"}
    form = forms.get(reply.form, reply.form.upper())
    one, several = ("entry", "entries") if reply.what == "entries" else ("record", "records")
    lines = [f"{many(reply.entries, one, several)} as {form}: {reply.path}"]
    if reply.losses:
        things = many(reply.losses, "thing")
        lines += [f"{things} would be lost on import:", *reply.lost]
    return lines


@reply_lines.register
def _audit(reply: AuditLog) -> list[str]:
    if not reply.records:
        return ["No admin actions yet."]
    return [_record(record) for record in reply.records]


def _record(record: AuditRecord) -> str:
    times = f" {record.times:,} times" if record.times > 1 else ""
    parts = [moment(record.at), record.who, shorten(record.action, 80), f"{record.outcome}{times}"]
    parts += [shorten(record.detail, 160)] if record.detail else []
    parts += [record.generation] if record.generation else []
    return " · ".join(parts)


def _counts(reply: Plan | ReindexResult) -> str:
    return (
        f"{reply.added:,} added, {reply.changed:,} changed, {reply.removed:,} removed, "
        f"{reply.unchanged:,} unchanged"
    )


def _last(outcome: Mapping[str, Any]) -> str:
    counts = [
        f"{outcome[name]:,} {name}" for name in ("added", "changed", "removed") if name in outcome
    ]
    return f": {', '.join(counts)} in {outcome.get('seconds', 0):g} s" if counts else ""
