"""Wording shared by all renderers.

`reply_lines` is the registry of plain-text renderers. Slack and the terminal show these lines for
replies without a renderer of their own.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import singledispatch
from math import ceil

from bot.rendering.clauses import first_clauses
from bot.rendering.entry import also_line, team_line
from bot.replies.base import (
    Help,
    HelpCommand,
    Integrity,
    NewThread,
    Problem,
    UserDataDeleted,
)
from index.entry import Mention
from index.reply import BaseReply
from index.search.results import Answer, Citation, EntryReply, Neighbour, Neighbours
from index.text import one_line, shorten

BAR_CELLS = 5  # of a similarity
SIGNS = "▁▂▃▄▅▆▇█"
HOW = {
    "exact": "by name",
    "alias": "by an alias",
    "spelling": "by spelling",
    "words": "by words",
    "meaning": "by meaning",
}
QUESTIONS = "Questions"  # the heading of the questions on a page
WEAK = "No entry answers this directly. Closest:"


@singledispatch
def reply_lines(reply: object) -> list[str]:
    """Return a reply as plain lines, the answer first."""
    raise NotImplementedError(f"no lines are registered for {type(reply).__name__}")


@reply_lines.register
def _(reply: Neighbours) -> list[str]:
    lines = [title_of(reply), *([reply.note] if reply.note else [])]
    for item in reply.neighbours[: 0 if reply.sparse else None]:
        text = first_clauses(item.definition, 120)
        lines.append(f"{item.rank}. {one_line(item.term)} ({item.similarity:.2f}): {text}")
    return lines


@reply_lines.register
def _(reply: EntryReply) -> list[str]:
    entry = reply.entry
    return [one_line(entry.term), one_line(entry.definition), team_line(entry), also_line(reply)]


@reply_lines.register
def _(reply: Answer) -> list[str]:
    return [
        weak_line(reply),
        reply.text,
        source_line(reply),
        decline_line(reply),
        next_line(reply),
    ]


@reply_lines.register
def _(_reply: NewThread) -> list[str]:
    return ["New thread. Earlier questions no longer count as context."]


@reply_lines.register
def _(reply: UserDataDeleted) -> list[str]:
    counts = {
        "question": reply.questions,
        "vote": reply.votes,
        "draft": reply.drafts,
        "suggestion": reply.suggestions,
    }
    text = ", ".join(many(count, what) for what, count in counts.items() if count)
    return [f"Deleted: {text}." if text else "Nothing of yours is stored."]


@reply_lines.register
def _(reply: Problem) -> list[str]:
    return [reply.message, reply.hint]


@reply_lines.register
def _(reply: Help) -> list[str]:
    lines = [f"{usage_of(command)}: {command.summary}" for command in reply.commands]
    return [*lines, *([reply.hint] if reply.hint else [])]


@reply_lines.register
def _(reply: Integrity) -> list[str]:
    lines = [one_line(f"{fault.entry_id}: {fault.what}") for fault in reply.faults]
    found = f"{many(len(reply.faults), 'fault')}." if reply.faults else "No faults found."
    lines.append(f"{reply.entries:,} entries. {found}")
    if reply.overdue:
        pages = f"{many(len(reply.overdue), 'page')} due for review again"
        lines.append(f"{pages}: {', '.join(reply.overdue)}")
    if reply.unreviewed:
        lines.append(f"{many(reply.unreviewed, 'page')} without a review record.")
    return lines


def many(count: int, one: str, several: str = "") -> str:
    """Format a count with its noun: `many(2, "gap") == "2 gaps"`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def moment(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M} UTC"


def not_as_written(count: int) -> str:
    """Return the number of parts of a source that were skipped, shortened or merged."""
    parts = many(count, "file, row or value", "files, rows or values")
    return f"{parts} skipped or changed on import"


def duration(seconds: float) -> str:
    """Format a duration: `duration(90) == "90 s"`, `duration(130) == "2 min"`."""
    return f"{seconds / 60:,.0f} min" if seconds >= 120 else f"{seconds:,.0f} s"


def ago(seconds: float) -> str:
    """Format an age with a fitting unit: `ago(200) == "3 minutes ago"`."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{many(int(seconds // size), unit)} ago"
    return "just now"


def title_of(reply: Neighbours) -> str:
    """Return the title of a list of neighbours."""
    query = shorten(one_line(reply.query), 60)
    where = f" in {one_line(reply.within)}" if reply.within else ""
    if reply.sparse:
        return f'Nothing{where or " here"} is near "{query}".'
    return f'Near "{query}"{where}'


def hit_line(neighbour: Neighbour | Mention, room: int) -> tuple[str, str]:
    """Return a hit's term, and its similarity with a bar. A term of more than `room` characters
    has the bar's room too, so that no bar wraps onto a line of its own."""
    similarity, term = neighbour.similarity or 0.0, one_line(neighbour.term)
    if len(term) > room:
        return shorten(term, room + 1 + BAR_CELLS), f"{similarity:.2f}"
    return term, f"{similarity:.2f} {bar(similarity)}"


