"""`nearsay chat`, `say` and `admin`: answer lines and admin commands in the terminal."""

import click

from bot.cli import slack
from bot.cli.common import (
    ANSWERED,
    PROBLEM,
    WRONG_USAGE,
    installation,
    json_option,
    no_garbage_collection,
    settings,
)


@click.command()
@json_option("one JSON object per reply")
def chat(as_json: bool) -> int:
    """Chat in the terminal, or answer lines from standard input."""
    return _talk(as_json=as_json)


def serve_or_chat() -> int:
    """Serve Slack if its tokens are set, else chat in the terminal."""
    with settings() as loaded:
        connects = loaded.connects_to_slack
    return slack.run(None) if connects else _talk(as_json=False)


def _talk(*, as_json: bool) -> int:
    from bot.cli.ensure_index import ensure_index
    from bot.cli.session import Session

    with installation(json=as_json) as app, app.assistant() as assistant:
        ensure_index(app, json=as_json)
        connected = app.settings.connects_to_slack
        hint = "" if connected else 'To connect Slack, set its tokens in .env (README, "In Slack").'
        session = Session(assistant)
        return ANSWERED if session.chat(hint, json=as_json) else PROBLEM


# All options but --help and --json are part of the line.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("line", nargs=-1, required=True, help='such as "/near TEXT"')
@json_option()
@no_garbage_collection()
def say(line: tuple[str, ...], as_json: bool) -> int:
    """Answer one line."""
    from bot.cli.chat import deliver
    from bot.cli.ensure_index import ensure_index
    from bot.cli.images import terminal_pictures
    from bot.cli.session import Session
    from bot.commands.parser import parse

    with installation(json=as_json, brief=True) as app, app.assistant() as assistant:
        ensure_index(app, json=as_json)
        assistant.question_log.delete_old()
        reply = Session(assistant).answer(parse(" ".join(line)))
        shown = deliver(reply, json=as_json, pictures=terminal_pictures())
    return ANSWERED if shown else _failure(reply)


# All other options, including --help, are part of the admin command's line.
@click.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("line", nargs=-1, metavar="SUBCOMMAND", help='such as "status" or "reindex"')
@json_option()
@click.option(
    "--file", metavar="PATH", help="for add and edit: the page to save, or - for standard input"
)
def admin(line: tuple[str, ...], as_json: bool, file: str | None) -> int:
    """Run an admin command: index, entries, suggestions."""
    from bot.cli.chat import deliver
    from bot.cli.session import Session

    with installation(json=as_json) as app, app.assistant() as assistant:
        reply = Session(assistant).administer(" ".join(line), file)
        shown = deliver(reply, json=as_json)
    return ANSWERED if shown else _failure(reply)


def _failure(reply: object) -> int:
    """Return the exit status for a problem. A wrong line is wrong usage, as on any command line."""
    from bot.replies.base import Problem

    wrong = isinstance(reply, Problem) and reply.code in ("unknown_command", "usage", "empty")
    return WRONG_USAGE if wrong else PROBLEM
