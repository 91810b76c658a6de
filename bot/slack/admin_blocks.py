"""Admins' replies as Block Kit, with buttons to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.admin.import_phrases import import_lines
from bot.admin.import_replies import Import
from bot.admin.insights import Gaps, Stats
from bot.admin.phrases import PHASES, lines_of
from bot.admin.replies import GenerationLine, Generations
from bot.commands.parser import line_of
from bot.commands.spec import Request
from bot.phrases import bar, footer
from bot.replies import AdminReply, Problem
from bot.slack.elements import (
    LONGEST_SECTION,
    MOST_IN_A_ROW,
    Block,
    Message,
    actions,
    asking,
    button,
    confirmed,
    context,
    headed,
    section,
)
from bot.slack.insight_blocks import candidate_blocks, gaps_blocks
from bot.slack.mrkdwn import fitted
from index.reindex import Plan, Reindexed
from index.sources.source import SourceReport
from index.text import one_line

KEEP, ROLL_BACK = "admin_keep", "admin_rollback"
IMPORT, CANCEL = "import_apply", "import_cancel"  # actions of the buttons under a report


def admin_blocks(reply: AdminReply, prefix: str) -> list[Block]:
    """A reply, with ways to go on after a reindex that changed something."""
    if isinstance(reply, Gaps):
        return gaps_blocks(reply)
    candidates = reply.phrase_candidates if isinstance(reply, Stats) else ()
    if isinstance(reply, Import):
        first, *others = map(one_line, import_lines(reply))
    else:
        said = replace(reply, phrase_candidates=()) if isinstance(reply, Stats) else reply
        first, *others = lines_of(said, prefix)
    if isinstance(reply, Plan | Reindexed):
        others += _skipped(reply.sources)
    blocks = [headed(first, others), *actions(_ways(reply, prefix))]
    blocks += candidate_blocks(candidates, prefix)
    if reply.generation and reply.model:
        blocks.append(context(footer(reply)))
    return blocks


def _ways(reply: AdminReply, prefix: str) -> list[Block]:
    """The buttons under a reply."""
    match reply:
        case Reindexed() if reply.before not in (None, reply.generation):
            keep = Request("near-admin", reply.generation, verb="keep")
            options = {"from": reply.generation}
            back = Request("near-admin", str(reply.before), options, verb="rollback")
            to = f"Roll back to {reply.before}"
            return asking("Keep", KEEP, keep, prefix) + asking(to, ROLL_BACK, back, prefix)
        case Generations():
            whole = [one for one in reply.generations if one.state == "ready" and not one.current]
            return [
                _roll_back(reply, line, at, prefix) for at, line in enumerate(whole[:MOST_IN_A_ROW])
            ]
        case Import(state="planned"):
            path = "" if reply.upload else one_line(reply.path)
            options = {"name": one_line(reply.name)}
            options |= {"upload": reply.upload} if reply.upload else {}
            options |= {"digest": reply.digest}
            request = Request("near-admin", path, options, "import")
            return _choices(request, prefix, entries=bool(reply.entries))
        case _:
            return []


def _choices(request: Request, prefix: str, *, entries: bool = True) -> list[Block]:
    """Whether a glossary is imported; nothing to choose where its line is too long."""
    others = {key: value for key, value in request.options.items() if key not in _DECIDES}
    apply, cancel = (replace(request, options={**others, one: "yes"}) for one in _DECIDES)
    no = asking("Cancel", CANCEL, cancel, prefix)
    yes = asking("Apply", IMPORT, apply, prefix) if entries and no else []
    return [*(way | {"style": "primary"} for way in yes), *no]


_DECIDES = ("apply", "cancel")


def _skipped(reports: Sequence[SourceReport]) -> list[str]:
    """For each source that was not read whole, how much is missing and the first reason."""
    return [
        one_line(
            f"{report.name}: {len(report.refused):,} skipped, the first "
            f"{Path(report.refused[0].path).name}: {report.refused[0].reason}. "
            f"{report.refused[0].hint}"
        )
        for report in reports
        if report.refused
    ]


def _roll_back(reply: Generations, line: GenerationLine, at: int, prefix: str) -> Block:
    """A button to go back to a generation."""
    options = {"from": reply.generation} if reply.generation else {}
    back = Request("near-admin", line.name, options, verb="rollback")
    label = f"Roll back to {line.name}"
    return confirmed(
        button(label, f"{ROLL_BACK}_{at}", line_of(back, prefix)),
        f"{label}?",
        "It goes live at once. Scheduled reindexing pauses until an admin keeps it.",
        "Roll back",
    )


def progress_message(
    phase: str, done: int, total: int, seconds: float, what: str = "Reindexing"
) -> Message:
    """How far a reindex is, or `what` is going on: `seconds` since this phase began tell how long
    it may still take."""
    name = PHASES.get(phase, one_line(phase) or "Starting")
    told = f"{what}: {name[0].lower()}{name[1:]}"
    if total > 1:
        told += f" {done:,} of {total:,} {bar(done / total)}"
        if 0 < done < total and seconds >= 1:
            rate = done / seconds
            told += f" {rate:,.{0 if rate >= 10 else 1}f} a second, "
            told += f"{max(1, round((total - done) / rate)):,} s left"
    return note(told)


def note(text: str) -> Message:
    """A sentence."""
    shown = fitted(text, LONGEST_SECTION) or "…"
    return Message(shown, [section(shown)])


def settled(told: str, reply: AdminReply) -> Message:
    """The message of a reindex after its button was pressed: what it said, and what came of it."""
    line = lines_of(reply)[0]
    text = fitted(told, 2_000) or "…"
    return Message(
        fitted(f"{told}\n{line}", 3_900), [section(text), section(f"*{fitted(line, 600)}*")]
    )


def failed(told: str, problem: Problem, request: Request, prefix: str) -> Message:
    """A report after its button did not do what it should: what it said, why, and both buttons
    once more."""
    line = fitted(one_line(f"{problem.message} {problem.hint}"), 900)
    blocks = [section(fitted(told, 2_000) or "…"), section(f"*{line}*")]
    ways = actions(_choices(request, prefix))
    return Message(f"{fitted(told, 2_900)}\n{line}", [*blocks, *ways])
