"""`nearsay backup`, `restore`, `migrate` and `doctor`: the data directory and the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.common import ANSWERED, FILE, PROBLEM, fail, json_option, settings

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.replies.base import Problem
    from index.progress import Progress


@click.command(short_help="Back up the data directory to a file.")
@click.argument(
    "target",
    type=FILE,
    metavar="FILE",
    help="the .tar.gz file to write, or a folder in which to create it",
)
@click.option("--overwrite", is_flag=True, help="replace an existing file")
def backup(target: Path, overwrite: bool) -> int:
    """Back up the data directory to a file, also while the bot serves."""
    from bot.admin.imports import FOLDER
    from bot.backup.create import back_up

    def work(given: Settings, progress: Progress) -> str:
        file = back_up(given, target, overwrite=overwrite, progress=progress)
        result = f"{file} contains the complete backup: {file.stat().st_size / 1024**2:,.1f} MiB."
        if given.database:
            result = (
                f"{file} contains the inbox and the files sent to the bot ({FOLDER}/). The ledger "
                "is in PostgreSQL: back it up too, with pg_dump --format=custom."
            )
        return f"{result} Keep a copy of .env too: it is not in the backup."

    return _run(work)


@click.command()
@click.argument("file", type=FILE, metavar="FILE", help="a file written by nearsay backup")
@click.option("--force", is_flag=True, help="replace existing data, which is moved and not deleted")
def restore(file: Path, force: bool) -> int:
    """Restore a backup to the data directory."""
    from bot.backup.restore import restore as restore_backup

    def work(given: Settings, progress: Progress) -> str:
        manifest, aside = restore_backup(given, file, force=force, progress=progress)
        result = f"{given.data_dir} is restored from the backup of {manifest.made}."
        if aside is not None:
            result += f" The previous data is in {aside}; delete it when you no longer need it."
        return result

    return _run(work)


@click.command()
@click.option(
    "--to",
    metavar="VERSION",
    help="the schema version, newer or older (default: the newest)",
)
@click.option(
    "--down", is_flag=True, help="downgrade, and delete data that the older schema cannot hold"
)
def migrate(to: str | None, down: bool) -> int:
    """Migrate the schema of the ledger's database."""
    from index.storage.db.ledger import Ledger
    from index.storage.db.migrate import NEWEST

    wanted = to or NEWEST

    def work(given: Settings, _: Progress) -> str | Problem:
        found = Ledger.version(given.data_dir, given.database)
        if found is not None and wanted < found <= NEWEST and not down:
            return _downgrade_warning(found, wanted)
        if not Ledger.migrate(given.data_dir, given.database, wanted):
            return f"The ledger was already at schema version {wanted}."
        if wanted == NEWEST:
            return f"The ledger is now at schema version {wanted}, the newest."
        return (
            f"The ledger is now at schema version {wanted}. Install the version of Nearsay that "
            "uses this schema; the current version upgrades it again when it opens the ledger."
        )

    return _run(work)


def _downgrade_warning(found: str, to: str) -> Problem:
    from bot.replies.base import Problem
    from index.storage.db.migrate import changes

    gone = [f"{version}: {what}" for version, what in reversed(changes()) if to < version <= found]
    return Problem(
        code="usage",
        message=f"A downgrade from version {found} to {to} deletes data. " + " ".join(gone),
        hint="Stop every process, make a backup (nearsay backup FILE), then repeat the command "
        "with --down.",
    )


@click.command()
@json_option("the result as one JSON object")
def doctor(as_json: bool) -> int:
    """Check this installation and report problems."""
    from bot.cli.chat import deliver
    from bot.doctor.checks import examine

    reply = examine()
    deliver(reply, json=as_json)
    return ANSWERED if reply.healthy else PROBLEM


def _run(work: Callable[[Settings, Progress], str | Problem]) -> int:
    from rich.console import Console
    from rich.text import Text

    from bot.cli.progress import progress_bars
    from bot.replies.base import Problem
    from index.errors import NearsayError

    with settings() as given:
        try:
            with progress_bars(Console(stderr=True, highlight=False)) as progress:
                result = work(given, progress)
        except NearsayError as error:
            result = Problem.of(error)
    if isinstance(result, Problem):
        fail(result, json=False)
    Console(highlight=False).print(Text(result))
    return ANSWERED
