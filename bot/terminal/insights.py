"""What people ask for as terminal text."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bot.admin.insight_phrases import gap_lines, gaps_title, next_of
from bot.admin.insights import Gaps
from bot.phrases import footer
from index.text import one_line


def rendered_gaps(reply: Gaps) -> Group:
    """The gaps, each with what is known of it under its title."""
    lines: list[RenderableType] = [Text(gaps_title(reply), "bold")]
    for gap in reply.gaps:
        first, *others = gap_lines(gap)
        lines += [Text(), Text(one_line(first), "bold")]
        lines += [Padding(Text(one_line(line)), (0, 0, 0, 2)) for line in others]
        lines.append(Padding(Text(one_line(next_of(gap)), "dim"), (0, 0, 0, 2)))
    if reply.generation:
        lines += [Text(), Text(footer(reply), "dim")]
    return Group(*lines)
