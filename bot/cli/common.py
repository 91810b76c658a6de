"""Options, error messages, settings and the app, shared by several commands."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from bot.app import App
    from bot.config import Settings
    from bot.replies.base import Problem

Decorator = Callable[[Callable[..., int]], Callable[..., int]]

ANSWERED, PROBLEM, WRONG_USAGE = 0, 1, 2
INTERRUPTED = 130
FILE = click.Path(path_type=Path)  # need not exist
COUNT = click.IntRange(min=1)


class Commands(click.Group):
    """A group that lists its commands in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return list(self.commands)


class CommandError(click.ClickException):
    """A command's error message; the exit status is 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=True)


def json_option(what: str = "the reply as one JSON object") -> Decorator:
    return click.option("--json", "as_json", is_flag=True, help=what)


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Do not search for garbage within the block and at exit. That would take a third of the time
    of a command that answers one line."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        atexit.register(gc.freeze)


@contextmanager
def settings() -> Iterator[Settings]:
    """Load the settings and start logging to a file. A `SettingsError` within the block becomes
    a `CommandError`."""
    from bot.config import Settings, SettingsError
    from bot.ops.logging import log_to_file

    try:
        loaded = Settings.load()
        file = loaded.data_dir / "nearsay.log"
        log_to_file(file, loaded.log_level, loaded.log_format, loaded.secrets)
        yield loaded
    except SettingsError as error:
        raise CommandError(str(error)) from error


def fail(problem: Problem, *, json: bool) -> NoReturn:
    """Print a problem and end the command with exit status 1."""
    from bot.cli.chat import deliver

    deliver(problem, json=json)
    raise click.exceptions.Exit(PROBLEM)


@contextmanager
def installation(*, json: bool = False, brief: bool = False) -> Iterator[App]:
    """Yield the app built from the settings. With `brief`, the store is prepared for a single
    question. A `NearsayError` within the block is printed and ends the command."""
    from bot.app import App
    from bot.replies.base import Problem
    from index.errors import NearsayError

    with settings() as loaded:
        app = App(loaded, brief=brief)
        try:
            yield app
        except NearsayError as error:
            fail(replace(Problem.of(error), model=app.embedder.name), json=json)
        finally:
            app.store.deregister()  # other processes take over without waiting for a timeout
