"""`nearsay mcp`: serve agents over standard input and output."""

import threading
from contextlib import suppress

import click

from bot.cli.common import ANSWERED, installation


@click.command()
def mcp() -> int:
    """Serve agents and editors over standard input and output (Model Context Protocol)."""
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
