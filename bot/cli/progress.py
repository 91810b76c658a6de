"""Show the progress of long work on standard error."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

from bot.rendering.admin import PHASES
from index.progress import Progress

INTERVAL_S = 20.0  # seconds between two lines for a long phase, when there is no terminal


@contextmanager
def progress_bars(console: Console) -> Iterator[Progress]:
    """Yield a callback that shows progress: a bar for each phase on a terminal; otherwise a line
    for each phase, then one every `INTERVAL_S` seconds. Nothing is written before the first
    report."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        TextColumn("{task.description:<19}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
    )
    bars = Bars(*columns, console=console)
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


def _lines(console: Console) -> Progress:
    said: dict[str, float] = {}  # time of the last line, by phase

    def report(phase: str, done: int, total: int) -> None:
        now, first = time.monotonic(), phase not in said
        if total and (first or (now - said[phase] >= INTERVAL_S and done < total)):
            said[phase] = now
            how_far = f"{total:,}" if first else f"{done:,} of {total:,}"
            console.print(f"{PHASES.get(phase, phase)}: {how_far}", highlight=False)

    return report