def usage_of(command: HelpCommand) -> str:
    """Return a command's usage without options."""
    usage = command.usage
    for option in command.options:
        usage = usage.replace(f" [{option.usage}]", "")
    return usage


def is_small_talk(answer: Answer) -> bool:
    """Return whether a reply is small talk: neither an answer nor an abstention."""
    return not (answer.answered or answer.sparse or answer.nearest)


def bar(share: float, cells: int = BAR_CELLS) -> str:
    """Draw a share, rounded as printed, as `cells` characters: `bar(0.71) == "▰▰▰▰▱"`."""
    full = round(round(max(0.0, min(1.0, share)), 2) * cells)
    return "▰" * full + "▱" * (cells - full)


def sparkline(counts: Sequence[float]) -> str:
    """Draw counts as a sparkline: `sparkline([0, 1, 8]) == "▁▂█"`."""
    most = max(counts, default=0) or 1
    # The lowest sign is for 0 only.
    return "".join(SIGNS[ceil(count * (len(SIGNS) - 1) / most)] for count in counts)


def format_percentile(percentile: float) -> str:
    """Format a percentile, capped at 99.9%."""
    return f"closer than {min(percentile, 99.9):g}% of pairs"


def reason(neighbour: Neighbour, room: int) -> str:
    """Explain a match in at most `room` characters: its kind, cosine, percentile, and the heading
    of the matching passage, or the search phrase, where that is informative."""
    if neighbour.match not in ("meaning", "words"):
        return HOW[neighbour.match]
    percentile = format_percentile(neighbour.percentile)
    text = f"{HOW[neighbour.match]} · cosine {neighbour.cosine:.2f}, {percentile}"
    passage = neighbour.passage
    heading = "" if passage.kind == "definition" else passage.heading
    label, quoted = ("asked as ", passage.asked_as) if passage.asked_as else ("", heading)
    left = room - len(text) - len(label) - 5
    if quoted and left >= 12:
        text += f" · {label}“{shorten(one_line(quoted), left)}”"
    return text


def nearest_line(entries: Sequence[Neighbour | Mention]) -> str:
    """Return the terms of entries in one line, with their similarities where known."""
    return " · ".join(
        one_line(item.term) + ("" if item.similarity is None else f" {item.similarity:.2f}")
        for item in entries
    )


def citation_label(place: Citation) -> str:
    """Format a citation: `Temperature › How does it work?`."""
    return one_line(f"{place.term} › {place.heading}" if place.heading else place.term)


def places_of(answer: Answer) -> list[Citation]:
    """Merge the citations of the same entry: "Term › Heading, Heading". The heading of a question
    that stands above its answer is shortened to "Questions"."""
    headings: dict[tuple[str, str], dict[str, None]] = {}
    shown = questions_above(answer)
    for place in answer.citations:
        heading = QUESTIONS if place.heading in shown else place.heading
        headings.setdefault((place.id, place.term), {})[heading] = None
    return [
        Citation(entry_id, term, ", ".join(filter(None, names)))
        for (entry_id, term), names in headings.items()
    ]


def questions_above(answer: Answer) -> set[str]:
    """Return the questions of entries that stand above their answers, each on a line."""
    return {place.heading for place in answer.citations} & {*answer.text.split("\n")} - {""}


def source_line(answer: Answer) -> str:
    """Return the citations as "Term › Heading · …"; empty if there are none."""
    return " · ".join(citation_label(place) for place in places_of(answer) if place.heading)


def weak_line(answer: Answer) -> str:
    """Return the warning before a weak answer, or an empty string."""
    return WEAK if answer.confidence == "not sure" and answer.citations else ""


def next_line(answer: Answer) -> str:
    """Return the suggested questions; empty if there are none. After an abstention, the label is
    omitted, since the abstention's text introduces them."""
    quoted = " · ".join(f'"{one_line(question)}"' for question in answer.follow_ups)
    return f"Next: {quoted}" if quoted and answer.answered else quoted


def decline_line(answer: Answer) -> str:
    """Return the entries nearest to a question without an answer; empty if none is near. They have
    no numbers, since a high similarity does not mean an answer."""
    if answer.answered or answer.sparse or not answer.nearest:
        return ""
    label = "Nearest entries" if answer.nearest[1:] else "Nearest entry"
    return f"{label}: {' · '.join(one_line(item.term) for item in answer.nearest)}"


def why_footer(reply: Neighbours) -> str:
    """Return what the numbers of a list mean, and where it comes from."""
    meaning = "Each number combines the cosine, the words in common and links between entries."
    return f"{meaning}\n{footer(reply)}"


def footer(reply: BaseReply) -> str:
    """Return the index generation and the model of a reply."""
    return " · ".join(one_line(name) for name in (reply.generation, reply.model) if name)
