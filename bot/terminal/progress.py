"""Long work made visible on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from bot.admin.phrases import PHASES

Report = Callable[[str, int, int], None]
"""Told how far a phase is: its name, how much is done, of how much. The phases of a reindex have
names that are put in words here; any other phase is shown under the name it has."""


@contextmanager
def progress_bars(console: Console) -> Iterator[Report]:
    """A bar a phase on a terminal; one line a phase where there is none. Nothing is written until
    there is something to tell."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        TextColumn("{task.description:<19}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
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
    said: set[str] = set()

    def report(phase: str, _done: int, total: int) -> None:
        if phase not in said and total:
            said.add(phase)
            console.print(f"{PHASES.get(phase, phase)}: {total:,}", highlight=False)

    return report
