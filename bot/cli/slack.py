"""`nearsay serve` and `nearsay manifest`."""

from __future__ import annotations

import json
from typing import Literal

import click

from bot.cli.common import ANSWERED, PROBLEM, Complaint, installation, settings

Mode = Literal["socket", "http"]
MODES = click.Choice(("socket", "http"))


@click.command()
@click.option(
    "--mode",
    type=MODES,
    help="how Slack is reached (default: by a socket where SLACK_APP_TOKEN is set)",
)
def serve(mode: Mode | None) -> int:
    """Serve Slack until told to stop."""
    return run(mode)


def run(mode: Mode | None) -> int:
    """Serve until told to stop, by the way that fits the tokens where no `mode` is given."""
    from bot.ops.logging import log_to_stderr
    from bot.permissions import make_private
    from bot.slack.bolt_app import ServiceError
    from bot.slack.service import serve as serve_slack

    with installation() as app, app.desk() as desk:
        if not app.bring_up_to_date(json=False, serving=True):
            return PROBLEM
        given = app.settings
        log_to_stderr(given.log_level, given.log_format, given.secrets)
        make_private(given.data_dir)
        try:
            serve_slack(given, desk, app.administration, mode or given.slack_mode)
        except ServiceError as error:
            raise Complaint(str(error)) from error
    return ANSWERED


@click.command()
@click.option("--mode", type=MODES, help="default: socket")
@click.option("--url", help="where Slack posts to over HTTP, …/slack/events")
def manifest(mode: Mode | None, url: str | None) -> int:
    """Print the app manifest to create the Slack app."""
    from bot.slack.manifest import manifest as manifest_of

    mode = mode or ("http" if url else "socket")
    with settings() as given:
        if mode == "http" and not url:
            raise Complaint(
                "Over HTTP Slack needs an address: --url https://your.host/slack/events"
            )
        prefix, admins = given.command_prefix, given.workspace_admins
        described = manifest_of(prefix, mode, url, workspace_admins=admins)
    click.echo(json.dumps(described, indent=2, ensure_ascii=False))
    return ANSWERED
