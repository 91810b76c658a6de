"""Blocks for the replies to admin commands, with their buttons."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.commands.spec import Request
from bot.rendering.admin import PHASES, lines_of
from bot.rendering.common import bar, duration, footer, many
from bot.rendering.insights import gap_lines, gaps_title
from bot.replies.admin import AuditLog, GenerationLine, GenerationList, Status
from bot.replies.base import AdminReply
from bot.replies.imports import Import
from bot.replies.insights import Gap, Gaps, PhraseCandidate, Stats
from bot.replies.ways import WayList, WaysDecided
from bot.slack.blocks.answer import open_button
from bot.slack.blocks.editing import RUN
from bot.slack.blocks.elements import (
    LONGEST_SECTION,
    MOST_IN_A_ROW,
    Block,
    Message,
    actions,
    button,
    context,
    section,
    titled_section,
    with_confirmation,
)
from bot.slack.blocks.mrkdwn import truncate
from bot.slack.blocks.ways import way_blocks
from index.indexing.reindex import Plan, ReindexResult
from index.indexing.rollback import RollbackResult
from index.sources.source import SourceReport
from index.text import one_line

RESUME, ROLL_BACK = "admin_resume", "admin_rollback"
DEFINE = "define"  # its value is the term to define
IMPORT, CANCEL = "import_apply", "import_cancel"
_DECIDES = ("apply", "cancel")
PROGRESS_CELLS = 10  # of a progress bar
LONGEST_GAP = 900  # characters
MOST_GAPS = 12  # in one message


def admin_blocks(reply: AdminReply, prefix: str) -> list[Block]:
    if isinstance(reply, Gaps):
        return _gaps(reply)
    if isinstance(reply, WayList | WaysDecided):
        return way_blocks(reply, prefix)
    candidates = reply.phrase_candidates if isinstance(reply, Stats) else ()
    shown = replace(reply, phrase_candidates=()) if isinstance(reply, Stats) else reply
    first, *others = lines_of(shown, prefix)
    if isinstance(reply, Plan | ReindexResult):
        others += _skipped(reply.sources)
    title = titled_section(first, others)
    if isinstance(reply, AuditLog | GenerationList):  # the first line is not a title
        title = section(truncate("\n".join([first, *others]), LONGEST_SECTION))
    blocks = [title, *actions(_buttons(reply))]
    blocks += _candidates(candidates)
    if reply.generation and reply.model:
        blocks.append(context(footer(reply)))
    return blocks


def _buttons(reply: AdminReply) -> list[Block]:
    match reply:
        case ReindexResult() if reply.before not in (None, reply.generation):
            made, before = one_line(reply.generation), one_line(str(reply.before))
            back = Request("near-admin", before, {"from": made}, "rollback")
            return [button(f"Roll back to {reply.before}", ROLL_BACK, back)]
        case RollbackResult() | Status(paused=True):
            resume = Request("near-admin", "", {"resume": "yes"}, "reindex")
            return [button("Resume scheduled reindexing", RESUME, resume)]
        case GenerationList():
            whole = [one for one in reply.generations if one.state == "ready" and not one.current]
            return [_roll_back(reply, one, at) for at, one in enumerate(whole[:MOST_IN_A_ROW])]
        case Import(state="planned"):
            path = "" if reply.upload else one_line(reply.path)
            options = {"name": one_line(reply.name)}
            options |= {"upload": reply.upload} if reply.upload else {}
            options |= {"digest": reply.digest}
            request = Request("near-admin", path, options, "import")
            return import_buttons(request, entries=bool(reply.entries))
        case _:
            return []


def import_buttons(request: Request, *, entries: bool = True) -> list[Block]:
    others = {key: value for key, value in request.options.items() if key not in _DECIDES}
    apply, cancel = (replace(request, options={**others, one: "yes"}) for one in _DECIDES)
    yes = [button("Import", IMPORT, apply) | {"style": "primary"}] if entries else []
    return [*yes, button("Cancel", CANCEL, cancel)]


def _skipped(reports: Sequence[SourceReport]) -> list[str]:
    return [
        one_line(
            f"{report.name}: {len(report.refused):,} skipped, the first "
            f"{Path(report.refused[0].path).name}: {report.refused[0].reason}. "
            f"{report.refused[0].hint}"
        )
        for report in reports
        if report.refused
    ]


def _roll_back(reply: GenerationList, line: GenerationLine, at: int) -> Block:
    options = {"from": reply.generation} if reply.generation else {}
    back = Request("near-admin", line.name, options, verb="rollback")
    label = f"Roll back to {line.name}"
    return with_confirmation(
        button(label, f"{ROLL_BACK}_{at}", back),
        f"{label}?",
        "It goes live at once. Scheduled reindexing pauses until an admin resumes it.",
        "Roll back",
    )


def _gaps(reply: Gaps) -> list[Block]:
    blocks = [titled_section(gaps_title(reply))]
    blocks += [_gap(gap, at) for at, gap in enumerate(reply.gaps[:MOST_GAPS])]
    left = len(reply.gaps) - MOST_GAPS
    if left > 0:
        blocks.append(context(f"{left} more. The terminal shows all of them."))
    if reply.generation:
        blocks.append(context(footer(reply)))
    return blocks


def _candidates(candidates: Sequence[PhraseCandidate]) -> list[Block]:
    if not candidates:
        return []
    title = section("*Helpful questions that could become search phrases*")
    return [title, *(_candidate(one, at) for at, one in enumerate(candidates))]


def _candidate(candidate: PhraseCandidate, at: int) -> Block:
    question = one_line(candidate.question)
    request = Request("near-admin", f"{one_line(candidate.entry.id)} = {question}", verb="phrase")
    helped = many(candidate.helpful, "person", "people")
    origin = truncate(f"{one_line(candidate.entry.term)}, helped {helped}", 200)
    use = button("Use as search phrase", f"{RUN}_phrase_{at}", request)
    return section(f"{truncate(question, LONGEST_GAP - 210)}\n{origin}", use)


def _gap(gap: Gap, at: int) -> Block:
    first, *others = gap_lines(gap)
    text = f"*{truncate(first, 200)}*\n" + truncate("\n".join(others), LONGEST_GAP - 210)
    go = button("Define this", f"{DEFINE}_{at}", one_line(gap.title) or "…")
    if gap.entry is not None:
        go = open_button(gap.entry.id, gap.entry.term, at)
    return section(text, go)


def progress_message(
    phase: str, done: int, total: int, seconds: float, what: str = "Reindexing"
) -> Message:
    """Build the progress message of the task `what`, `seconds` after its current phase began."""
    name = PHASES.get(phase, one_line(phase) or "Starting")
    text = f"{what}: {name[0].lower()}{name[1:]}"
    if total > 1:
        text += f" {done:,} of {total:,} {bar(done / total, PROGRESS_CELLS)}"
        if 0 < done < total and seconds >= 1:
            rate = done / seconds
            text += f" {rate:,.{0 if rate >= 10 else 1}f} a second, "
            text += f"{duration(max(1, (total - done) / rate))} left"
    return note(text)


def note(text: str) -> Message:
    shown = truncate(text, LONGEST_SECTION) or "…"
    return Message(shown, [section(shown)])


def with_outcome(original: str, outcome: str, buttons: Sequence[Block] = ()) -> Message:
    """Build a message with the text `original`, the outcome below it, and any buttons."""
    shown, line = truncate(original, 2_000) or "…", truncate(outcome, 900)
    blocks = [section(shown), section(f"*{line}*"), *actions(buttons)]
    return Message(truncate(f"{original}\n{outcome}", 3_900), blocks)
