"""Replies as terminal text that fits 80 columns, in colour where the terminal has it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.admin.insights import Gaps
from bot.admin.phrases import lines_of
from bot.latent.phrases import in_common, ranks_of, table_of, title_of
from bot.latent.phrases import lines_of as lines_of_explored
from bot.phrases import (
    NEW_THREAD,
    about,
    also_line,
    bar,
    decline_line,
    footer,
    forgotten_line,
    nearest_line,
    next_line,
    reason,
    source_line,
    weak_line,
)
from bot.replies import Diagnosis, Forgotten, Help, Integrity, NewThread, Problem, Reply
from bot.terminal.insights import rendered_gaps
from index.entry import Entry, asked_alike
from index.reindex import Plan, Reindexed
from index.sources.source import BUNDLED, WRITTEN, SourceReport
from index.space.latent.results import (
    About,
    Blend,
    Comparison,
    Explored,
    Map,
    Models,
    Odd,
    Path,
    Shift,
    Wander,
)
from index.space.results import Answer, EntryReply, Neighbour, Neighbours
from index.text import clean, one_line, shorten

WIDTH = 80
SHOWN_SKIPPED = 20  # lines of a source's skipped files and rows
_TRAILING_SPACES = re.compile(r"(?<! ) +$", re.MULTILINE)
BAND_STYLE = {"very close": "bold green", "close": "green", "related": "yellow", "far": "dim"}


def show(reply: Reply, console: Console) -> None:
    """Prints `reply`, no wider than the terminal and than 80 columns."""
    write(rendered(reply), console)


def write(content: RenderableType, console: Console) -> None:
    """Prints `content` as `show` prints replies, without spaces at the ends of lines."""
    with console.capture() as captured:
        console.print(content, width=min(console.width, WIDTH))
    console.file.write(_TRAILING_SPACES.sub("", captured.get()))
    console.file.flush()


def rendered(reply: Reply) -> RenderableType:
    """`reply` as something Rich can print."""
    match reply:
        case Neighbours():
            return _neighbours(reply)
        case EntryReply():
            return _entry_reply(reply)
        case Answer():
            return _answer(reply)
        case Models():
            return _models(reply)
        case Comparison() | Shift() | Path() | Wander() | Odd() | Blend() | Map() | About():
            return _explored(reply)
        case NewThread():
            return Text(NEW_THREAD)
        case Forgotten():
            return Text(forgotten_line(reply))
        case Help():
            return _help(reply)
        case Plan() | Reindexed():
            return Group(*map(Text, lines_of(reply)), *_sources(reply.sources))
        case Gaps():
            return rendered_gaps(reply)
        case Problem():
            return _problem(reply)
        case Integrity():
            return _integrity(reply)
        case Diagnosis():
            return _diagnosis(reply)
        case _:
            return Group(*map(Text, lines_of(reply)))


def _neighbours(reply: Neighbours) -> Group:
    lines: list[RenderableType] = []
    title = shorten(one_line(reply.query), 60)
    if reply.sparse:
        lines += [Text(f'Nothing is near "{title}"', "bold"), Text(clean(reply.note))]
    else:
        lines.append(Text(f'Near "{title}"', "bold"))
        if reply.note:
            lines.append(Text(clean(reply.note), "italic"))
    for neighbour in () if reply.sparse else reply.neighbours:
        lines += [Text(), _head(neighbour), *_body(neighbour, why=reply.why)]
    lines += [Text(), Text(footer(reply.generation, reply.model), "dim")]
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


def _body(neighbour: Neighbour, *, why: bool) -> Iterable[RenderableType]:
    definition = shorten(one_line(neighbour.definition), 2 * (WIDTH - 5))
    yield Padding(Text(definition), (0, 0, 0, 4))
    if why:
        yield Padding(Text(reason(neighbour, WIDTH - 5), "dim"), (0, 0, 0, 4))


def _entry_reply(reply: EntryReply) -> Group:
    entry = reply.entry
    lines: list[RenderableType] = []
    if reply.match == "spelling":
        lines.append(Text("There is no entry of that spelling; the nearest is:", "italic"))
    lines += [Text(one_line(entry.term), "bold"), Text(about(entry), "dim")]
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
        for item, *_ in asked_alike(entry.faq):
            lines += [Text(one_line(item.question), "italic"), Text(clean(item.answer)), Text()]
        lines.pop()
    if entry.references:
        lines += _section("References", "")
        lines += [
            Padding(Text(one_line(f"- {item.text} {item.url or ''}")), (0, 0, 0, 2))
            for item in entry.references
        ]
    if reply.neighbours:
        lines += _section("Nearest", nearest_line(reply.neighbours))
    lines += [Text(), Text(footer(reply.generation, reply.model), "dim")]
    lines += [Text(also_line(reply), "dim")] if reply.also_in else []
    return Group(*lines)


def _explored(reply: Explored) -> Group:
    lines: list[RenderableType] = [Text(title_of(reply), "bold")]
    lines += [Text(line) for line in lines_of_explored(reply) if line]
    lines += [Text(line) for line in table_of(reply)]
    if isinstance(reply, Map):
        files = {"Picture": reply.image, "Page to explore": reply.page}
        lines += [Text()]
        lines += [Text(one_line(f"{what}: {file}")) for what, file in files.items() if file]
    return Group(*lines, Text(), Text(footer(reply.generation, reply.model), "dim"))


def _models(reply: Models) -> Group:
    """Two lists beside each other, and below them the next two."""
    everywhere = in_common(reply)
    columns = [
        Group(
            Text(one_line(view.model), "bold", no_wrap=True, overflow="ellipsis"),
            _ranked(ranks_of(view, everywhere)),
        )
        for view in reply.models
    ]
    lines: list[RenderableType] = [Text(title_of(reply), "bold"), Text()]
    for at in range(0, len(columns), 2):
        beside = Table.grid(padding=(0, 2), expand=True)
        beside.add_column(ratio=1)
        beside.add_column(ratio=1)
        beside.add_row(*columns[at : at + 2])
        lines += [beside, Text()]
    lines += [Text(line) for line in lines_of_explored(reply)]
    return Group(*lines, Text(), Text(footer(reply.generation, reply.model), "dim"))


def _ranked(rows: Iterable[tuple[str, str, str]]) -> Table:
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=3, justify="right")
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(width=5, justify="right")
    for rank, term, cosine in rows:
        table.add_row(Text(rank, "dim"), Text(term), Text(cosine))
    return table


def _answer(reply: Answer) -> Group:
    lines: list[RenderableType] = [Text(line) for line in (weak_line(reply),) if line]
    lines += [Text(clean(reply.text)), Text()]
    lines += [Text(line, "dim") for line in (source_line(reply), decline_line(reply)) if line]
    if next_line(reply):
        lines.append(Text(next_line(reply)))
    elif reply.nearest and not reply.answered:
        lines.append(Text('Try other words, a term with "/near", or "show all terms".'))
    return Group(*lines, Text(footer(reply.generation, reply.model), "dim"))


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
        lines += [Text(), Text("In a chat, /new starts a new thread.")]
    return Group(*lines)


def _problem(reply: Problem) -> Group:
    lines: list[RenderableType] = [Text(clean(reply.message), "bold")]
    if reply.hint:
        lines.append(Text(clean(reply.hint)))
    return Group(*lines)


_STATES = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "error": ("ERROR", "bold red")}


def _diagnosis(reply: Diagnosis) -> Group:
    lines: list[RenderableType] = []
    for check in reply.checks:
        word, style = _STATES[check.state]
        lines.append(Text.assemble((f"{word:<8}", style), clean(f"{check.name}: {check.message}")))
        if check.cure:
            lines.append(Padding(Text(clean(check.cure)), (0, 0, 0, 8)))
    errors = sum(check.state == "error" for check in reply.checks)
    told = f"{errors} to mend." if errors else "Nothing stands in the way."
    return Group(*lines, Text(), Text(told, "bold"))


def _integrity(reply: Integrity) -> Group:
    lines: list[RenderableType] = [
        Text.assemble((one_line(fault.entry_id), "bold"), f": {one_line(fault.what)}")
        for fault in reply.faults
    ]
    told = f"{len(reply.faults)} faults" if reply.faults else "all hold together"
    return Group(*lines, Text(f"{reply.entries:,} entries: {told}.", "bold"))


def _sources(reports: Iterable[SourceReport]) -> list[RenderableType]:
    """What was read of each glossary, and all that gave no entry with its reason."""
    lines: list[RenderableType] = []
    for report in reports:
        if report.name in (BUNDLED, WRITTEN) and not report.refused:
            continue
        counts = f"{report.files:,} files, {report.entries:,} entries"
        if report.senses > report.entries:
            counts += f" with {report.senses:,} meanings"
        counts += f", {report.merged:,} merged" if report.merged else ""
        counts += f", {report.kept:,} of one name kept apart" if report.kept else ""
        counts += f", {len(report.refused):,} skipped" if report.refused else ""
        lines.append(Text.assemble((one_line(report.name), "bold"), f": {counts}"))
        for item in report.refused[:SHOWN_SKIPPED]:
            where = f"{item.path}:{item.line}" if item.line else item.path
            lines.append(Text(one_line(f"  {where}: {item.reason}. {item.hint}"), "dim"))
        if len(report.refused) > SHOWN_SKIPPED:
            lines.append(Text(f"  … {len(report.refused) - SHOWN_SKIPPED:,} more (--json)", "dim"))
    return lines
