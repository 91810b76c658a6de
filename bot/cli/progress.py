"""Long work made visible on standard error."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from bot.rendering.admin import PHASES

Report = Callable[[str, int, int], None]
"""Told how far a phase is: its name, how much is done, of how much. The phases of a reindex have
names that are put in words here; any other phase is shown under the name it has."""

EVERY = 20.0  # seconds between two lines of a long phase, where there is no terminal


class RateColumn(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "")


@contextmanager
def progress_bars(console: Console) -> Iterator[Report]:
    """A bar a phase on a terminal; where there is none a line a phase, and more of a long one.
    Nothing is written until there is something to tell."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        TextColumn("{task.description:<19}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(compact=True),
    )
    bars = Progress(*columns, console=console)
    tasks: dict[str, TaskID] = {}

    def report(phase: str, done: int, total: int) -> None:
        if not tasks:
            bars.start()
        if phase not in tasks:
            tasks[phase] = bars.add_task(PHASES.get(phase, phase), total=total)
        bars.update(tasks[phase], completed=done, total=total)

    try:
        yield report
    finally:
        if tasks:
            bars.stop()


def _lines(console: Console) -> Report:
    said: dict[str, float] = {}  # by phase, when its last line was

    def report(phase: str, done: int, total: int) -> None:
        now, first = time.monotonic(), phase not in said
        if total and (first or (now - said[phase] >= EVERY and done < total)):
            said[phase] = now
            how_far = f"{total:,}" if first else f"{done:,} of {total:,}"
            console.print(f"{PHASES.get(phase, phase)}: {how_far}", highlight=False)

    return report
