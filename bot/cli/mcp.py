"""`nearsay mcp`: serve agents over standard input and output, or over HTTP."""

import threading
from contextlib import suppress

import click

from bot.cli.common import ANSWERED, CommandError, installation


@click.command()
@click.option("--http", is_flag=True, help="over HTTP, at /mcp on NEARSAY_HOST and NEARSAY_PORT")
def mcp(*, http: bool) -> int:
    """Serve agents and editors (Model Context Protocol), over standard input and output."""
    return _serve_http() if http else _serve_streams()


def _serve_streams() -> int:
    import anyio

    from bot.cli.console import to_text
    from bot.cli.ensure_index import ensure_index
    from bot.mcp.standard_streams import serve_streams
    from bot.mcp.tool_server import ToolServer

    with installation() as app, app.assistant() as assistant:
        ensure_index(app, json=False)

        def warm_up() -> None:
            with suppress(Exception):  # the first call reports the error
                assistant.warm_up()

        threading.Thread(target=warm_up, daemon=True).start()
        anyio.run(serve_streams, ToolServer(assistant, to_text))
    return ANSWERED


def _serve_http() -> int:
    from bot.cli.agents import web_applications
    from bot.cli.ensure_index import ensure_index
    from bot.file_modes import make_private
    from bot.mcp.web_service import serve_agents
    from bot.ops.logging import log_to_stderr

    with installation() as app, app.assistant() as assistant:
        given = app.settings
        with web_applications(app, assistant) as applications:
            if not applications:
                raise CommandError(
                    "Nobody could ask: there is no token. Create one: "
                    "nearsay token create --name NAME --role ROLE"
                )
            ensure_index(app, json=False)
            log_to_stderr(given.log_level, given.log_format, given.secrets)
            make_private(given.data_dir)
            serve_agents(given, assistant, applications)
    return ANSWERED
