"""What people ask for as Block Kit: a button begins the entry that is missing, another makes a
helpful question a search phrase."""

from __future__ import annotations

from collections.abc import Sequence

from bot.admin.insight_phrases import gap_lines, gaps_title
from bot.admin.insights import Gap, Gaps, PhraseCandidate
from bot.commands.spec import Request
from bot.phrases import footer, many
from bot.slack.answer_blocks import OPEN
from bot.slack.editing.edit_blocks import RUN
from bot.slack.elements import Block, asking, button, context, headed, section
from bot.slack.mrkdwn import fitted
from index.text import one_line

DEFINE = "define"  # action of the button; its value is the term to define
LONGEST = 900  # characters of a gap: ten of them are in one message
MOST = 12  # gaps of one message


def gaps_blocks(reply: Gaps) -> list[Block]:
    """The gaps, each with "Define this"; where there is an entry of that name, with "Open"."""
    blocks = [headed(gaps_title(reply))]
    blocks += [_gap(gap, at) for at, gap in enumerate(reply.gaps[:MOST])]
    left = len(reply.gaps) - MOST
    if left > 0:
        blocks.append(context(f"{left} more: the terminal shows them all."))
    if reply.generation:
        blocks.append(context(footer(reply)))
    return blocks


def candidate_blocks(candidates: Sequence[PhraseCandidate], prefix: str) -> list[Block]:
    """Helpful questions, each with "Use as search phrase"."""
    if not candidates:
        return []
    title = section("*Helpful questions that could become search phrases*")
    return [title, *(_candidate(one, at, prefix) for at, one in enumerate(candidates))]


def _candidate(candidate: PhraseCandidate, at: int, prefix: str) -> Block:
    question = one_line(candidate.question)
    request = Request("near-admin", f"{one_line(candidate.entry.id)} = {question}", verb="phrase")
    helped = many(candidate.helpful, "person", "people")
    told = fitted(f"{one_line(candidate.entry.term)}, helped {helped}", 200)
    use = asking("Use as search phrase", f"{RUN}_phrase_{at}", request, prefix)
    return section(f"{fitted(question, LONGEST - 210)}\n{told}", *use)


def _gap(gap: Gap, at: int) -> Block:
    first, *others = gap_lines(gap)
    text = f"*{fitted(first, 200)}*\n" + fitted("\n".join(others), LONGEST - 210)
    go = button("Define this", f"{DEFINE}_{at}", one_line(gap.title) or "…")
    if gap.entry is not None:
        go = button(f"Open {one_line(gap.entry.term)}", f"{OPEN}_{at}", gap.entry.id)
    return section(text, go)
