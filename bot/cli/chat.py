"""Chat in the terminal, or answer lines from standard input."""

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.cli.console import show
from bot.cli.images import Protocol, show_picture
from bot.replies.base import Problem, Reply, as_json
from index.search.explore.explorations import Map

PROMPT = "near> "
ENDINGS = ("/quit", "/exit", "quit", "exit")


def deliver(reply: Reply, *, json: bool, pictures: Protocol | None = None) -> bool:
    """Print a reply; return False for a problem.

    Problems go to standard error; with `json`, everything goes to standard output. A map is also
    shown as a picture if the terminal supports `pictures`.
    """
    answered = not isinstance(reply, Problem)
    if json:
        print(as_json(reply), flush=True)  # noqa: T201
    else:
        _show(reply, Console(stderr=not answered, highlight=False), pictures)
    return answered


def answer_lines(lines: Iterable[str], say: Callable[[str], Reply], *, json: bool) -> bool:
    """Answer each line that is not blank; return whether all succeeded. Stop at one in
    `ENDINGS`."""
    answered = True
    first = True
    for line in lines:
        if not line.strip():
            continue
        if line.strip().casefold() in ENDINGS:
            break
        if not first and not json:
            print()  # noqa: T201
        first = False
        answered = deliver(say(line.rstrip("\n")), json=json) and answered
    return answered


def converse(say: Callable[[str], Reply], greeting: str, pictures: Protocol | None) -> None:
    """Answer the lines that the user types, until the user leaves."""
    with suppress(ImportError):
        import readline  # noqa: F401  # line editing and history for input()
    console = Console(highlight=False)
    console.print(Text(greeting))
    while True:
        try:
            line = input(f"\n{PROMPT}")
        except (EOFError, KeyboardInterrupt):
            print()  # noqa: T201
            return
        if line.strip().casefold() in ENDINGS:
            return
        if line.strip():
            _show(say(line), console, pictures)


def _show(reply: Reply, console: Console, pictures: Protocol | None) -> None:
    if isinstance(reply, Map) and reply.image and console.is_terminal:
        show_picture(Path(reply.image), pictures, sys.stdout)
    show(reply, console)
