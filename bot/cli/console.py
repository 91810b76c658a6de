"""Replies as terminal text that fits 80 columns, in colour if the terminal supports it."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.cli.index_report import plan_lines, source_lines
from bot.rendering.admin import lines_of
from bot.rendering.clauses import first_clauses, first_sentences
from bot.rendering.common import (
    BAR_CELLS,
    decline_line,
    footer,
    hit_line,
    many,
    nearest_line,
    next_line,
    questions_above,
    reason,
    source_line,
    title_of,
    usage_of,
    weak_line,
    why_footer,
)
from bot.rendering.entry import (
    EXAMPLE,
    RELATED,
    about_line,
    also_line,
    definition_of,
    has_more,
    is_team_line_cut,
    team_fields_of,
    team_line,
)
from bot.rendering.explore import in_common, ranks_of, table_of
from bot.rendering.explore import lines_of as lines_of_explored
from bot.rendering.explore import title_of as latent_title
from bot.replies.base import Diagnosis, Help, Problem, Reply
from index.entry import group_rewordings
from index.indexing.reindex import Plan, ReindexResult
from index.search.explore.explorations import Explored, Map, Models
from index.search.results import Answer, EntryReply, Neighbour, Neighbours
from index.text import clean, one_line, paragraphs

WIDTH = 80
TERM = 48  # characters
NUMBER = 5 + BAR_CELLS  # characters of a similarity and its bar
DEFINITION = 112  # characters of a hit's definition, a line and a half
_TRAILING_SPACES = re.compile(r"(?<! ) +$", re.MULTILINE)
BAND_STYLE = {"very close": "bold green", "close": "green", "related": "yellow", "far": "dim"}


def show(reply: Reply, console: Console) -> None:
    """Print `reply`, at most 80 columns wide and no wider than the terminal."""
    write(render(reply), console)


def write(content: RenderableType, console: Console) -> None:
    """Print `content` as `show` does, without trailing spaces."""
    with console.capture() as captured:
        console.print(content, width=min(console.width, WIDTH))
    console.file.write(_TRAILING_SPACES.sub("", captured.get()))
    console.file.flush()


def to_text(reply: Reply) -> str:
    """Return `reply` as it is printed, without colours."""
    file = io.StringIO()
    # Without a height, Rich looks for the terminal's size at each line.
    console = Console(file=file, width=WIDTH, height=25, highlight=False, color_system=None)
    show(reply, console)
    return file.getvalue().rstrip("\n")


@singledispatch
def render(reply: Reply) -> RenderableType:
    """Return `reply` as a Rich renderable; plain lines if no renderer is registered."""
    return Group(*map(Text, lines_of(reply)))


@render.register
def _(reply: Neighbours) -> Group:
    lines: list[RenderableType] = [Text(title_of(reply), "bold")]
    lines += [Text(clean(reply.note))] if reply.note else []
    if reply.sparse:
        return Group(*lines)
    lines.append(Text())
    for neighbour in reply.neighbours:
        lines += [_Head(neighbour), *_body(neighbour, why=reply.why)]
    if reply.neighbours:
        next_ = f"Next: /define {one_line(reply.neighbours[0].term)}"
        lines += [Text(), Text(next_ if reply.why else f"{next_} · to see why, add why=yes", "dim")]
    lines += [Text(why_footer(reply), "dim")] if reply.why else []
    return Group(*lines)


@dataclass(frozen=True, slots=True)
class _Head:
    """The first line of a hit: its rank, its term, cut to the room there is, and its similarity. A
    table of Rich takes ten times as long."""

    neighbour: Neighbour

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        term, number = hit_line(self.neighbour, TERM)
        shown = Text(term, "bold")
        room = min(options.max_width - NUMBER - 6, TERM)
        shown.truncate(max(1, room), overflow="ellipsis", pad=True)
        rank, style = f"{self.neighbour.rank:>2}  ", BAND_STYLE[self.neighbour.band]
        yield Text.assemble((rank, "dim"), shown, "  ", (number, style), no_wrap=True)


def _body(neighbour: Neighbour, *, why: bool) -> Iterable[RenderableType]:
    room = WIDTH - 5
    definition = one_line(neighbour.definition)
    yield Padding(Text(definition if why else first_clauses(definition, DEFINITION)), (0, 0, 0, 4))
    if why:
        yield Padding(Text(reason(neighbour, room), "dim"), (0, 0, 0, 4))


@render.register
def _(reply: EntryReply) -> Group:
    entry = reply.entry
    lines: list[RenderableType] = []
    if reply.note:
        lines.append(Text(clean(reply.note)))
    lines += [
        Text(one_line(entry.term), "bold"),
        Text(about_line(entry, brief=not reply.whole), "dim"),
    ]
    if team := team_line(entry):
        lines.append(Text(team, "dim"))
    lines += [Text(), Text(clean(definition_of(entry)))]
    for section in entry.sections[: None if reply.whole else 1]:
        text = section.text if reply.whole else paragraphs(section.text)[0]
        lines += _section(section.heading, text)
    if entry.example:
        example = entry.example if reply.whole else first_sentences(entry.example, EXAMPLE)
        lines += _section("Example", example)
    if entry.related:
        lines += _section("Related terms", "")
        shown = entry.related[: None if reply.whole else RELATED]
        texts = [
            Text.assemble("- ", (one_line(item.term), "bold"), f": {one_line(item.why)}")
            for item in shown
            if item.why
        ]
        if bare := [one_line(item.term) for item in shown if not item.why]:  # in one line
            texts.append(Text.assemble("- ", (", ".join(bare), "bold")))
        lines += [Padding(text, (0, 0, 0, 2)) for text in texts]
    if reply.whole:
        lines += _rest(reply)
    elif has_more(entry):
        lines += [Text(), Text(f"Whole entry: /define {one_line(entry.term)} whole=yes", "dim")]
    lines += [Text(also_line(reply), "dim")] if reply.also_in else []
    return Group(*lines)


def _rest(reply: EntryReply) -> list[RenderableType]:
    entry, lines = reply.entry, list[RenderableType]()
    if is_team_line_cut(entry):
        lines += _section("Details", "\n".join(team_fields_of(entry)))
    if entry.faq:
        lines += _section("Questions", "")
        for item, *_ in group_rewordings(entry.faq):
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
    return [*lines, Text(), Text(footer(reply), "dim")]


@render.register
def _(reply: Explored) -> Group:
    lines: list[RenderableType] = [Text(latent_title(reply), "bold")]
    lines += [Text(line) for line in lines_of_explored(reply) if line]
    lines += [Text(line) for line in table_of(reply)]
    if isinstance(reply, Map):
        files = {"Picture": reply.image, "Page to explore": reply.page}
        lines += [Text()]
        lines += [Text(one_line(f"{what}: {file}")) for what, file in files.items() if file]
    return Group(*lines)


@render.register
def _models(reply: Models) -> Group:
    everywhere = in_common(reply)
    columns = [
        Group(
            Text(one_line(view.model), "bold", no_wrap=True, overflow="ellipsis"),
            _ranked(ranks_of(view, everywhere)),
        )
        for view in reply.models
    ]
    lines: list[RenderableType] = [Text(latent_title(reply), "bold"), Text()]
    for at in range(0, len(columns), 2):
        beside = Table.grid(padding=(0, 2), expand=True)
        beside.add_column(ratio=1)
        beside.add_column(ratio=1)
        beside.add_row(*columns[at : at + 2])
        lines += [beside, Text()]
    return Group(*lines, *map(Text, lines_of_explored(reply)))


def _ranked(rows: Iterable[tuple[str, str, str]]) -> Table:
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=3, justify="right")
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(width=5, justify="right")
    for rank, term, cosine in rows:
        table.add_row(Text(rank, "dim"), Text(term), Text(cosine))
    return table


@render.register
def _(reply: Answer) -> Group:
    lines: list[RenderableType] = [Text(line) for line in (weak_line(reply),) if line]
    titles = questions_above(reply)
    lines += [
        Text(f'"{clean(line)}"', "bold") if line in titles else Text(clean(line))
        for line in reply.text.split("\n")
    ]
    lines += [Text(line, "dim") for line in (source_line(reply), decline_line(reply)) if line]
    return Group(*lines, *([Text(next_line(reply))] if next_line(reply) else []))


def _section(heading: str, text: str) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(), Text(one_line(heading), "bold")]
    return [*lines, Text(clean(text))] if text else lines


@render.register
def _(reply: Help) -> Group:
    lines: list[RenderableType] = []
    several = len(reply.commands) > 1
    for command in reply.commands:
        lines += [Text(clean(usage_of(command) if several else command.usage), "bold")]
        lines += [Padding(Text(clean(command.summary)), (0, 0, 0, 2))]
        more = [f"{option.usage:<12} {option.summary}" for option in command.options]
        more += ["For example:", *command.examples] if command.examples else []
        for line in () if several else more:
            lines.append(Padding(Text(clean(line), "dim"), (0, 0, 0, 4)))
    return Group(*lines, *([Text(clean(reply.hint))] if reply.hint else []))


@render.register
def _(reply: Problem) -> Group:
    return Group(
        Text(clean(reply.message), "bold"), *([Text(clean(reply.hint))] if reply.hint else [])
    )


@render.register
def _(reply: ReindexResult) -> Group:
    return Group(*map(Text, lines_of(reply)), *source_lines(reply.sources))


@render.register
def _(reply: Plan) -> Group:
    return Group(*plan_lines(reply))


_STATES = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "error": ("ERROR", "bold red")}


@render.register
def _diagnosis(reply: Diagnosis) -> Group:
    lines: list[RenderableType] = []
    for check in reply.checks:
        word, style = _STATES[check.state]
        lines.append(Text.assemble((f"{word:<8}", style), clean(f"{check.name}: {check.message}")))
        if check.cure:
            lines.append(Padding(Text(clean(check.cure)), (0, 0, 0, 8)))
    errors = sum(check.state == "error" for check in reply.checks)
    warnings = sum(check.state == "warning" for check in reply.checks)
    summary = f"{many(errors, 'problem')} to fix." if errors else "All checks passed."
    if warnings and not errors:
        summary = f"No problems; {many(warnings, 'warning')}."
    return Group(*lines, Text(), Text(summary, "bold"))
