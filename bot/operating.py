"""The commands for the data directory and the ledger: backup, restore, migrate."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.text import Text

from bot.admin.imports import FOLDER
from bot.backup.making import back_up
from bot.backup.restoring import restore
from bot.migrating import migrate
from bot.replies import Problem
from bot.settings import Settings
from bot.terminal.chat import deliver
from bot.terminal.progress import progress_bars
from index.errors import NearsayError
from index.store.ledger.schema import NEWEST


def operate(options: argparse.Namespace, settings: Settings) -> int:
    """Does what the command line asks for; returns the exit status."""
    try:
        told: str | Problem
        if options.verb == "backup":
            told = _backup(options, settings)
        elif options.verb == "restore":
            told = _restore(options, settings)
        else:
            told = migrate(settings, options.to or NEWEST, down=options.down)
    except NearsayError as error:
        told = Problem.of(error)
    if isinstance(told, Problem):
        deliver(told, json=False)
        return 1
    Console(highlight=False).print(Text(told))
    return 0


def _backup(options: argparse.Namespace, settings: Settings) -> str:
    with progress_bars(Console(stderr=True, highlight=False)) as progress:
        file = back_up(settings, options.target, overwrite=options.overwrite, progress=progress)
    told = f"{file} has it all: {file.stat().st_size / 1024**2:,.1f} MiB."
    if settings.database:
        told = (
            f"{file} has the inbox and what was sent to the bot ({FOLDER}/). The ledger is in "
            "PostgreSQL: back it up too, with pg_dump --format=custom."
        )
    return f"{told} Keep .env apart from it: it is not in the backup."


def _restore(options: argparse.Namespace, settings: Settings) -> str:
    with progress_bars(Console(stderr=True, highlight=False)) as progress:
        manifest, aside = restore(settings, options.file, force=options.force, progress=progress)
    told = f"{settings.data_dir} is as it was at {manifest.made}."
    if aside is not None:
        told += f" What was there before is in {aside}; delete that when you are content."
    return told
