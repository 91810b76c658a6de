"""Build or update the index that a command needs."""

from rich.console import Console

from bot.app import App
from bot.cli.chat import deliver
from bot.cli.common import fail
from bot.cli.progress import progress_bars
from bot.identity import OPERATOR
from bot.replies.base import Problem


def ensure_index(app: App, *, json: bool, serving: bool = False) -> None:
    """Build the index if it is missing, or if an older version of Nearsay or an older encyclopedia
    built it; end the command if the index is not usable.

    An index of an older encyclopedia is still usable, so a failed update is only reported. A
    service rebuilds an index of an older version after connecting, so that it can notify users.
    """
    console = Console(stderr=True, highlight=False)
    if app.store.outdated() is not None:
        if serving:
            return
        console.print("Nearsay was upgraded; rebuilding the index …")
        with progress_bars(console) as progress:
            rebuilt = app.indexer.upgrade(by=OPERATOR.label, progress=progress)
        if isinstance(rebuilt, Problem):
            fail(rebuilt, json=json)
    if not app.indexer.is_stale():
        return
    first = not app.store.exists
    console.print(
        "Building the index of the bundled encyclopedia (first use only) …"
        if first
        else "The index is not up to date; updating it …"
    )
    with progress_bars(console) as progress:
        reply = app.indexer.run(progress=progress)
    if isinstance(reply, Problem):
        if first:
            fail(reply, json=json)
        deliver(reply, json=False)
