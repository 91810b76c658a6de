import io
import time

import pytest
from rich.console import Console

from bot.cli.progress import INTERVAL_S, progress_bars


def test_without_a_terminal_a_long_phase_reports_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    file = io.StringIO()
    with progress_bars(Console(file=file, width=80)) as report:
        for done in range(0, 9_001, 1_000):
            report("embedding", done, 9_000)
            now += INTERVAL_S / 2
    first, second, *_ = file.getvalue().splitlines()
    assert first == "Embedding passages: 9,000"
    assert second == "Embedding passages: 2,000 of 9,000"


def test_the_progress_bar_is_closed_when_the_work_fails() -> None:
    file = io.StringIO()
    console = Console(file=file, width=80, force_terminal=True)

    def work() -> None:
        with progress_bars(console) as report:
            report("embedding", 1, 10)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        work()
    assert file.getvalue().endswith("\x1b[?25h"), "the cursor is shown again"
    file.seek(0)
    file.truncate()
    with progress_bars(console):
        pass
    assert file.getvalue() == "", "a prompt on the terminal is not overwritten"
