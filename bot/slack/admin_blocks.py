"""Admins' replies as Block Kit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.admin.import_replies import Import
from bot.admin.insights import Gaps, Stats
from bot.admin.phrases import PHASES, lines_of
from bot.admin.replies import GenerationLine, Generations
from bot.commands.parser import line_of
from bot.commands.spec import Request
from bot.phrases import bar, footer
from bot.replies import AdminReply
from bot.slack.elements import (
    MOST_IN_A_ROW,
    Block,
    Message,
    button,
    confirmed,
    context,
    rows,
    section,
)
from bot.slack.import_blocks import import_blocks
from bot.slack.insight_blocks import candidate_blocks, gaps_blocks
from bot.slack.mrkdwn import fitted
from index.reindex import Plan, Reindexed
from index.sources.source import SourceReport
from index.text import one_line

KEEP, ROLL_BACK = "admin_keep", "admin_rollback"
LONGEST = 2_900  # characters of a section


def admin_blocks(reply: AdminReply, prefix: str) -> list[Block]:
    """A reply, with ways to go on after a reindex that changed something."""
    if isinstance(reply, Gaps):
        return gaps_blocks(reply)
    if isinstance(reply, Import):
        return import_blocks(reply, prefix)
    candidates = reply.phrase_candidates if isinstance(reply, Stats) else ()
    said = replace(reply, phrase_candidates=()) if isinstance(reply, Stats) else reply
    first, *others = lines_of(said, prefix)
    text = f"*{fitted(first, 600)}*"
    if isinstance(reply, Plan | Reindexed):
        others += _skipped(reply.sources)
    if others:
        text += "\n" + fitted("\n".join(others), LONGEST - len(text))
    blocks = [section(text)]
    if isinstance(reply, Reindexed) and reply.before not in (None, reply.generation):
        blocks.append({"type": "actions", "elements": _choices(reply, prefix)})
    if isinstance(reply, Generations):
        blocks += rows(_ways_back(reply, prefix))
    blocks += candidate_blocks(candidates, prefix)
    if reply.generation and reply.model:
        blocks.append(context(footer(reply)))
    return blocks


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


def _ways_back(reply: Generations, prefix: str) -> list[Block]:
    """A button for each generation that can be gone back to."""
    whole = [line for line in reply.generations if line.state == "ready" and not line.current]
    return [
        confirmed(
            button(
                f"Roll back to {line.name}", f"{ROLL_BACK}_{at}", _line_back(reply, line, prefix)
            ),
            f"Roll back to {line.name}?",
            "It goes live at once. Scheduled reindexing pauses until an admin keeps it.",
            "Roll back",
        )
        for at, line in enumerate(whole[:MOST_IN_A_ROW])
    ]


def _line_back(reply: Generations, line: GenerationLine, prefix: str) -> str:
    options = {"from": reply.generation} if reply.generation else {}
    return line_of(Request("near-admin", line.name, options, verb="rollback"), prefix)


def _choices(reply: Reindexed, prefix: str) -> list[Block]:
    keep = Request("near-admin", reply.generation, verb="keep")
    back = Request("near-admin", str(reply.before), {"from": reply.generation}, verb="rollback")
    return [
        button("Keep", KEEP, line_of(keep, prefix)),
        button(f"Roll back to {reply.before}", ROLL_BACK, line_of(back, prefix)),
    ]


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
    shown = fitted(text, LONGEST) or "…"
    return Message(shown, [section(shown)])


def settled(told: str, reply: AdminReply) -> Message:
    """The message of a reindex after its button was pressed: what it said, and what came of it."""
    line = lines_of(reply)[0]
    text = fitted(told, 2_000) or "…"
    return Message(
        fitted(f"{told}\n{line}", 3_900), [section(text), section(f"*{fitted(line, 600)}*")]
    )
