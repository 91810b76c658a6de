"""Build or update the index that a command needs."""

from rich.console import Console

from bot.app import App
from bot.cli.chat import deliver
from bot.cli.common import fail
from bot.cli.progress import progress_bars
from bot.identity import OPERATOR
from bot.replies.base import Problem


def ensure_index(app: App, *, json: bool, serving: bool = False) -> None:
    """Build the index if it is missing or not up to date.

    If the first build fails, or the rebuild after an upgrade of Nearsay, the command ends. Any
    other failed update is only reported, since the old index is still usable. With `serving`, the
    service does the rebuild after connecting, so that it can notify users.
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
        "Building the index (first use only) …"
        if first
        else "The index is not up to date; updating it …"
    )
    with progress_bars(console) as progress:
        reply = app.indexer.run(progress=progress)
    if isinstance(reply, Problem):
        if first:
            fail(reply, json=json)
        deliver(reply, json=False)
