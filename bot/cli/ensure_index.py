"""Build or update the index that a command needs."""

from rich.console import Console

from bot.app import App
from bot.cli.chat import deliver
from bot.cli.progress import progress_bars
from bot.identity import OPERATOR
from bot.replies.base import Problem
from index.errors import NearsayError


def ensure_index(app: App, *, json: bool, serving: bool = False) -> bool:
    """Build the index if it is missing or was built from an older version of Nearsay or of the
    encyclopedia; return whether it is usable.

    An index of an older encyclopedia is still usable, so a failed update is only reported. A
    service rebuilds an index of an older version after connecting, so that it can notify users.
    """
    console = Console(stderr=True, highlight=False)
    try:
        if app.store.outdated() is not None:
            if serving:
                return True
            console.print("Nearsay was upgraded; rebuilding the index …")
            with progress_bars(console) as progress:
                rebuilt = app.indexer.upgrade(by=OPERATOR.label, progress=progress)
            if isinstance(rebuilt, Problem):
                return deliver(rebuilt, json=json)
        if not app.indexer.is_stale():
            return True
        first = not app.store.exists
    except NearsayError as error:
        return deliver(Problem.of(error), json=json)
    console.print(
        "Building the index of the bundled encyclopedia (first use only) …"
        if first
        else "The encyclopedia has changed; updating the index …"
    )
    with progress_bars(console) as progress:
        reply = app.indexer.run(progress=progress)
    if isinstance(reply, Problem):
        deliver(reply, json=json and first)
        return not first
    return True
