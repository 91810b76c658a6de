"""The time to process a long run of one character is proportional to its length.

Quadratic patterns once held the interpreter lock for seconds.
"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.commands.catalog import COMMANDS
from bot.explore import commands
from bot.identity import OPERATOR
from bot.replies.base import Problem
from index.sources.files import SourceFile
from index.sources.markdown.glossary import read_markdown

LIMIT_S = 0.2  # limit in CPU seconds; a quadratic pattern took 1 or more
PAGE_LIMIT_S = 2  # the Markdown parser takes up to 0.8, linear in the number of brackets
LINE, PAGE = 7_900, 12_000  # characters
EXPLORING = next(command for command in COMMANDS if command.name == "latent").verbs


def seconds(run: Callable[[], object]) -> float:
    """Return the CPU seconds used by this thread, the lower of two runs."""
    taken = []
    for _ in range(2):
        began = time.thread_time()
        run()
        taken.append(time.thread_time() - began)
    return min(taken)


@pytest.mark.parametrize("fill", [" ", "\u00a0", "- "])
@pytest.mark.parametrize("verb", [verb.name for verb in EXPLORING])
def test_exploring_command_with_a_long_run_is_fast(
    desk: Assistant, monkeypatch: pytest.MonkeyPatch, verb: str, fill: str
) -> None:
    drawn = Problem(code="drawn", message="", hint="")
    monkeypatch.setattr(commands, "draw_map", lambda *_: drawn)  # drawing a map takes a second
    run = (fill * LINE)[:LINE]
    for text in (f"anchor{run}rope", f"anchor -> rope{run}tug", f"{run}rope"):
        assert seconds(lambda line=f"/latent {verb} {text}": desk.ask(line, OPERATOR)) < LIMIT_S  # type: ignore[misc]


@pytest.mark.parametrize("fill", [" ", "\t", "=", "- "])
@pytest.mark.parametrize("verb", ["add", "edit"])
def test_admin_command_with_a_long_run_is_fast(desk: Assistant, verb: str, fill: str) -> None:
    run = (fill * LINE)[:LINE]
    for text in (f"anchor{run}rope", f"{run}rope", f"zxqv {run}"):
        assert seconds(lambda line=f"/near-admin {verb} {text}": desk.ask(line, OPERATOR)) < LIMIT_S  # type: ignore[misc]


@pytest.mark.parametrize("fill", [*' \n\t-[(<*_`|&#"\\{!~', "-\n", "](", "<a ", "<!--", "![", "a "])
def test_markdown_file_with_a_long_run_is_read_fast(fill: str) -> None:
    run = (fill * PAGE)[:PAGE]
    for text in (
        f"# Glossary\n\n## Rope\n\nA thick line.\n\n{run}\n\nThe licence is its own.\n",
        f"# Rope\n\nA thick{run}line. It has no licence.\n",
    ):
        file = SourceFile(Path("rope.md"), "rope.md", text.encode())
        assert seconds(lambda file=file: read_markdown(file)) < PAGE_LIMIT_S  # type: ignore[misc]
