"""Replies as terminal text that fits 80 columns, in colour where the terminal has it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bot.replies import Help, Problem, Reply
from index.entry import Entry
from index.reindex import Plan, Reindexed
from index.space.results import EntryReply, Neighbour, Neighbours
from index.text import clean, one_line, shorten

WIDTH = 80
BAR = 10
HOW = {
    "exact": "by name",
    "alias": "by another name",
    "spelling": "by spelling",
    "words": "by words",
    "meaning": "by meaning",
}
_TRAILING_SPACES = re.compile(r" +$", re.MULTILINE)
BAND_STYLE = {"very close": "bold green", "close": "green", "related": "yellow", "far": "dim"}


def show(reply: Reply, console: Console) -> None:
    """Prints `reply`, no wider than the terminal and than 80 columns."""
    with console.capture() as captured:
        console.print(rendered(reply), width=min(console.width, WIDTH))
    console.file.write(_TRAILING_SPACES.sub("", captured.get()))
    console.file.flush()


def rendered(reply: Reply) -> RenderableType:
    """`reply` as something Rich can print."""
    match reply:
        case Neighbours():
            return _neighbours(reply)
        case EntryReply():
            return _entry_reply(reply)
        case Help():
            return _help(reply)
        case Plan():
            return Text(_plan(reply))
        case Reindexed():
            return Text(clean(_reindexed(reply)))
        case Problem():
            return _problem(reply)


def bar(similarity: float) -> str:
    """A similarity as ten signs: `bar(0.71) == "▰▰▰▰▰▰▰▱▱▱"`."""
    full = round(max(0.0, min(1.0, similarity)) * BAR)
    return "▰" * full + "▱" * (BAR - full)


def standing(percentile: float) -> str:
    """A percentile in words; it never claims to have measured more than 99.9%."""
    return f"closer than {min(percentile, 99.9):g}% of pairs"


def _neighbours(reply: Neighbours) -> Group:
    lines: list[RenderableType] = []
    title = shorten(one_line(reply.query), 60)
    if reply.sparse:
        lines += [Text(f'Nothing is near "{title}"', "bold"), Text(clean(reply.note))]
        lines += [Text(), Text("The closest, all the same:", "dim")] if reply.neighbours else []
    else:
        lines.append(Text(f'Near "{title}"', "bold"))
        if reply.note:
            lines.append(Text(clean(reply.note), "italic"))
    for neighbour in reply.neighbours:
        lines += [Text(), _head(neighbour), *_body(neighbour)]
    lines += [Text(), _footer(reply.generation, reply.model)]
    if reply.sparse:
        lines.append(Text('Try a word from AI or prompting, or "help".', "dim"))
    elif reply.neighbours:
        lines.append(Text(f"Next: /define {one_line(reply.neighbours[0].term)}", "dim"))
    return Group(*lines)


def _head(neighbour: Neighbour) -> Text:
    term = shorten(one_line(neighbour.term), 34)
    style = BAND_STYLE[neighbour.band]
    return Text.assemble(
        (f"{neighbour.rank:>2}  ", "dim"),
        (f"{term:<34}", "bold"),
        f" {neighbour.similarity:5.2f} ",
        (bar(neighbour.similarity), style),
        "  ",
        (neighbour.band, style),
        overflow="ellipsis",
    )


def _body(neighbour: Neighbour) -> Iterable[RenderableType]:
    definition = shorten(one_line(neighbour.definition), 2 * (WIDTH - 5))
    yield Padding(Text(definition), (0, 0, 0, 4))
    why = f"{HOW[neighbour.match]} · {standing(neighbour.percentile)}"
    if neighbour.match in ("meaning", "words") and neighbour.passage.kind != "definition":
        heading = one_line(neighbour.passage.heading)
        room = WIDTH - 8 - len(why) - 4
        if room >= 12:
            why += f" · “{shorten(heading, room)}”"
    yield Padding(Text(why, "dim"), (0, 0, 0, 4))


def _footer(generation: str, model: str) -> Text:
    return Text(one_line(f"{generation} · {model}"), "dim")


def _entry_reply(reply: EntryReply) -> Group:
    entry = reply.entry
    lines: list[RenderableType] = []
    if reply.match == "spelling":
        lines.append(Text("There is no entry of that spelling; the nearest is:", "italic"))
    lines += [Text(one_line(entry.term), "bold"), Text(_about(entry), "dim")]
    lines += [Text(), *_definitions(entry)]
    for section in entry.sections:
        lines += _section(section.heading, section.text)
    if entry.example:
        lines += _section("Example", entry.example)
    if entry.related:
        lines += _section("Related terms", "")
        lines += [
            Padding(
                Text.assemble("- ", (one_line(item.term), "bold"), f": {one_line(item.why)}"),
                (0, 0, 0, 2),
            )
            for item in entry.related
        ]
    if entry.faq:
        lines += _section("Questions", "")
        for item in entry.faq:
            lines += [Text(one_line(item.question), "italic"), Text(clean(item.answer)), Text()]
        lines.pop()
    if entry.references:
        lines += _section("References", "")
        lines += [
            Padding(Text(one_line(f"- {item.text} {item.url or ''}")), (0, 0, 0, 2))
            for item in entry.references
        ]
    if reply.neighbours:
        near = " · ".join(f"{one_line(n.term)} {n.similarity:.2f}" for n in reply.neighbours)
        lines += _section("Nearest", near)
    lines += [Text(), _footer(reply.generation, reply.model)]
    return Group(*lines)


def _about(entry: Entry) -> str:
    parts = [entry.category]
    if entry.aliases:
        parts.append("also: " + ", ".join(entry.aliases))
    if entry.updated:
        parts.append(f"updated {entry.updated:%d %B %Y}")
    parts.append(f"from {entry.source}" if entry.source else "")
    return one_line(" · ".join(part for part in parts if part))


def _definitions(entry: Entry) -> Iterable[RenderableType]:
    if len(entry.senses) < 2:
        yield Text(clean(entry.definition))
        return
    for number, sense in enumerate(entry.senses, start=1):
        context = f" ({sense.context})" if sense.context else ""
        yield Text(f"{number}. {one_line(sense.definition + context)}")


def _section(heading: str, text: str) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(), Text(one_line(heading), "bold")]
    return [*lines, Text(clean(text))] if text else lines


def _help(reply: Help) -> Group:
    lines: list[RenderableType] = []
    for command in reply.commands:
        lines += [Text(clean(command.usage), "bold")]
        lines += [Padding(Text(clean(command.summary)), (0, 0, 0, 2))]
        lines += [
            Padding(Text(clean(f"{option.usage:<12} {option.summary}"), "dim"), (0, 0, 0, 4))
            for option in command.options
        ]
        lines += [
            Padding(Text(clean(f"for example: {example}"), "dim"), (0, 0, 0, 4))
            for example in command.examples
        ]
    if len(reply.commands) > 1:
        lines += [Text(), Text("Anything else you write is a text whose neighbours are shown.")]
    return Group(*lines)


def _counts(reply: Plan | Reindexed) -> str:
    return (
        f"{reply.added:,} added, {reply.changed:,} changed, {reply.removed:,} removed, "
        f"{reply.unchanged:,} untouched"
    )


def _plan(reply: Plan) -> str:
    return f"A reindex would change: {_counts(reply)}. Nothing was changed."


def _reindexed(reply: Reindexed) -> str:
    return (
        f"{reply.generation} is live. {_counts(reply)} · {reply.embedded:,} passages embedded, "
        f"{reply.reused:,} reused · {reply.seconds:g} s"
    )


def _problem(reply: Problem) -> Group:
    lines: list[RenderableType] = [Text(clean(reply.message), "bold")]
    if reply.hint:
        lines.append(Text(clean(reply.hint)))
    return Group(*lines)
