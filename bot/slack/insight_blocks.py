"""What people ask for as Block Kit, with a button that begins the entry that is missing."""

from __future__ import annotations

from bot.admin.insight_phrases import gap_lines, gaps_title
from bot.admin.insights import Gap, Gaps
from bot.phrases import footer
from bot.slack.answer_blocks import OPEN
from bot.slack.elements import Block, button, context, section
from bot.slack.mrkdwn import fitted
from index.text import one_line

DEFINE = "define"  # action of the button; its value is the term to define
LONGEST = 900  # characters of a gap: ten of them are in one message
MOST = 12  # gaps of one message


def gaps_blocks(reply: Gaps) -> list[Block]:
    """The gaps, each with "Define this"; where there is an entry of that name, with "Open"."""
    blocks = [section(f"*{fitted(gaps_title(reply), 600)}*")]
    blocks += [_gap(gap, at) for at, gap in enumerate(reply.gaps[:MOST])]
    left = len(reply.gaps) - MOST
    if left > 0:
        blocks.append(context(f"{left} more: the terminal shows them all."))
    if reply.generation:
        blocks.append(context(footer(reply.generation, reply.model)))
    return blocks


def _gap(gap: Gap, at: int) -> Block:
    first, *others = gap_lines(gap)
    text = f"*{fitted(first, 200)}*\n" + fitted("\n".join(others), LONGEST - 210)
    if gap.entry is not None:
        return section(
            text, button(f"Open {one_line(gap.entry.term)}", f"{OPEN}_{at}", gap.entry.id)
        )
    return section(text, button("Define this", f"{DEFINE}_{at}", one_line(gap.title) or "…"))
