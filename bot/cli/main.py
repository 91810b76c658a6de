"""The command `nearsay`. Exit status: 0 for an answer, 1 for a problem, 2 for wrong usage, 130 when
stopped."""

import os
import sys
from collections.abc import Sequence

import click

from bot.cli import entries, evaluate, index, maintenance, mcp, removal, slack, talk, token, ways
from bot.cli.common import INTERRUPTED, Commands

PRIVATE_UMASK = 0o077  # files, also those of child processes, are private to their owner


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"max_content_width": 100},
    epilog="Without a command: serve Slack if its tokens are set, else chat in the terminal.",
)
@click.version_option(package_name="nearsay", message="nearsay %(version)s")
@click.pass_context
def nearsay(context: click.Context) -> int | None:
    """What's near this? Ask what terms mean, and find them by meaning."""
    if context.invoked_subcommand is not None:
        return None
    return talk.serve_or_chat()


for command in (
    *(talk.chat, talk.say, index.index, ways.ways, talk.admin, entries.export, entries.draw),
    *(maintenance.backup, maintenance.restore, maintenance.migrate),
    *(removal.purge, removal.person),
    *(slack.serve, slack.manifest, mcp.mcp, token.token, maintenance.doctor, evaluate.bench),
):
    nearsay.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status."""
    os.umask(PRIVATE_UMASK)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        status = nearsay.main(
            arguments, "nearsay", standalone_mode=False, windows_expand_args=False
        )
        return int(status or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return INTERRUPTED
