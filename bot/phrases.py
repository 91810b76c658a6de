"""The words that every renderer uses for the same thing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Forgotten
from index.entry import Entry
from index.sources.source import BUNDLED
from index.space.results import Answer, Citation, EntryReply, Mention, Neighbour
from index.text import one_line, shorten

BAR = 10
HOW = {
    "exact": "by name",
    "alias": "by another name",
    "spelling": "by spelling",
    "words": "by words",
    "meaning": "by meaning",
}
WEAK = "No entry answers this directly. Closest:"
NEW_THREAD = "A new thread: what was said before is forgotten."


def bar(similarity: float) -> str:
    """A similarity as ten signs: `bar(0.71) == "▰▰▰▰▰▰▰▱▱▱"`."""
    full = round(max(0.0, min(1.0, similarity)) * BAR)
    return "▰" * full + "▱" * (BAR - full)


def standing(percentile: float) -> str:
    """A percentile in words; it never claims to have measured more than 99.9%."""
    return f"closer than {min(percentile, 99.9):g}% of pairs"


def reason(neighbour: Neighbour, room: int = 160) -> str:
    """What found a neighbour and how it stands, with the heading of the passage that matched
    where that says more; at most `room` characters."""
    if neighbour.match not in ("meaning", "words"):
        return HOW[neighbour.match]
    told = (
        f"{HOW[neighbour.match]} · cosine {neighbour.cosine:.2f}, {standing(neighbour.percentile)}"
    )
    if neighbour.passage.kind != "definition":
        left = room - len(told) - 5
        if left >= 12:
            told += f" · “{shorten(one_line(neighbour.passage.heading), left)}”"
    return told


def also_line(reply: EntryReply, prefix: str = "") -> str:
    """Where else the term of an entry is, and how to see that; empty where it is nowhere else."""
    if not reply.also_in:
        return ""
    source = one_line(reply.also_in[0])
    where = "The encyclopedia" if source == BUNDLED else f"The glossary {source}"
    return f"{where} has this term too: /{prefix}define {one_line(reply.entry.term)} from={source}"


def about(entry: Entry) -> str:
    """Category, other names, date and source of an entry, on one line."""
    parts = [entry.category]
    if entry.aliases:
        parts.append("also: " + ", ".join(entry.aliases))
    if entry.updated:
        parts.append(f"updated {entry.updated:%d %B %Y}")
    parts.append(_origin(entry))
    return one_line(" · ".join(part for part in parts if part))


def _origin(entry: Entry) -> str:
    """Where an entry comes from: its glossary, the file in it, and its note on reuse."""
    if entry.source in ("", BUNDLED):
        return f"from the {entry.source}" if entry.source else ""
    told = f"from {entry.source}, {entry.path}" if entry.path else f"from {entry.source}"
    return f"{told} ({shorten(entry.licence, 80)})" if entry.licence else told


def nearest_line(entries: Sequence[Neighbour | Mention]) -> str:
    """Entries with their similarities, where they were measured, on one line."""
    return " · ".join(
        one_line(item.term) + ("" if item.similarity is None else f" {item.similarity:.2f}")
        for item in entries
    )


def cited(place: Citation) -> str:
    """Where an answer stands: `Temperature › How does it work?`."""
    return one_line(f"{place.term} › {place.heading}" if place.heading else place.term)


def source_line(answer: Answer) -> str:
    """Where an answer stands: "From: Term › Heading · …"; empty where it stands nowhere."""
    places: dict[str, list[str]] = {}
    for item in answer.citations:
        if item.heading:
            places.setdefault(one_line(item.term), []).append(one_line(item.heading))
    told = [f"{term} › {', '.join(headings)}" for term, headings in places.items()]
    return f"From: {' · '.join(told)}" if told else ""


def weak_line(answer: Answer) -> str:
    """What stands before an answer that may miss the question; empty where it does not."""
    return WEAK if answer.confidence == "not sure" and answer.citations else ""


def next_line(answer: Answer) -> str:
    """What to ask next; empty where there is nothing, or where the text asks already."""
    quoted = " · ".join(f"“{one_line(question)}”" for question in answer.follow_ups)
    return f"You could ask next: {quoted}" if quoted and answer.answered else quoted


def decline_line(answer: Answer) -> str:
    """What lies nearest to a question that has no answer; empty where nothing does."""
    if answer.answered or not answer.nearest:
        return ""
    return f"Nearest: {nearest_line(answer.nearest)}"


def forgotten_line(forgotten: Forgotten) -> str:
    """What was deleted of a person."""
    counts = {
        "question": forgotten.questions,
        "vote": forgotten.votes,
        "draft": forgotten.drafts,
        "suggestion": forgotten.suggestions,
    }
    if not any(counts.values()):
        return "Nothing was kept of you."
    told = [
        f"{count:,} {what}{'s' * (count != 1)}"
        for what, count in counts.items()
        if count or what in ("question", "vote")
    ]
    return f"Deleted, as you asked: {', '.join(told[:-1])} and {told[-1]} of yours."


def footer(generation: str, model: str) -> str:
    """What answered."""
    return one_line(f"{generation} · {model}")
