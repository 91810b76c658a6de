"""Gaps and statistics as plain lines."""

from collections.abc import Iterable

from bot.rendering.common import many, nearest_line, reply_lines, sparkline
from bot.replies.insights import AskedEntry, Gap, Gaps, StaleEntry, Stats
from index.text import one_line, shorten

LONGEST_EXAMPLE = 90  # characters
LONGEST_ITEM = 60
LONGEST_OWNER = 24


@reply_lines.register
def gaps_lines(reply: Gaps) -> list[str]:
    """Render gaps below a line of totals, each with the command to add or edit its entry."""
    lines = [gaps_title(reply)]
    for gap in reply.gaps:
        lines += ["", *gap_lines(gap), _command(gap)]
    return lines


def gaps_title(reply: Gaps) -> str:
    """Return the line that counts questions and gaps."""
    if not reply.gaps:
        return f"No gaps in {days(reply.days)} among the questions that admins may see."
    text = f"In {days(reply.days)}, {many(reply.questions, 'question')} from "
    text += f"{many(reply.people, 'person', 'people')} found nothing or nothing helpful: "
    text += many(reply.total, "gap")
    left = reply.total - len(reply.gaps)
    return f"{text}; the {len(reply.gaps)} largest are shown" if left else text


def gap_lines(gap: Gap) -> list[str]:
    """Render a gap: its title, size, examples and nearest entries."""
    size = f"{many(gap.questions, 'question')} from {many(gap.people, 'person', 'people')}"
    lines = [f"{one_line(gap.title)}: {size}"]
    asked = " · ".join(f'"{shorten(one_line(one), LONGEST_EXAMPLE)}"' for one in gap.examples)
    lines.append(f"Asked: {asked}")
    if gap.nearest:
        lines.append(f"Nearest: {nearest_line(gap.nearest)}")
    return lines


def _command(gap: Gap) -> str:
    if gap.entry is not None:
        return f"Edit the entry: /near-admin edit {one_line(gap.entry.term)}"
    return f"Define it: /near-admin add {one_line(gap.title)}"


@reply_lines.register
def stats_lines(reply: Stats) -> list[str]:
    """Render the statistics, totals first."""
    lines = [f"No questions in {days(reply.days)}"]
    if reply.questions:
        first = f"In {days(reply.days)}: {many(reply.questions, 'question')} from "
        lines = [f"{first}{many(reply.people, 'person', 'people')}"]
        lines += [_plot(reply), f"Answered: {_share(reply.answered, reply.questions)}"]
    votes = reply.helpful + reply.not_helpful
    if votes:
        lines.append(f"Helpful votes: {_share(reply.helpful, votes)}")
    if reply.median is not None and reply.p95 is not None:
        lines.append(
            f"Response time: median {reply.median:.2g} s, 95th percentile {reply.p95:.2g} s"
        )
    if reply.top:
        lines.append(f"Most asked for: {_listed(map(_asked, reply.top))}")
    if reply.unasked_total and reply.questions:
        text = _listed(one_line(one.term) for one in reply.unasked)
        lines.append(f"Never asked for ({many(reply.unasked_total, 'entry', 'entries')}): {text}")
    if reply.stale_total:
        text = _listed(map(_stale, reply.stale))
        lines.append(f"To review ({many(reply.stale_total, 'entry', 'entries')}): {text}")
    if reply.phrase_candidates:
        lines.append("Helpful questions that could become search phrases:")
        lines += [
            f"Helped {many(one.helpful, 'person', 'people')}: "
            f"/near-admin phrase {one.name} = {one.question}"
            for one in reply.phrase_candidates
        ]
    return lines


def _plot(reply: Stats) -> str:
    signs = sparkline([stretch.questions for stretch in reply.plot])
    most = max((stretch.questions for stretch in reply.plot), default=0)
    each = "a day" if reply.stretch == 1 else f"in {reply.stretch} days"
    return f"{signs} up to {most:,} {each}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}% ({part:,} of {whole:,})"


def _asked(asked: AskedEntry) -> str:
    return f"{one_line(asked.entry.term)} ({many(asked.people, 'person', 'people')})"


def _stale(stale: StaleEntry) -> str:
    why = (
        f"{stale.not_helpful:,} not helpful"
        if stale.not_helpful > stale.helpful
        else f"{stale.updated:%B %Y}"
    )
    owner = f"; owner: {shorten(one_line(stale.owner), LONGEST_OWNER)}" if stale.owner else ""
    return f"{one_line(stale.entry.term)} ({why}{owner})"


def _listed(items: Iterable[str]) -> str:
    return " · ".join(shorten(item, LONGEST_ITEM) for item in items)


def days(count: int) -> str:
    """Format a period: `days(7) == "the last 7 days"`."""
    return "the last day" if count == 1 else f"the last {count:,} days"
