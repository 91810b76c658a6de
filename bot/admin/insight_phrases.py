"""What people ask for, in words, as lines that every renderer shows."""

from __future__ import annotations

from bot.admin.insights import Gap, Gaps
from bot.phrases import nearest_line
from index.text import one_line, shorten

LONGEST_EXAMPLE = 90  # characters


def gaps_lines(reply: Gaps) -> list[str]:
    """The gaps in plain lines, how many there are first."""
    lines = [gaps_title(reply)]
    for gap in reply.gaps:
        lines += ["", *gap_lines(gap), next_of(gap)]
    return lines


def gaps_title(reply: Gaps) -> str:
    """How much was missed."""
    if not reply.gaps:
        return f"In {days(reply.days)} nothing was missed, as far as it may be seen."
    told = f"In {days(reply.days)} {many(reply.questions, 'question')} of "
    told += f"{many(reply.people, 'person', 'people')} found nothing or nothing helpful: "
    told += many(reply.total, "gap")
    left = reply.total - len(reply.gaps)
    return f"{told}, the largest {len(reply.gaps)} of them" if left else told


def gap_lines(gap: Gap) -> list[str]:
    """A gap: what it may be called, how large it is, what was asked, and what lies near."""
    size = f"{many(gap.questions, 'question')} of {many(gap.people, 'person', 'people')}"
    lines = [f"{one_line(gap.title)}: {size}"]
    asked = " · ".join(f'"{shorten(one_line(one), LONGEST_EXAMPLE)}"' for one in gap.examples)
    lines.append(f"Asked: {asked}")
    if gap.nearest:
        lines.append(f"Nearest: {nearest_line(gap.nearest)}")
    return lines


def next_of(gap: Gap) -> str:
    """What to do about a gap."""
    if gap.entry is not None:
        return f"There is an entry {one_line(gap.entry.term)}; mend it with: edit {gap.entry.term}"
    return f"Define it with: add {one_line(gap.title)}"


def days(count: int) -> str:
    """`days(7) == "the last 7 days"`."""
    return "the last day" if count == 1 else f"the last {count:,} days"


def many(count: int, one: str, several: str = "") -> str:
    """`many(2, "gap") == "2 gaps"`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"
