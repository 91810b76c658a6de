"""`nearsay purge` and `nearsay person`: remove what is gone for good."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from bot.cli.common import ANSWERED, CommandError, fail, installation


@click.command(short_help="Remove a source or term that is gone, with its history.")
@click.argument("name", metavar="SOURCE|TERM", help="the name of a source, or a term")
def purge(name: str) -> int:
    """Remove all that is left of a source or term that is no longer in the index: texts, versions,
    vectors, uploads and earlier generations. Asks for its name again."""
    from rich.console import Console

    from bot.admin.removal import purge as remove
    from bot.admin.removal import traces_of
    from bot.cli.progress import progress_bars
    from bot.rendering.common import many
    from bot.replies.base import Problem
    from index.text import one_line

    console = Console(highlight=False)
    with installation() as app:
        found = traces_of(app.indexer, name)
        now = datetime.now(UTC)
        since = f"{found.since or now:%Y-%m-%d %H:%M}"
        console.print(
            f"This removes {many(len(found.entries), 'entry', 'entries')} in "
            f"{many(len(found.versions), 'version')}, {many(found.edits, 'edit')}, "
            f"{many(found.ways, 'way')} to ask, uploads of this name, and all earlier generations "
            f"of the index, so that no rollback is possible.\n"
            f"It does not touch backups: those made since {since} UTC still hold it, until you "
            "delete them. Slack keeps its messages, and the audit log its lines.",
            markup=False,
        )
        if click.prompt("Type the name again", default="", show_default=False, err=True) != name:
            raise CommandError("The names differ; nothing was removed.")
        with progress_bars(Console(stderr=True, highlight=False)) as progress:
            done = remove(app.indexer, name, progress)
        if isinstance(done, Problem):
            fail(done, json=False)
        left = f"Backups from {since} to {now:%Y-%m-%d %H:%M} UTC still hold it."
        console.print(f"Nothing of {one_line(name)} is left. {left}", markup=False)
    return ANSWERED


@click.command(short_help="Export or forget the data of a person.")
@click.argument("user", help="the Slack user id")
@click.argument("action", type=click.Choice(("export", "forget")), help="what to do")
def person(user: str, action: str) -> int:
    """Print what is stored of a person as JSON, or forget it: their questions, votes, drafts and
    open suggestions, and their name under what they did. Entries that they wrote stay."""
    from bot.admin.removal import export_person, forget_person

    with installation() as app:
        chosen = export_person if action == "export" else forget_person
        click.echo(json.dumps(chosen(app.indexer, user), indent=2, ensure_ascii=False))
    return ANSWERED
