"""`nearsay serve` and `nearsay manifest`: serve Slack, and print the app manifest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from bot.cli.common import ANSWERED, CommandError, installation, settings

if TYPE_CHECKING:
    from bot.setting_values import Mode

MODES = click.Choice(("socket", "http"))


@click.command()
@click.option(
    "--mode",
    type=MODES,
    help="the connection to Slack (default: socket if SLACK_APP_TOKEN is set)",
)
def serve(mode: Mode | None) -> int:
    """Serve Slack until interrupted."""
    return run(mode)


def run(mode: Mode | None) -> int:
    """Serve Slack until interrupted. `mode` defaults to `Settings.slack_mode`."""
    from bot.cli.agents import web_applications
    from bot.cli.ensure_index import ensure_index
    from bot.file_modes import make_private
    from bot.ops.logging import log_to_stderr

    with installation() as app, app.assistant(app.settings.command_prefix) as assistant:
        given = app.settings
        second = "SLACK_SIGNING_SECRET" if mode == "http" else "SLACK_APP_TOKEN"
        connects = given.slack_app_token or given.slack_signing_secret
        tokens = {"SLACK_BOT_TOKEN": given.slack_bot_token, second: connects}
        if missing := " and ".join(name for name, token in tokens.items() if token is None):
            raise CommandError(f'To serve Slack, set {missing} in .env (README, "In Slack").')
        ensure_index(app, json=False, serving=True)
        log_to_stderr(given.log_level, given.log_format, given.secrets)
        make_private(given.data_dir)
        with web_applications(app, assistant) as others:
            app.serve(assistant, mode, others)
    return ANSWERED


@click.command()
@click.option("--mode", type=MODES, help="default: socket")
@click.option("--url", help="the public URL for HTTP mode, …/slack/events")
@click.option("--link", is_flag=True, help="print a link to Slack's page, filled in with it")
def manifest(mode: Mode | None, url: str | None, link: bool) -> int:
    """Print the app manifest to create the Slack app."""
    from bot.app import slack_app_link, slack_manifest

    mode = mode or ("http" if url else "socket")
    with settings() as given:
        if mode == "http" and urlsplit(url or "").scheme != "https":
            raise CommandError(
                "HTTP mode needs the public https:// URL of the bot: "
                "--url https://your.host/slack/events"
            )
        described = slack_manifest(given, mode, url)
    shown = json.dumps(described, indent=2, ensure_ascii=False)
    click.echo(slack_app_link(described) if link else shown)
    return ANSWERED
